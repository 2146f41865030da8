import type { Piece } from '../bytes/piece.js';
import { RECORD_SIZE } from './entryHeader.js';
import { TarFault } from './fault.js';
import { CHKSUM } from './layout.js';
import { parseNumber } from './numbers.js';

/** The checksum counts its own field as blanks. */
const BLANKS = 0x20 * CHKSUM.width;

/** The sum of all bytes; some old programs took them as signed, which every reader lets pass. */
export function requireChecksum({ bytes, view }: Piece, at: number, offset: number): void {
  const stored = parseNumber(bytes, at, CHKSUM);
  if (stored === unsignedSum(view, at) || stored === signedSum(view, at)) return;
  throw new TarFault(offset, 'no entry header where one has to be: its checksum does not hold');
}

/** Four bytes at a time, two sums in each of two numbers: a record has too few bytes to overflow 16 bits. */
export function unsignedSum(view: DataView, at: number): number {
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
