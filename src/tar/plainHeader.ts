import type { Piece } from '../bytes/piece.js';
import { unsignedSum } from './checksum.js';
import { CHKSUM, type Field, GID, MAGIC, MODE, MTIME, NAME, PREFIX, SIZE, TYPEFLAG, UID } from './layout.js';

const DIGIT_0 = 0x30;
const SPACE = 0x20;
const SLASH = 0x2f;
/** The magic as big-endian numbers: `usta` of both, and behind it GNU's `r  \0` and POSIX's `r\0`. */
const MAGIC_FIRST = 0x75737461;
const MAGIC_GNU = 0x72202000;
const MAGIC_POSIX = 0x7200;
const REGULAR = 0x30;
const HARD_LINK = 0x31;
const SYMBOLIC_LINK = 0x32;
const DIRECTORY = 0x35;

/**
 * Bytes of content of the entry whose 512 header bytes lie at index `at`, where it is plain, as nearly all are: a file, a
 * directory or a link, in GNU's or POSIX's format, with numbers of digits alone. -1 for any other, which `EntryDecoder`
 * judges: of a plain one it finds the same.
 */
export function plainSize({ bytes, view }: Piece, at: number): number {
  if (octal(bytes, at, CHKSUM) !== unsignedSum(view, at) || !isPlainFormat(bytes, view, at)) return -1;
  const size = octal(bytes, at, SIZE);
  const others = Math.min(
    octal(bytes, at, MODE),
    octal(bytes, at, UID),
    octal(bytes, at, GID),
    octal(bytes, at, MTIME),
  );
  if (others < 0) return -1;
  const typeflag = bytes[at + TYPEFLAG.at];
  if (typeflag === REGULAR) return size === 0 || !endsWithSlash(bytes, at) ? size : -1;
  const isWithoutContent = typeflag === DIRECTORY || typeflag === SYMBOLIC_LINK || typeflag === HARD_LINK;
  return isWithoutContent && size === 0 ? 0 : -1;
}

/** The digits up to a blank, a NUL or the field's end, or -1. */
function octal(bytes: Buffer, header: number, field: Field): number {
  const from = header + field.at;
  const to = from + field.width;
  let value = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    const digit = byte - DIGIT_0;
    if (digit < 0 || digit > 7) return at > from && (byte === 0 || byte === SPACE) ? value : -1;
    value = 8 * value + digit;
  }
  return value;
}

function isPlainFormat(bytes: Buffer, view: DataView, at: number): boolean {
  if (bytes[at] === 0 || view.getInt32(at + MAGIC.at) !== MAGIC_FIRST) return false;
  if (view.getInt32(at + MAGIC.at + 4) === MAGIC_GNU) return true;
  return view.getInt16(at + MAGIC.at + 4) === MAGIC_POSIX && bytes[at + PREFIX.at] === 0;
}

function endsWithSlash(bytes: Buffer, at: number): boolean {
  let end = at + NAME.at;
  while (end < at + NAME.width && bytes[end] !== 0) end++;
  return bytes[end - 1] === SLASH;
}
