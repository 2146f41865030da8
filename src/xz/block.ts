import { type Check, crc32Field } from './check.js';
import { encodeLzma2FilterFlags } from './lzma2Filter.js';
import { encodeVli } from './vli.js';

/** A Block (.xz specification, section 3): Block Header, Compressed Data, Block Padding, Check. */

const CRC_SIZE = 4;
const BOTH_SIZES_PRESENT = 0xc0;
const ONE_FILTER = 0x00;

/** What an Index Record says of a Block (section 4.3), in bytes. */
export interface BlockRecord {
  /** Block Header, Compressed Data and Check, without Block Padding. */
  readonly unpaddedSize: number;
  readonly uncompressedSize: number;
}

/** A finished Block and its Record. */
export interface EncodedBlock extends BlockRecord {
  /** The Block's bytes, Block Padding included: a multiple of four. */
  readonly bytes: Uint8Array;
}

/** What a Block is assembled from. */
export interface BlockParts {
  /** The Compressed Data, in pieces. */
  readonly lzma2: readonly Uint8Array[];
  readonly dictionarySize: number;
  readonly uncompressedSize: number;
  readonly check: Check;
  /** The Check's value, `check.size` bytes. */
  readonly checkValue: Uint8Array;
}

/** Block Header with both sizes (section 3.1), so that readers can find and decode Blocks in parallel. */
export function encodeBlockHeader(
  compressedSize: number,
  uncompressedSize: number,
  dictionarySize: number,
): Uint8Array {
  const fields: number[] = [0, BOTH_SIZES_PRESENT | ONE_FILTER];
  encodeVli(compressedSize, fields);
  encodeVli(uncompressedSize, fields);
  fields.push(...encodeLzma2FilterFlags(dictionarySize));
  const size = roundUp4(fields.length + CRC_SIZE);
  fields[0] = size / 4 - 1;
  const out = new Uint8Array(size);
  out.set(fields, 0);
  out.set(crc32Field(out.subarray(0, size - CRC_SIZE)), size - CRC_SIZE);
  return out;
}

export function assembleBlock(parts: BlockParts): EncodedBlock {
  const compressedSize = parts.lzma2.reduce((sum, piece) => sum + piece.length, 0);
  const header = encodeBlockHeader(compressedSize, parts.uncompressedSize, parts.dictionarySize);
  const padded = roundUp4(header.length + compressedSize);
  const bytes = new Uint8Array(padded + parts.check.size);
  let at = 0;
  for (const piece of [header, ...parts.lzma2]) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.set(parts.checkValue, padded);
  return { bytes, unpaddedSize: at + parts.check.size, uncompressedSize: parts.uncompressedSize };
}

/** Rounded up to the four bytes that everything in .xz is aligned to. */
export function roundUp4(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
