import { badXz, type Place, placeAfter } from '../errors.js';
import type { Coder } from '../model/coder.js';
import { frame, type Run } from './chunk.js';
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
  const runs = framed(data, uncompressedSize, place);
  const decoder = new RawDecoder(fitDictionary(chain, uncompressedSize));
  const output: Uint8Array[] = [];
  try {
    for (const { from, to } of runs) output.push(...decoder.decode(data.subarray(from, to), placeAfter(place, from)));
    decoder.requireEnd(data.length, uncompressedSize, place);
  } finally {
    decoder.close();
  }
  return output;
}

/**
 * As `decodeWhole`, run by run on a thread of libuv's.
 *
 * @param look is given each piece, in order, while the next run is decoded
 */
export async function decodeWholeInBackground(
  chain: readonly Coder[],
  data: Uint8Array,
  uncompressedSize: number,
  place: Place,
  look: (piece: Uint8Array) => void,
): Promise<readonly Uint8Array[]> {
  const runs = framed(data, uncompressedSize, place);
  const decoder = new RawDecoder(fitDictionary(chain, uncompressedSize));
  const output: Uint8Array[] = [];
  try {
    let pieces: readonly Uint8Array[] = [];
    for (const { from, to } of runs) {
      const decoded = decoder.decodeInBackground(data.subarray(from, to), placeAfter(place, from));
      pieces.forEach(look);
      pieces = await decoded;
      output.push(...pieces);
    }
    pieces.forEach(look);
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
