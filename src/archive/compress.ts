import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import { mapScheduled } from '../flow/mapScheduled.js';
import { codecNamed } from '../lzma/codec.js';
import type { Plan } from '../model/plan.js';
import type { CompressionSettings, ExecutionSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { compressShared, sizeOf } from './compressShared.js';
import { scheduleBlocks } from './schedule.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 6;

/**
 * From this block size on, a Block is shared by all workers where the codec can do that; smaller Blocks are encoded side
 * by side. The bytes are the same.
 */
const SHARED_FROM = 8 * 2 ** 20;

/** Encodes the Blocks of a plan on the workers and gives them back in the plan's order. */
export function compressPlan(
  plan: Plan,
  content: CompressionSettings,
  execution: ExecutionSettings,
  pool: WorkerPool,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const inputs = plannedInputs(plan);
  const sizes = inputs.map(sizeOf);
  const report = reporter(execution, plan.tarSize);
  if (isShared(content)) {
    return compressShared(inputs, content.encoding, execution, Math.max(...sizes), pool, report);
  }
  const window = pool.jobs * BLOCKS_PER_JOB;
  return mapScheduled(inputs, scheduleBlocks(sizes, window), window, encoder(content, execution, report, pool));
}

/** Encodes Blocks as they come in and gives them back in order. */
export function compressStream(
  inputs: AsyncIterable<BlockInput>,
  content: CompressionSettings,
  execution: ExecutionSettings,
  totalBytes: number | null,
  pool: WorkerPool,
): AsyncGenerator<EncodedBlock, void, undefined> {
  const report = reporter(execution, totalBytes);
  if (isShared(content)) {
    return compressShared(inputs, content.encoding, execution, content.blockSize, pool, report);
  }
  return mapOrdered(inputs, pool.jobs * BLOCKS_PER_JOB, encoder(content, execution, report, pool));
}

/** Whether all workers encode each Block together. */
export function isShared(content: CompressionSettings): boolean {
  return content.blockSize >= SHARED_FROM && codecNamed(content.encoding.codec.name).sharing !== null;
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
  report: (bytes: number) => void,
  pool: WorkerPool,
): (input: BlockInput) => Promise<EncodedBlock> {
  return async input => {
    if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const block = await pool.encode({ kind: 'encode', input, encoding: content.encoding });
    report(block.uncompressedSize);
    return block;
  };
}

/** Adds up the bytes that are encoded and reports them. */
function reporter(execution: ExecutionSettings, totalBytes: number | null): (bytes: number) => void {
  let bytes = 0;
  return more => {
    bytes += more;
    execution.onProgress({ stage: 'compress', bytes: Math.round(bytes), totalBytes });
  };
}
