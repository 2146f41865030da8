import { type BytePath, fromLatin1 } from '../bytes/bytePath.js';
import type { Piece } from '../bytes/piece.js';
import type { TarEntry, TarFormat } from '../model/tarEntry.js';
import { type DecodedHeader, decodeHeader, isZeroRecord } from './decodeHeader.js';
import { RECORD_SIZE, roundUpRecord } from './entryHeader.js';
import { TarFault } from './fault.js';
import { SPARSE_EXTENDED_AGAIN } from './layout.js';
import { type PaxRecords, paxNumber, paxTime, readPaxRecords } from './paxRecords.js';

/** What long names and pax headers may take at most, in bytes: no path is longer, and it is held in memory. */
const EXTENSION_MAX = 2 ** 20;
/** Typeflags that have no content, whatever their size field says: programs disagree on what a size means there. */
const WITHOUT_CONTENT = '123456';
/** What a global pax header may state. What else stands there is either of no use to us or holds for one entry only. */
const GLOBAL_KEYWORDS = ['mtime', 'uid', 'gid', 'uname', 'gname'];
const ENTRY_KEYWORDS = ['path', 'linkpath', 'size'];

/** What the bytes that an `EntryDecoder` was given turned out to be. */
export type Decoded = TarEntry | 'more' | 'end';

/**
 * Reads the headers of a tar, in any of its formats: GNU (`L`, `K`), old GNU, POSIX with pax headers (`x`, `g`, and
 * `X` of Solaris), V7. It is given `wanted` bytes at a time; when they complete an entry, the entry's content comes next
 * in the tar, padded to whole records, and the bytes to give are those behind it.
 *
 * Typeflags: `0` to `6` are as POSIX has them. `7` (contiguous) is kept and means a regular file; one of either whose name
 * ends with a slash is a directory, as in V7, and reads as `5`. `D` (GNU's incremental backups) is a directory whose content
 * is a list of names. A sparse file reads as `S` in all of GNU tar's four forms; its content is what is stored, not the file.
 * `V` (a label), `M` (the rest of a file from an earlier volume) and all others are kept as they are, with their content.
 *
 * What programs are known to read differently is a fault: a link, directory or device that states a content, a lone record
 * of zeros, a path for all entries, a long name without an end, two names or two pax headers for one entry.
 */
export class EntryDecoder {
  /** Bytes to give next; at most 1 MiB and a record. */
  wanted = RECORD_SIZE;
  #offset: number;
  #first: number;
  #state: State = 'header';
  #extension: { readonly typeflag: string; readonly size: number } = { typeflag: '', size: 0 };
  #sparse: TarEntry | null = null;
  #zeroRecordAt: number | null = null;
  #longName: BytePath | null = null;
  #longLink: BytePath | null = null;
  readonly #pax: PaxRecords = new Map();
  readonly #globalPax: PaxRecords = new Map();
  #isPax = false;
  /** Whether the entry to come has a pax header of its own. */
  #hasPax = false;

  /** @param offset where in the tar the first bytes lie: at its start, or at any entry's first header */
  constructor(offset: number) {
    this.#offset = offset;
    this.#first = offset;
  }

  /** Offset in the tar of the bytes wanted. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Takes `wanted` bytes of a piece, from index `from` on.
   *
   * @throws TarFault when they are not what has to be there
   */
  accept(piece: Piece, from: number): Decoded {
    const at = this.#offset;
    const to = from + this.wanted;
    this.#offset += this.wanted;
    this.wanted = RECORD_SIZE;
    switch (this.#state) {
      case 'extension':
        this.#state = 'header';
        this.#takePadded(piece.bytes.subarray(from, to), at);
        return 'more';
      case 'sparse map':
        if (piece.bytes[from + SPARSE_EXTENDED_AGAIN.at] !== 0) return 'more';
        this.#state = 'header';
        return this.#complete({ ...(this.#sparse as TarEntry), contentOffset: this.#offset });
      default:
        return this.#takeHeader(piece, from, at);
    }
  }

  #takeHeader(piece: Piece, from: number, at: number): Decoded {
    if (isZeroRecord(piece.bytes, from)) return this.#takeZeros(at);
    if (this.#zeroRecordAt !== null) {
      throw new TarFault(this.#zeroRecordAt, 'a lone record of zeros, where two end an archive');
    }
    const header = decodeHeader(piece, from, at);
    if ('LKxXg'.includes(header.typeflag)) return this.#expectExtension(header, at);
    const entry = this.#entryOf(header, at);
    if (!header.isSparseExtended) return this.#complete(entry);
    this.#sparse = entry;
    this.#state = 'sparse map';
    return 'more';
  }

  #takeZeros(at: number): Decoded {
    if (this.#longName !== null || this.#longLink !== null || this.#pax.size > 0) {
      throw new TarFault(at, 'the archive ends between the headers of an entry');
    }
    if (this.#zeroRecordAt !== null) return 'end';
    this.#zeroRecordAt = at;
    return 'more';
  }

  #expectExtension(header: DecodedHeader, at: number): Decoded {
    const { typeflag, size } = header;
    if (size > EXTENSION_MAX) {
      throw new TarFault(at, `an extended header of ${size} bytes, of which ${EXTENSION_MAX} are read at most`);
    }
    this.#requireFirst(typeflag, at);
    this.#extension = { typeflag, size };
    if (size === 0) {
      this.#takeExtension(Buffer.alloc(0), at);
      return 'more';
    }
    this.#state = 'extension';
    this.wanted = roundUpRecord(size);
    return 'more';
  }

  /** Of two of a kind some programs take the first, some the last, and some both. */
  #requireFirst(typeflag: string, at: number): void {
    const isSecond =
      (typeflag === 'L' && this.#longName !== null) ||
      (typeflag === 'K' && this.#longLink !== null) ||
      ('xX'.includes(typeflag) && this.#hasPax);
    if (isSecond) throw new TarFault(at, `an entry has two headers of type "${typeflag}" before it`);
    if ('xX'.includes(typeflag)) this.#hasPax = true;
  }

  /** So they do of a long name and a path in a pax header. */
  #requireOneName(at: number): void {
    if (this.#longName !== null && this.#pax.has('path')) throw new TarFault(at, 'an entry has two long names');
    if (this.#longLink !== null && this.#pax.has('linkpath')) throw new TarFault(at, 'an entry has two long targets');
  }

  /** A name without a NUL goes on in the padding to some programs, and ends with the size to others. */
  #takePadded(padded: Buffer, at: number): void {
    const { typeflag, size } = this.#extension;
    if ('LK'.includes(typeflag) && padded[size - 1] !== 0 && (padded[size] ?? 0) !== 0) {
      throw new TarFault(at, 'a long name has no NUL at its end, and other bytes behind it');
    }
    this.#takeExtension(padded.subarray(0, size), at);
  }

  #takeExtension(content: Buffer, at: number): void {
    const { typeflag } = this.#extension;
    if (typeflag === 'L') this.#longName = longPath(content);
    else if (typeflag === 'K') this.#longLink = longPath(content);
    else {
      this.#isPax = true;
      const records = readPaxRecords(content, at);
      if (typeflag === 'g') this.#takeGlobal(records, at);
      else for (const [keyword, value] of records) this.#pax.set(keyword, value);
    }
  }

  #takeGlobal(records: PaxRecords, at: number): void {
    for (const [keyword, value] of records) {
      if (ENTRY_KEYWORDS.includes(keyword) || keyword.startsWith('GNU.sparse.')) {
        throw new TarFault(at, `a global pax header states ${keyword}, which is one entry's`);
      }
      if (GLOBAL_KEYWORDS.includes(keyword)) this.#globalPax.set(keyword, value);
    }
  }

  /** An entry header together with the extended headers before it. */
  #entryOf(header: DecodedHeader, at: number): TarEntry {
    this.#requireOneName(at);
    const stated = this.#isExtended() ? this.#extended(header) : header;
    const { name, size } = stated;
    const typeflag = '07'.includes(stated.typeflag) && name.endsWith('/') ? '5' : stated.typeflag;
    if (size < 0) throw new TarFault(at, `an entry of ${size} bytes`);
    if (size > 0 && WITHOUT_CONTENT.includes(typeflag)) {
      throw new TarFault(at, `an entry of type "${typeflag}" states ${size} bytes of content, which it cannot have`);
    }
    return {
      name,
      typeflag,
      mode: stated.mode,
      uid: stated.uid,
      gid: stated.gid,
      uname: stated.uname,
      gname: stated.gname,
      size,
      mtime: stated.mtime,
      linkname: stated.linkname,
      devmajor: stated.devmajor,
      devminor: stated.devminor,
      format: this.#isPax ? 'pax' : (header.format satisfies TarFormat),
      offset: this.#first,
      contentOffset: this.#offset,
    };
  }

  /** Most entries are not. */
  #isExtended(): boolean {
    return this.#longName !== null || this.#longLink !== null || this.#pax.size > 0 || this.#globalPax.size > 0;
  }

  /** With what extended headers state in place of its own. An empty pax value leaves the entry header's. */
  #extended(header: DecodedHeader): DecodedHeader {
    const pax = (keyword: string): BytePath | undefined => {
      const value = this.#pax.get(keyword) ?? this.#globalPax.get(keyword);
      return value === '' ? undefined : value;
    };
    const number = (keyword: string, otherwise: number, read = paxNumber): number => {
      const value = pax(keyword);
      return value === undefined ? otherwise : read(keyword, value, this.#first);
    };
    const isSparse = [...this.#pax.keys()].some(keyword => keyword.startsWith('GNU.sparse.'));
    return {
      ...header,
      name: pax('GNU.sparse.name') ?? pax('path') ?? this.#longName ?? header.name,
      typeflag: isSparse ? 'S' : header.typeflag,
      uid: number('uid', header.uid),
      gid: number('gid', header.gid),
      uname: pax('uname') ?? header.uname,
      gname: pax('gname') ?? header.gname,
      size: number('size', header.size),
      mtime: number('mtime', header.mtime, paxTime),
      linkname: pax('linkpath') ?? this.#longLink ?? header.linkname,
    };
  }

  /** The entry is whole: its content comes next, and behind it another. */
  #complete(entry: TarEntry): TarEntry {
    const end = entry.contentOffset + roundUpRecord(entry.size);
    if (!Number.isSafeInteger(end)) throw new TarFault(entry.offset, `an entry of ${entry.size} bytes`);
    this.#offset = end;
    this.#first = end;
    this.#longName = null;
    this.#longLink = null;
    this.#pax.clear();
    this.#hasPax = false;
    this.#sparse = null;
    return entry;
  }
}

type State = 'header' | 'extension' | 'sparse map';

/** The content of an `L` or `K` entry: a path and the NUL that ends it. A NUL before that is the path's own. */
function longPath(content: Buffer): BytePath {
  return fromLatin1(content.toString('latin1').replace(/\0$/, ''));
}
