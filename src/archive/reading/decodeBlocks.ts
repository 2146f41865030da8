import { KheadersPackError } from '../../errors.js';
import { mapWeighted } from '../../flow/mapWeighted.js';
import type { DecodeTask } from '../../pool/protocol.js';
import type { BlockSupply } from './blockSupply.js';

import { decodeInSteps } from './decodeInSteps.js';
import { wholeBlockMemory } from './memory.js';
import type { Decoding } from './threads.js';

/** A Block to decode, or what went wrong where the next one should have been. */
type Supplied = DecodeTask | { readonly kind: 'failed'; readonly error: unknown };

/**
 * The Uncompressed Data of the Blocks that a supply gives, in order, all Checks verified.
 *
 * Blocks are read here and decoded by `decoding`; finished ones wait for their turn. What is under way or waits is
 * bounded twice: `window` Blocks, and the memory limit. Of a file or a pipe whose damage is further on, the contents
 * before it come first, and then the error: which one does not depend on how fast the workers are.
 */
export async function* decodeBlocks(
  supply: BlockSupply,
  decoding: Decoding,
  memoryLimit: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const weigh = (item: Supplied): number =>
    item.kind === 'failed' ? 0 : Math.max(wholeBlockMemory(item.record), memoryLimit / decoding.window);
  const decode = async (item: Supplied): Promise<readonly Uint8Array[]> => {
    if (item.kind === 'failed') throw item.error;
    if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    return decoding.decode(item).catch(error => {
      // Those before it have been begun; nobody will read those behind it.
      decoding.drop();
      throw error;
    });
  };
  const drop = (): void => decoding.drop();
  for (;;) {
    const results = mapWeighted(supplied(supply), memoryLimit, weigh, decode);
    signal.addEventListener('abort', drop);
    try {
      for (let next = await decoding.help(results.next()); !next.done; next = await decoding.help(results.next())) {
        yield* next.value;
      }
    } finally {
      signal.removeEventListener('abort', drop);
      drop();
      await results.return();
    }
    const large = supply.largeBlock();
    if (large === null) return;
    yield* decodeInSteps(large, memoryLimit, signal);
  }
}

/** The supply's whole Blocks; a failure is the last of them, so that it keeps its place in the order. */
async function* supplied(supply: BlockSupply): AsyncGenerator<Supplied, void, undefined> {
  try {
    yield* supply.wholeBlocks();
  } catch (error) {
    yield { kind: 'failed', error };
  }
}
