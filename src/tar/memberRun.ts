import type { Piece } from '../bytes/piece.js';
import type { TarEntry } from '../model/tarEntry.js';
import { readFields } from './decodeHeader.js';
import { RECORD_SIZE, roundUpRecord } from './entryHeader.js';
import { entryOf } from './entryOf.js';
import { plainSize } from './plainHeader.js';

/** An entry with its content, which has to be read, if at all, before more is asked for. */
export interface TarMember {
  readonly entry: TarEntry;
  readonly content: MemberContent;
}

/** Views of the bytes that were given, in pieces as they came; once only. */
export interface MemberContent extends AsyncIterable<Uint8Array> {
  /** All of it, where it is there in one piece, as most are; null where it has to be waited for. */
  ready(): Uint8Array | null;
}

/** Members that follow one another: to count them costs less than to know them. */
export interface Run {
  readonly length: number;
  members(): readonly TarMember[];
}

/** Members that lie in one piece. What is plain is decoded when somebody wants to know it. */
export class MemberRun implements Run {
  readonly #piece: Piece;
  readonly #base: number;
  /** Of a plain one, the index of its header. */
  readonly #members: (number | TarEntry)[] = [];

  /** @param base index in the piece of the tar's first byte */
  constructor(piece: Piece, base: number) {
    this.#piece = piece;
    this.#base = base;
  }

  get length(): number {
    return this.#members.length;
  }

  /** Adds the plain members from index `at` on that lie in the piece whole. @returns the index behind them */
  addPlain(at: number): number {
    const piece = this.#piece;
    const { length } = piece.bytes;
    let next = at;
    while (next + RECORD_SIZE <= length) {
      const size = plainSize(piece, next);
      if (size < 0) break;
      const end = next + RECORD_SIZE + roundUpRecord(size);
      if (end > length) break;
      this.#members.push(next);
      next = end;
    }
    return next;
  }

  /** Adds a member that lies in the piece whole. */
  add(entry: TarEntry): void {
    this.#members.push(entry);
  }

  members(): TarMember[] {
    const piece = this.#piece;
    return this.#members.map(member => {
      const entry = typeof member === 'number' ? this.#plain(member) : member;
      return { entry, content: new ContentThere(piece, this.#base + entry.contentOffset, entry.size) };
    });
  }

  #plain(at: number): TarEntry {
    const offset = at - this.#base;
    const header = readFields(this.#piece, at, offset);
    return entryOf(header, header.format, offset, offset + RECORD_SIZE);
  }
}

/** Content that is there, and stays there as long as its piece. */
class ContentThere implements MemberContent {
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
