import type { KnownFiles } from '../cache/knownFiles.js';
import type { StatedFile } from '../cache/statIndex.js';
import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import type { Digested, KernelFile } from '../model/plan.js';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import { type ReadFile, stripModeFor } from '../plan/entries.js';
import type { WorkerPool } from '../pool/pool.js';

/** A batch is large enough for the round trip to a worker not to count, and small enough to spread evenly. */
const BATCH_BYTES = 2 ** 19;
const BATCH_FILES = 256;
/** Batches under way for each worker: one being read and one waiting, so that no worker waits for the main thread. */
const BATCHES_PER_JOB = 2;

/**
 * Reads, strips and digests on the workers every regular file whose digest is not known.
 *
 * @param withRaw whether files are digested as they are on disk, too: then all are read
 */
export async function scan(
  files: readonly KernelFile[],
  content: ContentSettings,
  run: RunSettings,
  pool: WorkerPool,
  { known, withRaw }: { readonly known: KnownFiles; readonly withRaw: boolean },
): Promise<ReadFile[]> {
  const read: Reading[] = [];
  const unread: (Reading & StatedFile)[] = [];
  for (const { kernel, file } of files) {
    const each = { kernel, file, digested: file.kind === 'regular' ? known.lookUp({ kernel, file }, withRaw) : null };
    read.push(each);
    if (isUnread(each)) unread.push(each);
  }
  const totalBytes = sizeOf(unread);
  let bytes = 0;
  const results = mapOrdered(batchesOf(unread), pool.jobs * BATCHES_PER_JOB, async batch => {
    if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const tasks = batch.map(({ file }) => ({ location: file.location, strip: stripModeFor(file.path, content.strip) }));
    const digested = await run.slots.run(() => pool.digest({ kind: 'digest', withRaw, files: tasks }));
    bytes += sizeOf(batch);
    run.onProgress({ stage: 'scan', bytes, totalBytes });
    batch.forEach((each, i) => {
      each.digested = digested[i] ?? null;
    });
  });
  for await (const _batch of results) {
    // Each has filled in its digests.
  }
  return read;
}

/** A file whose digest is filled in when it is known. */
type Reading = KernelFile & { digested: Digested | null };

function isUnread(each: Reading): each is Reading & StatedFile {
  return each.file.kind === 'regular' && each.digested === null;
}

function sizeOf(files: readonly StatedFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function* batchesOf<F extends StatedFile>(files: readonly F[]): Generator<F[], void, undefined> {
  let batch: F[] = [];
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
