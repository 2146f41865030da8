import { badXz, type Place, placeAfter } from '../errors.js';
import type { Coder } from '../model/coder.js';
import { type BlockDecoder, RUN_SIZE } from './blockDecoder.js';
import { frame, type Run } from './chunk.js';
import { fitDictionary } from './decoderMemory.js';
import { RawDecoder } from './rawDecoder.js';

/** Where our decoder works: a slot of its memory. */
export interface Slot {
  readonly decoder: BlockDecoder;
  readonly index: number;
}

/**
 * Decodes a Block's Compressed Data that are there whole, a run of chunks whenever the next piece is asked for: LZMA2 alone
 * with our decoder, what has filters before it, and where there is no slot, with liblzma.
 *
 * What the chunks decode to is added up before the first of them is decoded, so nothing is allocated on the word of a
 * header alone: the output, a dictionary no larger than the output, and the buffers of a run.
 *
 * @param uncompressedSize what they have to decode to, in bytes
 * @param place where `data` begin
 * @returns the output in order, in the slot, or each piece in a buffer of its own
 * @throws KheadersPackError `E_BAD_XZ`
 */
export function* decodeWhole(
  chain: readonly Coder[],
  data: Uint8Array,
  uncompressedSize: number,
  place: Place,
  slot: Slot | null,
): Generator<Uint8Array, void, undefined> {
  const runs = framed(data, uncompressedSize, place);
  const fitted = fitDictionary(chain, uncompressedSize);
  const [coder, ...others] = fitted;
  if (coder?.kind === 'lzma2' && others.length === 0 && slot?.decoder.hasRoom(slot.index, uncompressedSize)) {
    const { dictionarySize } = coder;
    yield* slot.decoder.decode({ data, runs, dictionarySize, place }, slot.index);
    return;
  }
  const decoder = new RawDecoder(fitted);
  try {
    for (const { from, to } of runs) yield* decoder.decode(data.subarray(from, to), placeAfter(place, from));
    decoder.requireEnd(data.length, uncompressedSize, place);
  } finally {
    decoder.close();
  }
}

function framed(data: Uint8Array, uncompressedSize: number, place: Place): readonly Run[] {
  const runs = frame(data, RUN_SIZE, place);
  const total = runs.reduce((sum, run) => sum + run.uncompressedSize, 0);
  if (total !== uncompressedSize) throw badXz(place, `a Block decodes to ${total} bytes, expected ${uncompressedSize}`);
  return runs;
}
