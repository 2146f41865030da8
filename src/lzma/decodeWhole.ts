import { badXz, type Place, placeAfter } from '../errors.js';
import type { Coder } from '../model/coder.js';
import { blockDecoder } from './blockDecoder.js';
import { frame, type Run } from './chunk.js';
import { fitDictionary } from './decoderMemory.js';
import { RawDecoder } from './rawDecoder.js';

/** Chunks are decoded together until they give this many bytes: few calls, and buffers that stay in the cache. */
const RUN_SIZE = 2 ** 18;

/**
 * Decodes a Block's Compressed Data that are there whole: LZMA2 alone with our decoder, what has filters before it, and
 * where there is no WebAssembly, with liblzma.
 *
 * What the chunks decode to is added up before the first of them is decoded, so nothing is allocated on the word of a
 * header alone: the output, a dictionary no larger than the output, and the buffers of a run.
 *
 * @param uncompressedSize what they have to decode to, in bytes
 * @param place where `data` begin
 * @param room memory for the output, of `uncompressedSize` bytes or more; null where new is to be taken
 * @param look is given each piece of the output, in order, while it is in the processor's cache
 * @returns the output in pieces, each in a buffer of its own
 * @throws KheadersPackError `E_BAD_XZ`
 */
export function decodeWhole(
  chain: readonly Coder[],
  data: Uint8Array,
  uncompressedSize: number,
  place: Place,
  room: ArrayBuffer | null,
  look: (piece: Uint8Array) => void,
): readonly Uint8Array[] {
  const runs = framed(data, uncompressedSize, place);
  const fitted = fitDictionary(chain, uncompressedSize);
  const [coder, ...others] = fitted;
  if (coder?.kind === 'lzma2' && others.length === 0) {
    const { dictionarySize } = coder;
    const output = blockDecoder()?.decode({ data, runs, dictionarySize, uncompressedSize, place }, room, look);
    if (output) return [output];
  }
  const decoder = new RawDecoder(fitted);
  const output: Uint8Array[] = [];
  try {
    for (const { from, to } of runs) {
      const pieces = decoder.decode(data.subarray(from, to), placeAfter(place, from));
      pieces.forEach(look);
      output.push(...pieces);
    }
    decoder.requireEnd(data.length, uncompressedSize, place);
  } finally {
    decoder.close();
  }
  return output;
}

function framed(data: Uint8Array, uncompressedSize: number, place: Place): readonly Run[] {
  const runs = frame(data, RUN_SIZE, place);
  const total = runs.reduce((sum, run) => sum + run.uncompressedSize, 0);
  if (total !== uncompressedSize) throw badXz(place, `a Block decodes to ${total} bytes, expected ${uncompressedSize}`);
  return runs;
}
