import { KheadersPackError } from '../../errors.js';
import { mapWeighted } from '../../flow/mapWeighted.js';
import type { BlockToDecode, Extent, PieceOf } from '../../pool/decodeProtocol.js';
import { handOverSteps } from '../../pool/handOver.js';
import type { BlockSupply } from './blockSupply.js';
import { decodeInSteps } from './decodeInSteps.js';
import { wholeBlockMemory } from './memory.js';
import type { Decoding } from './threads.js';

/** A Block to decode, or what went wrong where the next one should have been. */
type Supplied =
  | { readonly kind: 'block'; readonly block: BlockToDecode }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * The Uncompressed Data of the Blocks that a supply gives, in order, each piece until the next is asked for. The Check of a
 * Block is verified when its last piece has been read.
 *
 * Blocks are read here and decoded by `decoding`; finished ones wait for their turn. What is under way or waits is
 * bounded twice: `window` Blocks, and the memory limit. Of a file or a pipe whose damage is further on, the contents
 * before it come first, and then the error: which one does not depend on how fast the threads are.
 */
export async function* decodeBlocks<E extends Extent>(
  supply: BlockSupply,
  decoding: Decoding<E>,
  memoryLimit: number,
  signal: AbortSignal,
): AsyncGenerator<PieceOf[E], void, undefined> {
  const weigh = (item: Supplied): number =>
    item.kind === 'failed' ? 0 : Math.max(wholeBlockMemory(item.block.record), memoryLimit / decoding.window);
  const decode = async (item: Supplied): Promise<AsyncGenerator<PieceOf[E], void, undefined>> => {
    if (item.kind === 'failed') throw item.error;
    if (signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    return decoding.decode(item.block);
  };
  const drop = (): void => decoding.drop();
  for (;;) {
    signal.addEventListener('abort', drop);
    try {
      for await (const content of mapWeighted(supplied(supply), memoryLimit, weigh, decode)) yield* content;
    } finally {
      signal.removeEventListener('abort', drop);
      drop();
    }
    const large = supply.largeBlock();
    if (large === null) return;
    yield* handOverSteps(decodeInSteps(large, memoryLimit, signal), decoding.extent);
  }
}

/** The supply's whole Blocks; a failure is the last of them, so that it keeps its place in the order. */
async function* supplied(supply: BlockSupply): AsyncGenerator<Supplied, void, undefined> {
  try {
    for await (const block of supply.wholeBlocks()) yield { kind: 'block', block };
  } catch (error) {
    yield { kind: 'failed', error };
  }
}
