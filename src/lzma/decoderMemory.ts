import type { Coder } from '../model/coder.js';

/** liblzma's own structures: probabilities, the decoders of four filters, their buffers. */
const STRUCTURES = 2 ** 17;

/**
 * Bytes that liblzma takes to decode a chain: its dictionary, which is as large as `dictionarySize` says from the start,
 * and at most 128 KiB.
 */
export function decoderMemory(chain: readonly Coder[]): number {
  return STRUCTURES + chain.reduce((sum, coder) => sum + (coder.kind === 'lzma2' ? coder.dictionarySize : 0), 0);
}

/**
 * The chain with a dictionary that holds no more than what is decoded: no match reaches back before the Block's start,
 * so a larger one, whatever a Block Header claims, would never be filled.
 */
export function fitDictionary(chain: readonly Coder[], uncompressedSize: number): Coder[] {
  return chain.map(coder =>
    coder.kind === 'lzma2' ? { ...coder, dictionarySize: Math.min(coder.dictionarySize, uncompressedSize) } : coder,
  );
}
