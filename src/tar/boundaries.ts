import { once } from 'node:events';
import { extract, type Header } from 'tar-stream';
import { type BytePath, fromLatin1, fromUtf8 } from '../bytes/bytePath.js';
import { roundUpRecord } from './entryHeader.js';

/** An entry of an existing tar, by where it lies. */
export interface Boundary {
  readonly name: BytePath;
  /** Bytes from the end of the entry before to the end of this one: headers, content, padding. */
  readonly size: number;
}

/**
 * Finds where the entries of a tar end while its bytes pass by. Feed it with `push`, take what it has found with
 * `take`; `finish` rejects when the tar is cut short.
 */
export class BoundaryFinder {
  readonly #extract = extract({ filenameEncoding: 'latin1', allowUnknownFormat: true } as object);
  readonly #found: Boundary[] = [];
  #end = 0;
  #failure: Error | null = null;

  constructor() {
    this.#extract.on('entry', (header, content, next) => {
      const end = contentOffset(header) + roundUpRecord(header.size ?? 0);
      this.#found.push({ name: nameOf(header), size: end - this.#end });
      this.#end = end;
      content.on('end', next);
      // A tar that ends inside the content fails here as well as in the extract, which is listened to below.
      content.on('error', () => undefined);
      content.resume();
    });
    this.#extract.on('error', error => {
      this.#failure = error;
    });
  }

  /** @throws the reader's error when the bytes are no tar */
  async push(bytes: Uint8Array): Promise<void> {
    // A reader that has failed is closed already: neither event below would come again.
    this.#rethrow();
    if (!this.#extract.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
      const settled = new AbortController();
      const events = ['drain', 'close'].map(name => once(this.#extract, name, { signal: settled.signal }));
      await Promise.race(events).finally(() => settled.abort());
    }
    this.#rethrow();
  }

  async finish(): Promise<void> {
    this.#rethrow();
    const closed = once(this.#extract, 'close').catch(() => undefined);
    this.#extract.end(null);
    await closed;
    this.#rethrow();
  }

  /** The entries found since the last call. */
  take(): Boundary[] {
    return this.#found.splice(0);
  }

  #rethrow(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

/** The name's bytes: pax states names in UTF-8 and tar-stream decodes them as that. */
function nameOf(header: Header): BytePath {
  return Object.hasOwn(header.pax ?? {}, 'path') ? fromUtf8(header.name) : fromLatin1(header.name);
}

/** tar-stream says where an entry's content begins, though its types do not. */
function contentOffset(header: object): number {
  return 'byteOffset' in header && typeof header.byteOffset === 'number' ? header.byteOffset : 0;
}
