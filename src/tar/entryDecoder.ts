import type { Piece } from '../bytes/piece.js';
import type { TarEntry, TarFormat } from '../model/tarEntry.js';
import { type DecodedHeader, decodeHeader, isZeroRecord } from './decodeHeader.js';
import { RECORD_SIZE, roundUpRecord } from './entryHeader.js';
import { EXTENSION_MAX, ExtendedHeaders, isExtension } from './extendedHeaders.js';
import { TarFault } from './fault.js';
import { WITHOUT_CONTENT } from './kinds.js';
import { SPARSE_EXTENDED_AGAIN } from './layout.js';

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
  readonly #extensions = new ExtendedHeaders();

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
        this.#extensions.take(this.#extension.typeflag, piece.bytes.subarray(from, to), this.#extension.size, at);
        return 'more';
      case 'sparse map':
        if (piece.bytes[from + SPARSE_EXTENDED_AGAIN.at] !== 0) return 'more';
        this.#state = 'header';
        return this.#complete({ ...(this.#sparse as TarEntry), contentOffset: this.#offset });
      default:
        return this.#takeHeader(piece, from, at);
    }
  }

  /**
   * Takes the header of a plain entry, from index `from` of a piece on: it has no other, and its content is in the piece, too.
   * Null for anything else, of which nothing has been taken then: `accept` is for that.
   *
   * @throws TarFault as `accept` does
   */
  acceptPlain(piece: Piece, from: number): TarEntry | null {
    if (!this.#isBetween || this.#extensions.isAny) return null;
    const { bytes } = piece;
    const contentAt = from + RECORD_SIZE;
    if (contentAt > bytes.length || isZeroRecord(bytes, from)) return null;
    const header = decodeHeader(piece, from, this.#offset);
    if (contentAt + roundUpRecord(header.size) > bytes.length) return null;
    if (isExtension(header.typeflag) || header.isSparseExtended) return null;
    return this.#complete(this.#entryOf(header, header.format, this.#offset, this.#offset + RECORD_SIZE));
  }

  /**
   * Goes past members of which it is known that they are plain (`PlainMembers`), contents and all.
   *
   * @param size bytes that they take
   * @returns whether such may begin where it is, of which their headers tell all; if not, nothing has been passed
   */
  passMembers(size: number): boolean {
    if (!this.#isBetween || !this.#extensions.isIdle) return false;
    this.#offset += size;
    this.#first = this.#offset;
    return true;
  }

  /** Whether an entry header may come next, or an extended one. */
  get #isBetween(): boolean {
    return this.#state === 'header' && this.#zeroRecordAt === null;
  }

  #takeHeader(piece: Piece, from: number, at: number): Decoded {
    if (isZeroRecord(piece.bytes, from)) return this.#takeZeros(at);
    if (this.#zeroRecordAt !== null) {
      throw new TarFault(this.#zeroRecordAt, 'a lone record of zeros, where two end an archive');
    }
    const header = decodeHeader(piece, from, at);
    if (isExtension(header.typeflag)) return this.#expectExtension(header, at);
    const stated = this.#extensions.extended(header, at, this.#first);
    const entry = this.#entryOf(stated, this.#extensions.isPax ? 'pax' : header.format, at, this.#offset);
    if (!header.isSparseExtended) return this.#complete(entry);
    this.#sparse = entry;
    this.#state = 'sparse map';
    return 'more';
  }

  #takeZeros(at: number): Decoded {
    if (this.#extensions.isWaiting) {
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
    this.#extensions.requireFirst(typeflag, at);
    if (size === 0) {
      this.#extensions.take(typeflag, Buffer.alloc(0), 0, at);
      return 'more';
    }
    this.#extension = { typeflag, size };
    this.#state = 'extension';
    this.wanted = roundUpRecord(size);
    return 'more';
  }

  /**
   * @param stated by an entry header together with the extended headers before it
   * @param at offset of the entry header
   */
  #entryOf(stated: DecodedHeader, format: TarFormat, at: number, contentOffset: number): TarEntry {
    const { name, size } = stated;
    const typeflag = '07'.includes(stated.typeflag) && name.endsWith('/') ? '5' : stated.typeflag;
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
      format,
      offset: this.#first,
      contentOffset,
    };
  }

  /** The entry is whole: its content comes next, and behind it another. */
  #complete(entry: TarEntry): TarEntry {
    const end = entry.contentOffset + roundUpRecord(entry.size);
    if (!Number.isSafeInteger(end)) throw new TarFault(entry.offset, `an entry of ${entry.size} bytes`);
    this.#offset = end;
    this.#first = end;
    this.#extensions.forget();
    this.#sparse = null;
    return entry;
  }
}

type State = 'header' | 'extension' | 'sparse map';
