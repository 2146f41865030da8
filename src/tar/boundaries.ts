import type { BytePath } from '../bytes/bytePath.js';
import { ByteQueue } from '../bytes/byteQueue.js';
import { Piece } from '../bytes/piece.js';
import { AfterEnd } from './afterEnd.js';
import { EntryDecoder } from './entryDecoder.js';
import { TarFault } from './fault.js';

/** An entry of an existing tar, by where it lies. */
export interface Boundary {
  readonly name: BytePath;
  /** Bytes from the end of the entry before to the end of this one: headers, content, padding. */
  readonly size: number;
}

/**
 * Finds where the entries of a tar end while its bytes pass by. Feed it with `push`, take what it has found with
 * `take`; `finish` throws when the tar is cut short.
 */
export class BoundaryFinder {
  readonly #decoder = new EntryDecoder(0);
  readonly #found: Boundary[] = [];
  /** The beginning of the bytes that the decoder wants. */
  readonly #waiting = new ByteQueue();
  /** Bytes given so far. */
  #given = 0;
  #end: AfterEnd | null = null;

  /** @throws TarFault when the bytes are no tar, or go on behind its end */
  push(bytes: Uint8Array): void {
    const start = this.#given;
    this.#given += bytes.length;
    while (this.#end === null) {
      // Where the next byte to look at lies: contents are passed over.
      const at = this.#decoder.offset + this.#waiting.length - start;
      if (at >= bytes.length) return;
      // A copy, since whoever gave the bytes may do with them what they like afterwards.
      this.#waiting.push(new Uint8Array(bytes.subarray(at, at + this.#decoder.wanted - this.#waiting.length)));
      if (this.#waiting.length === this.#decoder.wanted) this.#accept();
    }
    this.#end.push(bytes.subarray(Math.max(0, this.#decoder.offset - start)));
  }

  /** @throws TarFault when the tar is not whole */
  finish(): void {
    if (this.#end === null) {
      throw new TarFault(this.#given, 'it ends early, without the two records of zeros that end a tar');
    }
    this.#end.finish();
  }

  /** Whether the end of the tar went by: no entry follows. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** The entries found since the last call. */
  take(): Boundary[] {
    return this.#found.splice(0);
  }

  #accept(): void {
    const decoded = this.#decoder.accept(new Piece(this.#waiting.take(this.#waiting.length)), 0);
    if (decoded === 'end') this.#end = new AfterEnd(this.#decoder.offset);
    else if (decoded !== 'more') this.#found.push({ name: decoded.name, size: this.#decoder.offset - decoded.offset });
  }
}
