import { badXz, type Place, placeAfter } from '../errors.js';
import type { BlockHeader } from '../model/container.js';
import { firstNonNull, roundUp4 } from './alignment.js';
import type { BlockRecord } from './block.js';

/**
 * The size of a Block's Compressed Data that follows from its Record, when its Block Header agrees with the Record (.xz
 * specification, sections 3.1.3, 3.1.4 and 4.3).
 *
 * @param place the Block Header's
 */
export function agreedCompressedSize(
  header: BlockHeader,
  record: BlockRecord,
  checkSize: number,
  place: Place,
): number {
  const compressedSize = record.unpaddedSize - header.size - checkSize;
  if (compressedSize < 1) throw badXz(place, 'a Block has no room for Compressed Data');
  requireStated(header.compressedSize, compressedSize, 'Compressed Size', place);
  requireStated(header.uncompressedSize, record.uncompressedSize, 'Uncompressed Size', place);
  return compressedSize;
}

/** A size that a Block Header states, or does not, has to be the one found. */
export function requireStated(stated: number | null, found: number, what: string, place: Place): void {
  if (stated === null || stated === found) return;
  throw badXz(place, `the ${what} in a Block Header is ${stated}, found ${found}`);
}

/** The null bytes behind a Block's Compressed Data (section 3.3). @param place where they begin */
export function requireBlockPadding(padding: Uint8Array, place: Place): void {
  const found = firstNonNull(padding);
  if (found >= 0) throw badXz(placeAfter(place, found), 'the Block Padding is not null');
}

/** Bytes of a Block in the file, Block Padding included. */
export function paddedSize(record: BlockRecord): number {
  return roundUp4(record.unpaddedSize);
}
