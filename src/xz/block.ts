import { releasable } from '../bytes/releasable.js';
import { roundUp4 } from './alignment.js';
import { encodeBlockHeader } from './blockHeader.js';
import type { Check } from './check.js';

/** A Block (.xz specification, section 3): Block Header, Compressed Data, Block Padding, Check. */

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

export function assembleBlock(parts: BlockParts): EncodedBlock {
  const compressedSize = parts.lzma2.reduce((sum, piece) => sum + piece.length, 0);
  const header = encodeBlockHeader(compressedSize, parts.uncompressedSize, parts.dictionarySize);
  const padded = roundUp4(header.length + compressedSize);
  const bytes = releasable(padded + parts.check.size);
  let at = 0;
  for (const piece of [header, ...parts.lzma2]) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.set(parts.checkValue, padded);
  return { bytes, unpaddedSize: at + parts.check.size, uncompressedSize: parts.uncompressedSize };
}
