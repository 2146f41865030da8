import { type BytePath, fromLatin1, join } from '../bytes/bytePath.js';
import type { Piece } from '../bytes/piece.js';
import type { TarFormat } from '../model/tarEntry.js';
import { RECORD_SIZE } from './entryHeader.js';
import { TarFault } from './fault.js';
import {
  CHKSUM,
  DEVMAJOR,
  DEVMINOR,
  type Field,
  GID,
  GNAME,
  LINKNAME,
  MAGIC,
  MODE,
  MTIME,
  NAME,
  PREFIX,
  SIZE,
  SPARSE_EXTENDED,
  TYPEFLAG,
  UID,
  UNAME,
} from './layout.js';
import { parseNumber, readCount, readNumber } from './numbers.js';

/** What one entry header states by itself, whatever kind of entry it begins. */
export interface DecodedHeader {
  readonly name: BytePath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow, before padding. */
  readonly size: number;
  readonly mtime: number;
  readonly typeflag: string;
  readonly linkname: BytePath;
  readonly uname: BytePath;
  readonly gname: BytePath;
  readonly devmajor: number;
  readonly devminor: number;
  readonly format: Exclude<TarFormat, 'pax'>;
  /** Whether a sparse map goes on in a record behind it. */
  readonly isSparseExtended: boolean;
}

const ZEROS = Buffer.alloc(RECORD_SIZE);
/** The checksum counts its own field as blanks. */
const BLANKS = 0x20 * CHKSUM.width;
/** setuid, setgid, sticky and nine permission bits; some programs write the file's type above them. */
const MODE_BITS = 0o7777;

/** Whether the record at index `at` is all zeros: two of them end an archive. */
export function isZeroRecord(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0 && bytes.compare(ZEROS, 0, RECORD_SIZE, at, at + RECORD_SIZE) === 0;
}

/**
 * Decodes an entry header of any format.
 *
 * @param piece has its 512 bytes, from index `at` on
 * @param offset where in the tar they lie
 * @throws TarFault when the checksum does not hold or a number is none
 */
export function decodeHeader(piece: Piece, at: number, offset: number): DecodedHeader {
  requireChecksum(piece, at, offset);
  const { bytes } = piece;
  const format = formatOf(bytes, at);
  const name = textOf(bytes, at, NAME);
  const prefix = format === 'ustar' ? textOf(bytes, at, PREFIX) : EMPTY;
  const typeflag = String.fromCharCode(bytes[at + TYPEFLAG.at] as number);
  const isDevice = '34'.includes(typeflag) && format !== 'v7';
  return {
    name: prefix === '' ? name : join(prefix, name),
    mode: readNumber(bytes, at, MODE, offset) & MODE_BITS,
    uid: readNumber(bytes, at, UID, offset),
    gid: readNumber(bytes, at, GID, offset),
    size: readCount(bytes, at, SIZE, offset),
    mtime: readNumber(bytes, at, MTIME, offset),
    typeflag: typeflag === '\0' ? '0' : typeflag,
    linkname: textOf(bytes, at, LINKNAME),
    uname: format === 'v7' ? EMPTY : uname.of(bytes, at),
    gname: format === 'v7' ? EMPTY : gname.of(bytes, at),
    devmajor: isDevice ? readCount(bytes, at, DEVMAJOR, offset) : 0,
    devminor: isDevice ? readCount(bytes, at, DEVMINOR, offset) : 0,
    format,
    isSparseExtended: typeflag === 'S' && bytes[at + SPARSE_EXTENDED.at] !== 0,
  };
}

const EMPTY = fromLatin1('');

/** A field's bytes before its first NUL; it may fill the field to its end. */
function textOf(bytes: Buffer, at: number, field: Field): BytePath {
  const from = at + field.at;
  const limit = from + field.width;
  let end = from;
  while (end < limit && bytes[end] !== 0) end++;
  return end === from ? EMPTY : fromLatin1(bytes.toString('latin1', from, end));
}

/** A text that is mostly the one of the header before, as owners are: comparing is quicker than making a string. */
class RepeatedText {
  readonly #field: Field;
  #last = EMPTY;

  constructor(field: Field) {
    this.#field = field;
  }

  of(bytes: Buffer, at: number): BytePath {
    const last = this.#last;
    const end = at + this.#field.at + last.length;
    const isLast = holds(bytes, at + this.#field.at, last) && (last.length === this.#field.width || bytes[end] === 0);
    if (!isLast) this.#last = textOf(bytes, at, this.#field);
    return this.#last;
  }
}

const uname = new RepeatedText(UNAME);
const gname = new RepeatedText(GNAME);

function formatOf(bytes: Buffer, at: number): DecodedHeader['format'] {
  if (holds(bytes, at + MAGIC.at, 'ustar  \0')) return 'gnu';
  // POSIX wants the version 00, and programs have left it out.
  return holds(bytes, at + MAGIC.at, 'ustar\0') ? 'ustar' : 'v7';
}

/** Whether the bytes from index `at` on begin with `text`, one for each of its code units. */
function holds(bytes: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The sum of all bytes; some old programs took them as signed, which every reader lets pass. */
function requireChecksum({ bytes, view }: Piece, at: number, offset: number): void {
  const stored = parseNumber(bytes, at, CHKSUM);
  if (stored === unsignedSum(view, at) || stored === signedSum(view, at)) return;
  throw new TarFault(offset, 'no entry header where one has to be: its checksum does not hold');
}

/** Four bytes at a time, two sums in each of two numbers: a record has too few bytes to overflow 16 bits. */
function unsignedSum(view: DataView, at: number): number {
  let even = 0;
  let odd = 0;
  for (let i = at; i < at + RECORD_SIZE; i += 4) {
    const word = view.getInt32(i);
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  let sum = BLANKS + (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
  for (let i = 0; i < CHKSUM.width; i++) sum -= view.getUint8(at + CHKSUM.at + i);
  return sum;
}

function signedSum(view: DataView, at: number): number {
  let sum = BLANKS;
  for (let i = 0; i < RECORD_SIZE; i++) sum += view.getInt8(at + i);
  for (let i = 0; i < CHKSUM.width; i++) sum -= view.getInt8(at + CHKSUM.at + i);
  return sum;
}
