import { decodeLzma2 } from '../lzma/decodeLzma2.js';
import type { EncodingSettings } from '../model/settings.js';
import { type EncodedBlock, encodeBlockHeader, roundUp4 } from '../xz/block.js';
import { CHECKS } from '../xz/check.js';

/**
 * Whether a Block that someone else made holds these bytes: every byte of it is either what we would have written, or
 * decodes to what it has to. Another valid encoding of the same bytes passes.
 */
export function isBlockOf(
  bytes: Uint8Array,
  { codec: _, lzma2, check }: EncodingSettings,
  block: EncodedBlock,
): boolean {
  const { size: checkSize, compute } = CHECKS[check];
  const header = headerOf(block, lzma2.dictionarySize, checkSize);
  if (header === null || block.uncompressedSize !== bytes.length) return false;
  const dataEnd = block.unpaddedSize - checkSize;
  const checkAt = roundUp4(dataEnd);
  if (block.bytes.length !== checkAt + checkSize) return false;
  if (!isEqual(block.bytes.subarray(0, header.length), header)) return false;
  if (block.bytes.subarray(dataEnd, checkAt).some(byte => byte !== 0)) return false;
  if (!isEqual(block.bytes.subarray(checkAt), compute(bytes))) return false;
  const pieces = decodeLzma2(block.bytes.subarray(header.length, dataEnd), lzma2.dictionarySize, bytes.length);
  if (pieces === null) return false;
  let at = 0;
  for (const piece of pieces) {
    if (!isEqual(piece, bytes.subarray(at, at + piece.length))) return false;
    at += piece.length;
  }
  return at === bytes.length;
}

/** The Block Header that such a Block has: its own size depends on the compressed size that it states. */
function headerOf(block: EncodedBlock, dictionarySize: number, checkSize: number): Uint8Array | null {
  const [first = 0] = block.bytes;
  const compressedSize = block.unpaddedSize - (first + 1) * 4 - checkSize;
  if (compressedSize < 1) return null;
  const header = encodeBlockHeader(compressedSize, block.uncompressedSize, dictionarySize);
  return header.length === (first + 1) * 4 ? header : null;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
