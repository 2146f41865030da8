import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import type { SelectedFile, SelectedRegular } from '../model/plan.js';
import type { ContentSettings, ExecutionSettings } from '../model/settings.js';
import { type ReadFile, stripModeFor } from '../plan/entries.js';
import type { WorkerPool } from '../pool/pool.js';

/** A batch is large enough for the round trip to a worker not to count, and small enough to spread evenly. */
const BATCH_BYTES = 2 ** 19;
const BATCH_FILES = 256;
/** Batches under way for each worker: one being read and one waiting, so that no worker waits for the main thread. */
const BATCHES_PER_JOB = 2;

/** Reads, strips and digests every regular file on the workers. */
export async function scan(
  files: Iterable<SelectedFile>,
  content: ContentSettings,
  execution: ExecutionSettings,
  pool: WorkerPool,
): Promise<ReadFile[]> {
  const all = [...files];
  const regular = all.filter((file): file is SelectedRegular => file.kind === 'regular');
  const totalBytes = regular.reduce((sum, file) => sum + file.size, 0);
  const read: ReadFile[] = all.filter(file => file.kind !== 'regular').map(file => ({ file, digested: null }));
  let bytes = 0;
  const results = mapOrdered(batchesOf(regular), pool.jobs * BATCHES_PER_JOB, async batch => {
    if (execution.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const tasks = batch.map(file => ({ location: file.location, strip: stripModeFor(file.path, content.strip) }));
    const digested = await pool.digest({ kind: 'digest', files: tasks });
    bytes += batch.reduce((sum, file) => sum + file.size, 0);
    execution.onProgress({ stage: 'scan', bytes, totalBytes });
    return batch.map((file, i) => ({ file, digested: digested[i] ?? null }));
  });
  for await (const batch of results) read.push(...batch);
  return read;
}

function* batchesOf(files: readonly SelectedRegular[]): Generator<SelectedRegular[], void, undefined> {
  let batch: SelectedRegular[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.size;
    if (bytes >= BATCH_BYTES || batch.length >= BATCH_FILES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
