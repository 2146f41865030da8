import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import type { KernelFile, SelectedRegular } from '../model/plan.js';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import { type ReadFile, stripModeFor } from '../plan/entries.js';
import type { WorkerPool } from '../pool/pool.js';

/** A batch is large enough for the round trip to a worker not to count, and small enough to spread evenly. */
const BATCH_BYTES = 2 ** 19;
const BATCH_FILES = 256;
/** Batches under way for each worker: one being read and one waiting, so that no worker waits for the main thread. */
const BATCHES_PER_JOB = 2;

/**
 * Reads, strips and digests every regular file on the workers.
 *
 * @param withRaw whether it is digested as it is on disk, too
 */
export async function scan(
  files: readonly KernelFile[],
  content: ContentSettings,
  run: RunSettings,
  pool: WorkerPool,
  withRaw: boolean,
): Promise<ReadFile[]> {
  const regular = files.filter(isRegular);
  const totalBytes = sizeOf(regular);
  const read: ReadFile[] = files.filter(each => !isRegular(each)).map(each => ({ ...each, digested: null }));
  let bytes = 0;
  const results = mapOrdered(batchesOf(regular), pool.jobs * BATCHES_PER_JOB, async batch => {
    if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const tasks = batch.map(({ file }) => ({ location: file.location, strip: stripModeFor(file.path, content.strip) }));
    const digested = await run.slots.run(() => pool.digest({ kind: 'digest', withRaw, files: tasks }));
    bytes += sizeOf(batch);
    run.onProgress({ stage: 'scan', bytes, totalBytes });
    return batch.map((each, i) => ({ ...each, digested: digested[i] ?? null }));
  });
  for await (const batch of results) read.push(...batch);
  return read;
}

type RegularFile = KernelFile & { readonly file: SelectedRegular };

function isRegular(each: KernelFile): each is RegularFile {
  return each.file.kind === 'regular';
}

function sizeOf(files: readonly RegularFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function* batchesOf(files: readonly RegularFile[]): Generator<RegularFile[], void, undefined> {
  let batch: RegularFile[] = [];
  let bytes = 0;
  for (const each of files) {
    batch.push(each);
    bytes += each.file.size;
    if (bytes >= BATCH_BYTES || batch.length >= BATCH_FILES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
