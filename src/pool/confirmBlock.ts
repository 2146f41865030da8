import { toKheadersPackError } from '../errors.js';
import { giveDecoderBack, takeDecoder } from '../lzma/blockDecoder.js';
import type { EncodingSettings } from '../model/settings.js';
import type { EncodedBlock } from '../xz/block.js';
import { blockHeaderSize, encodeBlockHeader } from '../xz/blockHeader.js';
import { CHECKS } from '../xz/check.js';
import { decodeBlock } from './decodeBlock.js';
import type { BlockToDecode } from './decodeProtocol.js';
import type { Stopwatch } from './stopwatch.js';

/** In no file: what is wrong with such a Block is told to nobody. */
const NOWHERE = { path: '', offset: 0 };

/**
 * Whether a Block that someone else made holds these bytes: every byte of it is either what we would have written, or
 * decodes to what it has to. Another valid encoding of the same bytes passes.
 */
export function isBlockOf(
  bytes: Uint8Array,
  { lzma2, check }: EncodingSettings,
  block: EncodedBlock,
  stopwatch: Stopwatch,
): boolean {
  const { id: checkId, size: checkSize } = CHECKS[check];
  if (block.uncompressedSize !== bytes.length || !hasOurHeader(block, lzma2.dictionarySize, checkSize)) return false;
  const task = { block: block.bytes, record: block, checkId, place: NOWHERE };
  return stopwatch.time('decode', () => holds(task, bytes));
}

/** Whether it is sound and its contents are these. */
function holds(task: BlockToDecode, bytes: Uint8Array): boolean {
  const decoder = takeDecoder();
  let at = 0;
  try {
    for (const piece of decodeBlock(task, decoder && { decoder, index: 0 })) {
      if (Buffer.compare(piece, bytes.subarray(at, at + piece.length)) !== 0) return false;
      at += piece.length;
    }
    return at === bytes.length;
  } catch (error) {
    const { code } = toKheadersPackError(error);
    if (code === 'E_BAD_XZ' || code === 'E_UNSUPPORTED_XZ') return false;
    throw error;
  } finally {
    giveDecoderBack(decoder);
  }
}

/** Whether its Block Header is the one that we write; that one's size depends on the compressed size that it states. */
function hasOurHeader(block: EncodedBlock, dictionarySize: number, checkSize: number): boolean {
  const size = blockHeaderSize(block.bytes[0] ?? 0);
  const compressedSize = block.unpaddedSize - size - checkSize;
  if (size === 0 || compressedSize < 1) return false;
  const ours = encodeBlockHeader(compressedSize, block.uncompressedSize, dictionarySize);
  return Buffer.compare(block.bytes.subarray(0, size), ours) === 0;
}
