import type { BlockCache } from '../cache/blockCache.js';
import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { mapScheduled } from '../flow/mapScheduled.js';
import type { OutlinedBlock } from '../model/plan.js';
import type { CompressionSettings, RunSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { plannedInputs, sizeOf } from './outline.js';
import { scheduleBlocks } from './schedule.js';
import type { Settled } from './settle.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 6;

/**
 * Takes the Blocks of a plan from the cache or encodes them on the workers, and gives them back in the plan's order. The
 * plan itself is made only if there is one to encode.
 */
export function compressPlan(
  settled: Settled,
  content: CompressionSettings,
  run: RunSettings,
  pool: WorkerPool,
  cache: BlockCache,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const { blocks, bytes } = settled.outline;
  let inputs: BlockInput[] | null = null;
  const inputAt = (index: number): BlockInput => {
    inputs ??= plannedInputs(settled.plan());
    const input = inputs[index];
    if (input === undefined) throw new RangeError(`No Block ${index} in the plan`);
    return input;
  };
  const window = pool.jobs * BLOCKS_PER_JOB;
  const schedule = scheduleBlocks(
    blocks.map(block => block.size),
    window,
  );
  const encode = encoder(content, run, bytes.tar, pool, cache);
  const indexed = blocks.map((block, index) => ({ block, index }));
  return mapScheduled(indexed, schedule, window, ({ block, index }) => encode(block, () => inputAt(index)));
}

/** Encodes Blocks as they come in and gives them back in order. */
export function compressStream(
  inputs: AsyncIterable<BlockInput>,
  content: CompressionSettings,
  run: RunSettings,
  totalBytes: number | null,
  pool: WorkerPool,
  cache: BlockCache,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const encode = encoder(content, run, totalBytes, pool, cache);
  return mapOrdered(inputs, pool.jobs * BLOCKS_PER_JOB, input => {
    const block = { key: cache.keyOf(input, content.encoding), size: sizeOf(input), first: null };
    return encode(block, () => input);
  });
}

function encoder(
  { encoding }: CompressionSettings,
  run: RunSettings,
  totalBytes: number | null,
  pool: WorkerPool,
  cache: BlockCache,
): (block: OutlinedBlock, input: () => BlockInput) => Promise<EncodedBlock> {
  let bytes = 0;
  return async (outlined, input) => {
    if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const block = await cache.block(outlined, {
      input,
      encode: () => run.slots.run(() => pool.encode({ kind: 'encode', input: input(), encoding })),
      confirm: found => run.slots.run(() => pool.confirm({ kind: 'confirm', input: input(), encoding, block: found })),
    });
    bytes += block.uncompressedSize;
    run.onProgress({ stage: 'compress', bytes, totalBytes });
    return block;
  };
}
