import type { Codec, SharedMemory } from '../model/codec.js';
import type { Lzma2Options } from '../model/lzma2.js';
import { BLOCK_SIZE_MAX, begin, bytesOf, forget, open, reserve, STEPS, slicesOf } from './radixBlock.js';
import { RADIX_ID, refused } from './radixModule.js';

const END_MARKER = Uint8Array.of(0x00);

/**
 * Our own encoder. A Block is cut into slices that start with a state reset and have all the bytes before them as
 * window; a match table of the whole Block, made by all workers together, serves every slice. It is written in
 * AssemblyScript (`assembly/`) and runs as WebAssembly.
 */
export const radix: Codec = {
  id: RADIX_ID,
  build: () => 'WebAssembly',
  blockSize: { default: 2 ** 25, max: BLOCK_SIZE_MAX },
  // `CODED_MAX` less `SYMBOL_CODED_MAX`, in `assembly/slice.ts`.
  fullChunk: { min: 65_472, max: 65_536 },
  encode: encodeAlone,
  sharing: { steps: STEPS, endMarker: END_MARKER, reserve, begin, slicesOf, bytesOf, open },
};

/** A Block by one worker: every step and every slice, in memory that it keeps for the next. */
function encodeAlone(input: Uint8Array, options: Lzma2Options): Uint8Array[] {
  if (input.length > BLOCK_SIZE_MAX) throw refused(`a Block of ${input.length} bytes is too large`);
  const block = open(begin(ownMemory(input.length), input.length), 0);
  block.bytes.set(input);
  for (let step = 0; step < STEPS; step++) block.prepare(step);
  const slices = Array.from({ length: slicesOf(input.length) }, (_, index) => block.encodeSlice(index, options));
  return [...slices, END_MARKER];
}

let own: SharedMemory | undefined;

/** Kept from Block to Block; larger Blocks get another, and the smaller one goes. */
function ownMemory(size: number): SharedMemory {
  if (own !== undefined && own.blockSizeMax >= size) return own;
  if (own !== undefined) forget(own);
  // There may be no room for another.
  own = undefined;
  own = reserve(size, 1);
  return own;
}
