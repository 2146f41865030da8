import { type BytePath, fromLatin1, join } from '../bytes/bytePath.js';
import type { TarFormat } from '../model/tarEntry.js';
import { RECORD_SIZE } from './entryHeader.js';
import { TarFault } from './fault.js';
import {
  CHKSUM,
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
  readonly format: Exclude<TarFormat, 'pax'>;
  /** Whether a sparse map goes on in a record behind it. */
  readonly isSparseExtended: boolean;
}

const ZEROS = Buffer.alloc(RECORD_SIZE);
/** The checksum counts its own field as blanks. */
const BLANKS = 0x20 * CHKSUM.width;
/** setuid, setgid, sticky and nine permission bits; some programs write the file's type above them. */
const MODE_BITS = 0o7777;

/** Whether a record is all zeros: two of them end an archive. */
export function isZeroRecord(record: Buffer): boolean {
  return record[0] === 0 && record.equals(ZEROS);
}

/**
 * Decodes an entry header of any format.
 *
 * @param record its 512 bytes, at byte `offset` of the tar
 * @throws TarFault when the checksum does not hold or a number is none
 */
export function decodeHeader(record: Buffer, offset: number): DecodedHeader {
  requireChecksum(record, offset);
  const format = formatOf(record);
  const isPosix = format === 'ustar';
  const name = textOf(record, NAME);
  const prefix = isPosix ? textOf(record, PREFIX) : EMPTY;
  const typeflag = record.toString('latin1', TYPEFLAG.at, TYPEFLAG.at + 1);
  return {
    name: prefix === '' ? name : join(prefix, name),
    mode: readNumber(record, MODE, offset) & MODE_BITS,
    uid: readNumber(record, UID, offset),
    gid: readNumber(record, GID, offset),
    size: readCount(record, SIZE, offset),
    mtime: readNumber(record, MTIME, offset),
    typeflag: typeflag === '\0' ? '0' : typeflag,
    linkname: textOf(record, LINKNAME),
    uname: format === 'v7' ? EMPTY : textOf(record, UNAME),
    gname: format === 'v7' ? EMPTY : textOf(record, GNAME),
    format,
    isSparseExtended: typeflag === 'S' && record[SPARSE_EXTENDED.at] !== 0,
  };
}

const EMPTY = fromLatin1('');

/** A field's bytes before its first NUL; it may fill the field to its end. */
function textOf(record: Buffer, field: Field): BytePath {
  if (record[field.at] === 0) return EMPTY;
  const end = record.indexOf(0, field.at);
  const limit = field.at + field.width;
  return fromLatin1(record.toString('latin1', field.at, end === -1 || end > limit ? limit : end));
}

function formatOf(record: Buffer): DecodedHeader['format'] {
  const magic = record.toString('latin1', MAGIC.at, MAGIC.at + MAGIC.width);
  if (magic === 'ustar  \0') return 'gnu';
  // POSIX wants the version 00, and programs have left it out.
  return magic.startsWith('ustar\0') ? 'ustar' : 'v7';
}

/** The sum of all bytes; some old programs took them as signed, which every reader lets pass. */
function requireChecksum(record: Buffer, offset: number): void {
  const stored = parseNumber(record, CHKSUM);
  if (stored === unsignedSum(record) || stored === signedSum(record)) return;
  throw new TarFault(offset, 'no entry header where one has to be: its checksum does not hold');
}

/** A record, where its bytes can be added up four at a time. */
const WORDS = new Int32Array(RECORD_SIZE / 4);
const BYTES = new Uint8Array(WORDS.buffer);

/** Two sums of bytes in each of two numbers: a record has too few to overflow 16 bits. */
function unsignedSum(record: Buffer): number {
  BYTES.set(record);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < WORDS.length; at++) {
    const word = WORDS[at] as number;
    even += word & 0x00ff00ff;
    odd += (word >>> 8) & 0x00ff00ff;
  }
  let sum = BLANKS + (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
  for (let at = CHKSUM.at; at < CHKSUM.at + CHKSUM.width; at++) sum -= record[at] as number;
  return sum;
}

function signedSum(record: Buffer): number {
  let sum = BLANKS;
  for (let at = 0; at < RECORD_SIZE; at++) {
    if (at === CHKSUM.at) at += CHKSUM.width;
    const byte = record[at] as number;
    sum += byte > 0x7f ? byte - 0x100 : byte;
  }
  return sum;
}
