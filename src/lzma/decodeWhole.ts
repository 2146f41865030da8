import { badXz, type Place, placeAfter } from '../errors.js';
import type { Coder } from '../model/coder.js';
import { frame } from './chunk.js';
import { fitDictionary } from './decoderMemory.js';
import { RawDecoder } from './rawDecoder.js';

/** Chunks are decoded together until they give this many bytes: few calls, and buffers that stay in the cache. */
const RUN_SIZE = 2 ** 18;

/**
 * Decodes a Block's Compressed Data that are there whole.
 *
 * What the chunks decode to is added up before the first of them is decoded, so nothing is allocated on the word of a
 * header alone: the output, a dictionary no larger than the output, and the buffers of a run.
 *
 * @param uncompressedSize what they have to decode to, in bytes
 * @param place where `data` begin
 * @returns the output in pieces, each in a buffer of its own
 * @throws KheadersPackError `E_BAD_XZ`
 */
export function decodeWhole(
  chain: readonly Coder[],
  data: Uint8Array,
  uncompressedSize: number,
  place: Place,
): readonly Uint8Array[] {
  const runs = frame(data, RUN_SIZE, place);
  const total = runs.reduce((sum, run) => sum + run.uncompressedSize, 0);
  if (total !== uncompressedSize) throw badXz(place, `a Block decodes to ${total} bytes, expected ${uncompressedSize}`);
  const output: Uint8Array[] = [];
  const decoder = new RawDecoder(fitDictionary(chain, total));
  try {
    for (const run of runs) {
      output.push(...decoder.decode(data.subarray(run.from, run.to), placeAfter(place, run.from)));
    }
    decoder.requireEnd(data.length, total, place);
  } finally {
    decoder.close();
  }
  return output;
}
