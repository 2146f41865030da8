import { TarFault } from './fault.js';
import type { Field } from './layout.js';

/** The first bit of a field says that it is base-256 and not octal digits. */
const BASE_256 = 0x80;
const DIGIT_0 = 0x30;
const SPACE = 0x20;

/**
 * A number of an entry header: octal digits between blanks, as POSIX has it, or GNU's base-256. An empty field is 0.
 *
 * @param at index of the header's first byte, which is byte `offset` of the tar
 * @throws TarFault for anything else, and for what is no safe integer
 */
export function readNumber(bytes: Buffer, at: number, field: Field, offset: number): number {
  const value = parseNumber(bytes, at, field);
  if (Number.isSafeInteger(value)) return value;
  const text = bytes.toString('latin1', at + field.at, at + field.at + field.width);
  const expected = Number.isNaN(value) ? 'a number' : 'a number of at most 53 bits';
  throw new TarFault(offset + field.at, `expected ${expected}, found "${escaped(text)}"`);
}

/** As `readNumber`, for what cannot be negative. One that is all blanks is 0 to some programs and none to others. */
export function readCount(bytes: Buffer, at: number, field: Field, offset: number): number {
  const value = readNumber(bytes, at, field, offset);
  if (value < 0) throw new TarFault(offset + field.at, `expected a number from 0 on, found ${value}`);
  if (value > 0 || !isAllSpaces(bytes, at, field)) return value;
  throw new TarFault(offset + field.at, 'expected a number from 0 on, found blanks');
}

function isAllSpaces(bytes: Buffer, at: number, field: Field): boolean {
  const from = at + field.at;
  return bytes[from] === SPACE && bytes.subarray(from, from + field.width).every(byte => byte === SPACE);
}

/** The number in a field of the header at index `at`, or NaN where it holds none. */
export function parseNumber(bytes: Buffer, at: number, field: Field): number {
  const from = at + field.at;
  const to = from + field.width;
  return (bytes[from] ?? 0) >= BASE_256 ? readBase256(bytes, from, to) : readOctal(bytes, from, to);
}

/**
 * What stands behind the blank or NUL that ends the digits is nobody's business, as in GNU tar. A field in which a NUL
 * comes first is 0 when nothing but blanks follow; with digits behind it, it is no number: some programs see them, others
 * do not, and what is content to the ones would be entries to the others.
 */
function readOctal(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  if (bytes[at] === 0) return bytes.subarray(at, to).every(isBlank) ? 0 : Number.NaN;
  let value = 0;
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const digit = byte ^ DIGIT_0;
    if (digit > 7) return isBlank(byte) ? value : Number.NaN;
    value = 8 * value + digit;
  }
  return value;
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0;
}

/** Big-endian and in two's complement, but for the first bit. */
function readBase256(bytes: Buffer, from: number, to: number): number {
  const bits = BigInt(`0x${bytes.toString('hex', from, to)}`);
  return Number(BigInt.asIntN(8 * (to - from) - 1, bits));
}

function escaped(text: string): string {
  return text.replace(/[^ -~]/g, c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
