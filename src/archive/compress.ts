import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import type { Plan } from '../model/plan.js';
import type { Progress } from '../model/progress.js';
import type { CompressionSettings, ExecutionSettings } from '../model/settings.js';
import type { WorkerPool } from '../pool/pool.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';

/** Blocks under way or waiting for their turn, for each worker: see `memory.ts`. */
export const BLOCKS_PER_JOB = 3;

/** The Blocks of a plan as the workers' input, in order. The zeros that end a tar are a Block of their own. */
export function* plannedInputs(plan: Plan): Generator<BlockInput, void, undefined> {
  for (const block of plan.blocks) {
    const entries = plan.entries.slice(block.first, block.end);
    yield { kind: 'entries', block, entries, mtime: plan.mtime };
  }
  yield { kind: 'zeros', size: plan.endSize };
}

/** Encodes Blocks on the workers and gives them back in order. */
export function compress(
  inputs: Iterable<BlockInput> | AsyncIterable<BlockInput>,
  content: CompressionSettings,
  execution: ExecutionSettings,
  totalBytes: number | null,
  pool: WorkerPool,
): AsyncGenerator<EncodedBlock, void, undefined> {
  let bytes = 0;
  return mapOrdered(inputs, pool.jobs * BLOCKS_PER_JOB, async input => {
    if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const block = await pool.encode({ kind: 'encode', input, encoding: content.encoding });
    bytes += block.uncompressedSize;
    const progress: Progress = { stage: 'compress', bytes, totalBytes };
    execution.onProgress(progress);
    return block;
  });
}
