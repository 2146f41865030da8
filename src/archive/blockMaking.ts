import type { BlockCache } from '../cache/blockCache.js';
import { KheadersPackError } from '../errors.js';
import type { OutlinedBlock } from '../model/plan.js';
import type { CompressionSettings, RunSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';

/** A Block to be made, and what it is made of: asked for only where the Block is not in the cache. */
export interface BlockToMake {
  readonly block: OutlinedBlock;
  readonly input: () => BlockInput;
  /** Gives back what it would have been made of, where that is there already. */
  readonly discard?: () => void;
}

/** How Blocks are made: on which workers, with which settings, and who is told of the bytes that are done. */
export interface Making {
  readonly content: CompressionSettings;
  readonly run: RunSettings;
  readonly pool: WorkerPool;
  readonly cache: BlockCache;
  readonly report: (bytes: number) => void;
}

/** The Block from the cache, or else as `encode` makes it, which takes over what it is made of. */
export async function fromCache(
  { block, input, discard }: BlockToMake,
  { content, run, pool, cache }: Making,
  encode: () => Promise<EncodedBlock>,
): Promise<EncodedBlock> {
  requireRunning(run);
  const { encoding } = content;
  let isMade = false;
  const found = await cache.block(block, {
    input,
    encode: () => {
      isMade = true;
      return encode();
    },
    confirm: kept => run.slots.run(() => pool.confirm({ kind: 'confirm', input: input(), encoding, block: kept })),
  });
  if (!isMade) discard?.();
  return found;
}

/** Makes a Block, if it is not in the cache. */
export type BlockEncoder = (wanted: BlockToMake) => Promise<EncodedBlock>;

/** Encodes a Block on one of the workers. */
export function encodeAlone({ content: { encoding }, run, pool }: Making): BlockEncoder {
  return ({ input }) => run.slots.run(() => pool.encode({ kind: 'encode', input: input(), encoding }));
}

/** @param encode what is done with a Block that is not in the cache */
export function blockEncoder(making: Making, encode: BlockEncoder): BlockEncoder {
  return async wanted => {
    const block = await fromCache(wanted, making, () => encode(wanted));
    making.report(block.uncompressedSize);
    return block;
  };
}

/** @throws KheadersPackError `E_ABORTED` */
export function requireRunning(run: RunSettings): void {
  if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
}
