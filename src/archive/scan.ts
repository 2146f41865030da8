import type { StatedFile } from '../cache/statIndex.js';
import { KheadersPackError } from '../errors.js';
import { mapOrdered } from '../flow/mapOrdered.js';
import type { Digested, KernelFile } from '../model/plan.js';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import { isDirectory, type Member, stripModeFor } from '../plan/entries.js';
import type { WorkerPool } from '../pool/pool.js';

/** A batch is large enough for the round trip to a worker not to count, and small enough to spread evenly. */
const BATCH_BYTES = 2 ** 19;
const BATCH_FILES = 256;
/**
 * Batches under way for each worker, or waiting for an earlier one: some to wait for the worker, since batches differ in the
 * time they take, so that none waits for the main thread.
 */
const BATCHES_PER_JOB = 4;

/** A file whose digest is filled in when it is known. */
export type Reading = KernelFile & { digested: Digested | null };
export type UnreadFile = Reading & StatedFile;

export function isUnread(member: Member): member is UnreadFile {
  return !isDirectory(member) && member.file.kind === 'regular' && member.digested === null;
}

export interface ScanOptions {
  /** Whether files are digested as they are on disk, too. */
  readonly withRaw: boolean;
  /** Called when more of the files have been read, in their order. */
  readonly onRead: () => void;
}

/** Reads, strips and digests files on the workers, in the order given, and fills in what was found. */
export async function scan(
  files: readonly UnreadFile[],
  content: ContentSettings,
  run: RunSettings,
  pool: WorkerPool,
  { withRaw, onRead }: ScanOptions,
): Promise<void> {
  const totalBytes = sizeOf(files);
  let bytes = 0;
  const results = mapOrdered(batchesOf(files), pool.jobs * BATCHES_PER_JOB, async batch => {
    if (run.signal.aborted) throw new KheadersPackError('E_ABORTED', {});
    const tasks = batch.map(({ file }) => ({ location: file.location, strip: stripModeFor(file.path, content.strip) }));
    const digested = await run.slots.run(() => pool.digest({ kind: 'digest', withRaw, files: tasks }));
    bytes += sizeOf(batch);
    run.onProgress({ stage: 'scan', bytes, totalBytes });
    batch.forEach((each, i) => {
      each.digested = digested[i] ?? null;
    });
  });
  for await (const _batch of results) onRead();
}

/** Whether files are one worker's work, or none's. */
export function isOneBatch(files: readonly UnreadFile[]): boolean {
  return files.length <= BATCH_FILES && sizeOf(files) <= BATCH_BYTES;
}

/** Bytes on disk. */
export function sizeOf(files: readonly StatedFile[]): number {
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
