import { TarFault } from './fault.js';
import type { Field } from './layout.js';

/** The first bit of a field says that it is base-256 and not octal digits. */
const BASE_256 = 0x80;

/**
 * A number of an entry header: octal digits between blanks, as POSIX has it, or GNU's base-256. An empty field is 0.
 *
 * @param header the entry header, at byte `offset` of the tar
 * @throws TarFault for anything else, and for what is no safe integer
 */
export function readNumber(header: Buffer, field: Field, offset: number): number {
  const value = parseNumber(header, field);
  if (Number.isSafeInteger(value)) return value;
  const text = header.toString('latin1', field.at, field.at + field.width);
  throw new TarFault(offset + field.at, `expected a number, found "${escaped(text)}"`);
}

/** As `readNumber`, for what cannot be negative. */
export function readCount(header: Buffer, field: Field, offset: number): number {
  const value = readNumber(header, field, offset);
  if (value >= 0) return value;
  throw new TarFault(offset + field.at, `expected a number from 0 on, found ${value}`);
}

/** A field's number, or NaN where it holds none. */
export function parseNumber(header: Buffer, field: Field): number {
  const text = header.toString('latin1', field.at, field.at + field.width);
  return text.charCodeAt(0) >= BASE_256 ? readBase256(header, field) : readOctal(text);
}

/** What stands behind the blank or NUL that ends the digits is nobody's business, as in GNU tar. */
function readOctal(text: string): number {
  const match = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(text);
  if (match === null) return Number.NaN;
  return match[1] === '' ? 0 : Number.parseInt(match[1] ?? '', 8);
}

/** Big-endian and in two's complement, but for the first bit. */
function readBase256(header: Buffer, field: Field): number {
  const bits = BigInt(`0x${header.toString('hex', field.at, field.at + field.width)}`);
  return Number(BigInt.asIntN(8 * field.width - 1, bits));
}

function escaped(text: string): string {
  return text.replace(/[^ -~]/g, c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
