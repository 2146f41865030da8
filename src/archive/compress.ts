import type { BlockCache } from '../cache/blockCache.js';
import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { mapScheduled } from '../flow/mapScheduled.js';
import type { Plan } from '../model/plan.js';
import type { CompressionSettings, ExecutionSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { scheduleBlocks } from './schedule.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 6;

/** Takes the Blocks of a plan from the cache or encodes them on the workers, and gives them back in the plan's order. */
export function compressPlan(
  plan: Plan,
  content: CompressionSettings,
  execution: ExecutionSettings,
  pool: WorkerPool,
  cache: BlockCache,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const inputs = plannedInputs(plan);
  const window = pool.jobs * BLOCKS_PER_JOB;
  const sizes = [...plan.blocks.map(block => block.size), plan.endSize];
  const encode = encoder(content, execution, plan.tarSize, pool, cache);
  return mapScheduled(inputs, scheduleBlocks(sizes, window), window, encode);
}

/** Encodes Blocks as they come in and gives them back in order. */
export function compressStream(
  inputs: AsyncIterable<BlockInput>,
  content: CompressionSettings,
  execution: ExecutionSettings,
  totalBytes: number | null,
  pool: WorkerPool,
  cache: BlockCache,
): AsyncGenerator<EncodedBlock, void, undefined> {
  return mapOrdered(inputs, pool.jobs * BLOCKS_PER_JOB, encoder(content, execution, totalBytes, pool, cache));
}

/** The Blocks of a plan as the workers' input, in order. The zeros that end a tar are a Block of their own. */
function plannedInputs(plan: Plan): BlockInput[] {
  const blocks = plan.blocks.map(block => {
    const entries = plan.entries.slice(block.first, block.end);
    return { kind: 'entries', block, entries, mtime: plan.mtime } as const;
  });
  return [...blocks, { kind: 'zeros', size: plan.endSize }];
}

function encoder(
  content: CompressionSettings,
  execution: ExecutionSettings,
  totalBytes: number | null,
  pool: WorkerPool,
  cache: BlockCache,
): (input: BlockInput) => Promise<EncodedBlock> {
  let bytes = 0;
  return async input => {
    if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const { encoding } = content;
    const block = await cache.block(input, encoding, () => pool.encode({ kind: 'encode', input, encoding }));
    bytes += block.uncompressedSize;
    execution.onProgress({ stage: 'compress', bytes, totalBytes });
    return block;
  };
}
