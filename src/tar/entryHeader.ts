import type { BytePath } from '../bytes/bytePath.js';
import type { Typeflag } from './kinds.js';
import { CHKSUM, type Field, GID, LINKNAME, MAGIC, MODE, MTIME, NAME, SIZE, TYPEFLAG, UID } from './layout.js';

/**
 * What an entry's headers state, which are as GNU tar writes them in its own format (`--format=gnu --numeric-owner`): the
 * bytes are our contract, so they are made here and not by a library. Layout and constants from GNU tar's manual, "Basic
 * Tar Format". Owner and group are always 0 and unnamed.
 *
 * Limits: names and link targets of any length (`L` and `K` entries carry those over 100 bytes), sizes to 2^53 - 1
 * (base-256 above 8 GiB), mtime 0 to 8589934591 seconds (eleven octal digits).
 */
export interface EntryMetadata {
  /** The member's name as stored: `./include/linux/x.h`, directories with a trailing slash. */
  readonly name: BytePath;
  readonly typeflag: Typeflag;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content that follow; 0 but for typeflag `0`. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** The link's target, or the empty path. */
  readonly linkname: BytePath;
}

/** The unit that entry headers and padded contents are counted in, in bytes. */
export const RECORD_SIZE = 512;
/** GNU tar's blocking factor of 20: an archive's size is a multiple of this many bytes. */
export const BLOCKING_SIZE = 20 * RECORD_SIZE;
/** The largest mtime in eleven octal digits. */
export const MTIME_MAX = 8 ** 11 - 1;

const MAGIC_TEXT = 'ustar  \0';
const LONG_NAME = { name: '././@LongLink', mode: 0o644 } as const;

/** Bytes that the entry takes in the archive: its headers, its content and the padding after it. */
export function entrySize(entry: EntryMetadata): number {
  return entryHeaderSize(entry) + roundUpRecord(entry.size);
}

/** Bytes of the entry's headers, `K` and `L` entries included. */
export function entryHeaderSize(entry: Pick<EntryMetadata, 'name' | 'linkname'>): number {
  return longSize(entry.linkname) + longSize(entry.name) + RECORD_SIZE;
}

/** Writes the entry's headers at `at` and returns the offset behind them. `out` must be zero there. */
export function writeEntryHeaders(entry: EntryMetadata, out: Buffer, at: number): number {
  let next = at;
  if (isLong(entry.linkname)) next = writeLong(entry.linkname, 'K', out, next);
  if (isLong(entry.name)) next = writeLong(entry.name, 'L', out, next);
  const header = out.subarray(next, next + RECORD_SIZE);
  header.write(entry.name.slice(0, NAME.width), NAME.at, 'latin1');
  header.write(entry.linkname.slice(0, LINKNAME.width), LINKNAME.at, 'latin1');
  writeCommon(header, entry.mode, entry.size, entry.mtime, entry.typeflag);
  return next + RECORD_SIZE;
}

/** Rounded up to whole records. */
export function roundUpRecord(bytes: number): number {
  return Math.ceil(bytes / RECORD_SIZE) * RECORD_SIZE;
}

/** Two zero records end an archive; zeros then fill it up to the blocking size. `size` is what came before. */
export function endOfArchiveSize(size: number): number {
  return Math.ceil((size + 2 * RECORD_SIZE) / BLOCKING_SIZE) * BLOCKING_SIZE - size;
}

function isLong(path: BytePath): boolean {
  return path.length > NAME.width;
}

function longSize(path: BytePath): number {
  return isLong(path) ? RECORD_SIZE + roundUpRecord(path.length + 1) : 0;
}

/** A `K` (link target) or `L` (name) entry: its content is the NUL-terminated path of the entry that follows. */
function writeLong(path: BytePath, typeflag: 'K' | 'L', out: Buffer, at: number): number {
  const header = out.subarray(at, at + RECORD_SIZE);
  header.write(LONG_NAME.name, NAME.at, 'latin1');
  writeCommon(header, LONG_NAME.mode, path.length + 1, 0, typeflag);
  out.write(path, at + RECORD_SIZE, 'latin1');
  return at + longSize(path);
}

function writeCommon(header: Buffer, mode: number, size: number, mtime: number, typeflag: string): void {
  writeOctal(header, MODE, mode);
  writeOctal(header, UID, 0);
  writeOctal(header, GID, 0);
  if (size < 8 ** (SIZE.width - 1)) writeOctal(header, SIZE, size);
  else writeBase256(header, SIZE, size);
  writeOctal(header, MTIME, mtime);
  header.write(typeflag, TYPEFLAG.at, 'latin1');
  header.write(MAGIC_TEXT, MAGIC.at, 'latin1');
  // The checksum counts its own field as blanks; it is six digits, a NUL and a blank.
  header.fill(0x20, CHKSUM.at, CHKSUM.at + CHKSUM.width);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(CHKSUM.width - 2, '0')}\0 `, CHKSUM.at, 'latin1');
}

function writeOctal(header: Buffer, field: Field, value: number): void {
  header.write(value.toString(8).padStart(field.width - 1, '0'), field.at, 'latin1');
}

/** GNU's form for numbers over eleven octal digits: the first bit set, then big-endian bytes. */
function writeBase256(header: Buffer, field: Field, value: number): void {
  let rest = value;
  for (let i = field.at + field.width - 1; i > field.at; i--) {
    header[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  header[field.at] = 0x80;
}
