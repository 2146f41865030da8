import type { ByteCursor } from '../bytes/byteCursor.js';
import { printable } from '../bytes/bytePath.js';
import type { Piece } from '../bytes/piece.js';
import type { TarEntry } from '../model/tarEntry.js';
import { roundUpRecord } from './entryHeader.js';
import { badTar, TarFault } from './fault.js';

/** Views of the bytes that were given, in pieces as they came; once only. */
export interface MemberContent extends AsyncIterable<Uint8Array> {
  /** All of it, where it is there in one piece, as most are; null where it has to be waited for. */
  ready(): Uint8Array | null;
}

/** Content that is there, and stays there as long as its piece. */
export class ContentThere implements MemberContent {
  readonly #piece: Piece;
  readonly #at: number;
  /** Bytes that nobody has read. */
  #left: number;

  constructor(piece: Piece, at: number, size: number) {
    this.#piece = piece;
    this.#at = at;
    this.#left = size;
  }

  ready(): Uint8Array {
    const content = this.#piece.bytes.subarray(this.#at, this.#at + this.#left);
    this.#left = 0;
    return content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#left > 0) yield this.ready();
  }
}

/** Content that goes on in pieces that have to be waited for. */
export class ContentToCome implements MemberContent {
  readonly #entry: TarEntry;
  readonly #cursor: ByteCursor;
  readonly #archiveName: string;
  readonly #padding: number;
  /** Bytes that nobody has read. */
  #left: number;

  constructor(entry: TarEntry, cursor: ByteCursor, archiveName: string) {
    this.#entry = entry;
    this.#cursor = cursor;
    this.#archiveName = archiveName;
    this.#padding = roundUpRecord(entry.size) - entry.size;
    this.#left = entry.size;
  }

  ready(): Uint8Array | null {
    const content = this.#cursor.ready(this.#left);
    if (content !== null) this.#left = 0;
    return content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    while (this.#left > 0) {
      const part = await this.#cursor.some(this.#left);
      // Whoever reads the content is told here, and not by the reader of entries.
      if (part === null) throw badTar(this.#archiveName, this.#cutShort());
      this.#left -= part.length;
      yield part;
    }
  }

  /** Passes over what was not read, and the padding. */
  async skip(): Promise<void> {
    const left = this.#left + this.#padding;
    this.#left = 0;
    if (!(await this.#cursor.skip(left))) throw this.#cutShort();
  }

  #cutShort(): TarFault {
    const { contentOffset, size, name } = this.#entry;
    return new TarFault(contentOffset, `it ends inside the ${size} bytes of "${printable(name)}"`);
  }
}
