import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { mapScheduled } from '../flow/mapScheduled.js';
import type { Plan } from '../model/plan.js';
import type { CompressionSettings, RunSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { scheduleBlocks } from './schedule.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 6;

/** Encodes the Blocks of a plan on the workers and gives them back in the plan's order. */
export function compressPlan(
  plan: Plan,
  content: CompressionSettings,
  run: RunSettings,
  pool: WorkerPool,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const inputs = plannedInputs(plan);
  const window = pool.jobs * BLOCKS_PER_JOB;
  const sizes = [...plan.blocks.map(block => block.size), plan.endSize];
  const encode = encoder(content, run, plan.tarSize, pool);
  return mapScheduled(inputs, scheduleBlocks(sizes, window), window, encode);
}

/** Encodes Blocks as they come in and gives them back in order. */
export function compressStream(
  inputs: AsyncIterable<BlockInput>,
  content: CompressionSettings,
  run: RunSettings,
  totalBytes: number | null,
  pool: WorkerPool,
): AsyncGenerator<EncodedBlock, void, undefined> {
  return mapOrdered(inputs, pool.jobs * BLOCKS_PER_JOB, encoder(content, run, totalBytes, pool));
}

/** The Blocks of a plan as the workers' input, in order. The zeros that end a tar are a Block of their own. */
export function plannedInputs(plan: Plan): BlockInput[] {
  const blocks = plan.blocks.map(block => {
    const entries = plan.entries.slice(block.first, block.end);
    return { kind: 'entries', block, entries, mtime: plan.mtime } as const;
  });
  return [...blocks, { kind: 'zeros', size: plan.endSize }];
}

function encoder(
  content: CompressionSettings,
  run: RunSettings,
  totalBytes: number | null,
  pool: WorkerPool,
): (input: BlockInput) => Promise<EncodedBlock> {
  let bytes = 0;
  return async input => {
    if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const block = await run.slots.run(() => pool.encode({ kind: 'encode', input, encoding: content.encoding }));
    bytes += block.uncompressedSize;
    run.onProgress({ stage: 'compress', bytes, totalBytes });
    return block;
  };
}
