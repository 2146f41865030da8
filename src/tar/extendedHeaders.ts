import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import type { DecodedHeader } from './decodeHeader.js';
import { TarFault } from './fault.js';
import { type PaxRecords, paxNumber, paxTime, readPaxRecords } from './paxRecords.js';

/** What a global pax header may state. What else stands there is either of no use to us or holds for one entry only. */
const GLOBAL_KEYWORDS = ['mtime', 'uid', 'gid', 'uname', 'gname'];
const ENTRY_KEYWORDS = ['path', 'linkpath', 'size'];

/** What long names and pax headers may take at most, in bytes: no path is longer, and it is held in memory. */
export const EXTENSION_MAX = 2 ** 20;

/** Whether an entry of this type extends the one behind it, or with `g` all behind it. */
export function isExtension(typeflag: string): boolean {
  return 'LKxXg'.includes(typeflag);
}

/** The extended headers before an entry: GNU's long names (`L`, `K`) and pax headers (`x`, `X` of Solaris, `g`). */
export class ExtendedHeaders {
  #longName: BytePath | null = null;
  #longLink: BytePath | null = null;
  readonly #pax: PaxRecords = new Map();
  readonly #globalPax: PaxRecords = new Map();
  /** Whether the entry to come has a pax header of its own. */
  #hasPax = false;
  #isPax = false;

  /** Whether any has come, in the whole tar, that makes it a pax one. */
  get isPax(): boolean {
    return this.#isPax;
  }

  /** Whether any has come that changes what an entry header states, or may have. */
  get isAny(): boolean {
    return this.#isPax || this.isWaiting;
  }

  /** Whether some wait for their entry. */
  get isWaiting(): boolean {
    return this.#longName !== null || this.#longLink !== null || this.#hasPax;
  }

  /** Whether nothing that has come changes what the next entry header states. */
  get isIdle(): boolean {
    return !this.isWaiting && this.#globalPax.size === 0;
  }

  /**
   * Of two of a kind some programs take the first, some the last, and some both.
   *
   * @throws TarFault where a header of this type has come already
   */
  requireFirst(typeflag: string, at: number): void {
    const isSecond =
      (typeflag === 'L' && this.#longName !== null) ||
      (typeflag === 'K' && this.#longLink !== null) ||
      ('xX'.includes(typeflag) && this.#hasPax);
    if (isSecond) throw new TarFault(at, `an entry has two headers of type "${typeflag}" before it`);
    if ('xX'.includes(typeflag)) this.#hasPax = true;
  }

  /**
   * Takes the content of an entry of one of these types, with its padding. A name without a NUL goes on in that to some
   * programs, and ends with the size to others.
   *
   * @throws TarFault
   */
  take(typeflag: string, padded: Buffer, size: number, at: number): void {
    const content = padded.subarray(0, size);
    if ('LK'.includes(typeflag)) {
      if (padded[size - 1] !== 0 && (padded[size] ?? 0) !== 0) {
        throw new TarFault(at, 'a long name has no NUL at its end, and other bytes behind it');
      }
      if (typeflag === 'L') this.#longName = longPath(content);
      else this.#longLink = longPath(content);
      return;
    }
    this.#isPax = true;
    const records = readPaxRecords(content, at);
    if (typeflag === 'g') this.#takeGlobal(records, at);
    else for (const [keyword, value] of records) this.#pax.set(keyword, value);
  }

  #takeGlobal(records: PaxRecords, at: number): void {
    for (const [keyword, value] of records) {
      if (ENTRY_KEYWORDS.includes(keyword) || keyword.startsWith('GNU.sparse.')) {
        throw new TarFault(at, `a global pax header states ${keyword}, which is one entry's`);
      }
      if (GLOBAL_KEYWORDS.includes(keyword)) this.#globalPax.set(keyword, value);
    }
  }

  /**
   * A header with what these state in place of its own; most have none before them.
   *
   * @param at where it lies in the tar
   * @param first where the first of the entry's headers does
   * @throws TarFault
   */
  extended(header: DecodedHeader, at: number, first: number): DecodedHeader {
    if (this.isIdle) return header;
    this.#requireOneName(at);
    return this.#applied(header, first);
  }

  /** Of a long name and a path in a pax header, too, some programs take the one and some the other. */
  #requireOneName(at: number): void {
    if (this.#longName !== null && this.#pax.has('path')) throw new TarFault(at, 'an entry has two long names');
    if (this.#longLink !== null && this.#pax.has('linkpath')) throw new TarFault(at, 'an entry has two long targets');
  }

  /** An empty pax value leaves the entry header's. */
  #applied(header: DecodedHeader, first: number): DecodedHeader {
    const pax = (keyword: string): BytePath | undefined => {
      const value = this.#pax.get(keyword) ?? this.#globalPax.get(keyword);
      return value === '' ? undefined : value;
    };
    const number = (keyword: string, otherwise: number, read = paxNumber): number => {
      const value = pax(keyword);
      return value === undefined ? otherwise : read(keyword, value, first);
    };
    const isSparse = [...this.#pax.keys()].some(keyword => keyword.startsWith('GNU.sparse.'));
    // In the order of `decodeHeader`: V8 then sees one kind of object.
    return {
      name: pax('GNU.sparse.name') ?? pax('path') ?? this.#longName ?? header.name,
      mode: header.mode,
      uid: number('uid', header.uid),
      gid: number('gid', header.gid),
      size: number('size', header.size),
      mtime: number('mtime', header.mtime, paxTime),
      typeflag: isSparse ? 'S' : header.typeflag,
      linkname: pax('linkpath') ?? this.#longLink ?? header.linkname,
      uname: pax('uname') ?? header.uname,
      gname: pax('gname') ?? header.gname,
      devmajor: header.devmajor,
      devminor: header.devminor,
      format: header.format,
      isSparseExtended: header.isSparseExtended,
    };
  }

  /** The entry has come; what is global holds on. */
  forget(): void {
    this.#longName = null;
    this.#longLink = null;
    this.#hasPax = false;
    // Even an empty one takes a new table to clear.
    if (this.#pax.size > 0) this.#pax.clear();
  }
}

/** The content of an `L` or `K` entry: a path and the NUL that ends it. A NUL before that is the path's own. */
function longPath(content: Buffer): BytePath {
  return fromLatin1(content.toString('latin1').replace(/\0$/, ''));
}
