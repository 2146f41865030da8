import { setImmediate } from 'node:timers/promises';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import { stripModeFor } from '../plan/entries.js';
import { ContentReader } from '../pool/content.js';
import type { WorkerPool } from '../pool/pool.js';
import { WORK_STEPS } from '../pool/protocol.js';
import { Stopwatch } from '../pool/stopwatch.js';
import { Workspace } from '../pool/workspace.js';
import { requireRunning } from './blockMaking.js';
import type { UnreadFile } from './scan.js';

/** Files that are read in one turn of the event loop. */
const FILES_PER_TURN = 8;

/**
 * Reads, strips and digests a few files in this thread, as `scan` does on the workers: a batch takes a few milliseconds,
 * and to start a worker some 80.
 */
export async function scanHere(
  files: readonly UnreadFile[],
  content: ContentSettings,
  run: RunSettings,
  pool: WorkerPool,
  withRaw: boolean,
): Promise<void> {
  const stopwatch = new Stopwatch();
  const workspace = new Workspace();
  const reader = new ContentReader(workspace, stopwatch);
  await run.slots.run(async () => {
    for (const [i, each] of files.entries()) {
      requireRunning(run);
      const { location, path } = each.file;
      each.digested = reader.read({ location, strip: stripModeFor(path, content.strip) }, withRaw).digested;
      if ((i + 1) % FILES_PER_TURN === 0) await setImmediate();
    }
  });
  workspace.releaseFile();
  for (const step of WORK_STEPS) pool.seconds[step] += stopwatch.seconds[step];
}
