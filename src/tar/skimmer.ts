import type { Excerpt, Gap } from '../bytes/excerpt.js';
import { isZeroRecord } from './decodeHeader.js';
import { RECORD_SIZE, roundUpRecord } from './entryHeader.js';
import { EXTENSION_MAX, isExtension } from './extendedHeaders.js';
import { MAGIC, SIZE, TYPEFLAG } from './layout.js';
import { parseNumber } from './numbers.js';
import { PIXZ_MAGIC } from './pixzIndex.js';
import type { PlainMembers, Run } from './plainMembers.js';

/** Bytes of room at first; it grows to the most that is kept of what is given between two calls of `take`. */
const FIRST_ROOM = 2 ** 16;
/**
 * Records before a part's first header that are kept whatever they are: an extended header of so many may have begun in the
 * part before. The first header is kept as well, plain or not, for it may be the one that is extended. It is looked for at
 * whole records from the part's start: where parts are cut elsewhere, the whole tar is needed.
 */
const LEAD = 8;
/** What the magic of GNU's and POSIX's headers begins with. */
const USTAR = Buffer.from('ustar', 'latin1');

/**
 * Skims a part of a tar, say a Block's content: counts plain members, keeps the headers of others, whatever belongs to them
 * and how the tar ends, and leaves all else out.
 *
 * It is told nothing of what comes before the part, which may begin inside a content, and refuses nothing: what it takes for
 * the first header is a guess. Whoever reads what it keeps is the judge, as of a whole tar, and may find that something is
 * missing: see `countEntries`. Where it finds what it does not know, it keeps all from there on.
 */
export class TarSkimmer {
  readonly #plain: PlainMembers | null;
  #room = Buffer.alloc(FIRST_ROOM);
  /** Bytes in the room; those up to `#whole` are whole records and extended headers. */
  #kept = 0;
  #whole = 0;
  #gaps: Writable<Gap>[] = [];
  /** Bytes given since the last `take`, as far as they are whole or left out. */
  #length = 0;
  /** Bytes to come that are left out. */
  #passed = 0;
  /** Bytes to come of what is kept next, if it is. */
  #wanted = RECORD_SIZE;
  #next: Next = 'first header';
  #lead = LEAD;

  /** @param plain for the memory in which the bytes lie; null keeps every header */
  constructor(plain: PlainMembers | null) {
    this.#plain = plain;
  }

  /** Takes the bytes that come next. */
  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#passed > 0) at += this.#passBy(piece.length - at);
      else if (this.#kept > this.#whole || !this.#skipAt(piece, at)) at += this.#keep(piece, at);
    }
  }

  /**
   * What has been kept since it was asked for last.
   *
   * @param isLast whether nothing comes behind it; otherwise a header of which a part is still to come stays
   */
  take(isLast: boolean): Excerpt {
    const to = isLast ? this.#kept : this.#whole;
    const length = this.#length + to - this.#whole;
    const excerpt = { length, bytes: new Uint8Array(this.#room.subarray(0, to)), gaps: this.#gaps };
    this.#room.copyWithin(0, to, this.#kept);
    this.#kept -= to;
    this.#whole = 0;
    this.#gaps = [];
    this.#length = 0;
    return excerpt;
  }

  /** Where something begins: whether there is anything of which nothing has to be kept. */
  #skipAt(piece: Uint8Array, at: number): boolean {
    if (this.#plain === null) return false;
    if (this.#next === 'header') this.#passRun(this.#plain.runAt(piece, at));
    else if (this.#next === 'first header' && this.#lead === 0) this.#passed = this.#plain.othersAt(piece, at);
    return this.#passed > 0;
  }

  #passRun({ members, size }: Run): void {
    this.#passed = size;
    if (members === 0) return;
    const last = this.#gaps.at(-1);
    if (last?.at === this.#whole && last.members > 0) {
      last.members += members;
      last.size += size;
    } else this.#gaps.push({ at: this.#whole, length: 0, members, size });
  }

  /** @param there how many bytes are there @returns how many it went past */
  #passBy(there: number): number {
    const size = Math.min(this.#passed, there);
    this.#passed -= size;
    this.#leaveOut(size);
    return size;
  }

  /** Keeps bytes that belong together, or those of them that are there. @returns how many */
  #keep(piece: Uint8Array, from: number): number {
    const size = Math.min(this.#wanted, piece.length - from);
    const needed = this.#kept + size;
    if (needed > this.#room.length) this.#makeRoom(needed);
    this.#room.set(piece.subarray(from, from + size), this.#kept);
    this.#kept = needed;
    this.#wanted -= size;
    if (this.#wanted === 0 || this.#next === 'rest') this.#complete();
    return size;
  }

  /** What was kept last is whole. */
  #complete(): void {
    const at = this.#whole;
    this.#whole = this.#kept;
    this.#length += this.#whole - at;
    if (this.#next === 'rest') return;
    this.#wanted = RECORD_SIZE;
    this.#next = this.#next === 'extension' ? 'extended header' : this.#behind(at);
    if (this.#next === 'rest') this.#wanted = Number.POSITIVE_INFINITY;
  }

  /** What comes behind the record at index `at` of the room, which is the last there. */
  #behind(at: number): Next {
    if (isZeroRecord(this.#room, at)) return AFTER_ZEROS[this.#next];
    if (this.#has(USTAR, at + MAGIC.at)) return this.#behindHeader(at);
    if (this.#next !== 'first header') return 'rest';
    // pixz puts its index, which lies behind the tar's end, into a Block of its own.
    if (this.#lead === LEAD && this.#has(PIXZ_MAGIC, at)) return 'rest';
    if (this.#lead > 0) this.#lead--;
    else this.#dropLast();
    return 'first header';
  }

  #has(bytes: Uint8Array, at: number): boolean {
    return this.#room.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;
  }

  #behindHeader(at: number): Next {
    const size = parseNumber(this.#room, at, SIZE);
    const typeflag = String.fromCharCode(this.#room[at + TYPEFLAG.at] as number);
    const isKnown = Number.isSafeInteger(size) && size >= 0 && typeflag !== 'S';
    if (!isKnown) return 'rest';
    if (!isExtension(typeflag)) {
      this.#passed = roundUpRecord(size);
      return 'header';
    }
    if (size > EXTENSION_MAX) return 'rest';
    if (size === 0) return 'extended header';
    this.#wanted = roundUpRecord(size);
    return 'extension';
  }

  #dropLast(): void {
    this.#kept -= RECORD_SIZE;
    this.#whole = this.#kept;
    this.#length -= RECORD_SIZE;
    this.#leaveOut(RECORD_SIZE);
  }

  #leaveOut(size: number): void {
    const last = this.#gaps.at(-1);
    if (last?.at === this.#whole) last.length += size;
    else this.#gaps.push({ at: this.#whole, length: size, members: 0, size: 0 });
    this.#length += size;
  }

  #makeRoom(needed: number): void {
    const room = Buffer.alloc(2 * needed);
    room.set(this.#room.subarray(0, this.#kept));
    this.#room = room;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What comes next. The first header is looked for, another one is where it has to be, and one behind an extended header is
 * kept even if it would be plain without.
 */
type Next = 'first header' | 'header' | 'extended header' | 'second zeros' | 'extension' | 'rest';

/** What comes behind a record of zeros: contents have such, too. */
const AFTER_ZEROS: Readonly<Record<Next, Next>> = {
  'first header': 'first header',
  header: 'second zeros',
  'extended header': 'rest',
  'second zeros': 'rest',
  extension: 'rest',
  rest: 'rest',
};
