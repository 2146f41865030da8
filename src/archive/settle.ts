import type { KernelFile, Plan } from '../model/plan.js';
import type { ContentSettings, RunSettings } from '../model/settings.js';
import type { ReadFile } from '../plan/entries.js';
import { makePlan } from '../plan/plan.js';
import type { WorkerPool } from '../pool/pool.js';
import { scan } from './scan.js';
import type { StageClock } from './stages.js';

/** What phase 1 settles. */
export interface Settled {
  readonly files: readonly ReadFile[];
  readonly plan: Plan;
}

/** Phase 1: finds the files, as `select` does, reads them, and settles what is written. */
export async function settle(
  content: ContentSettings,
  select: () => readonly KernelFile[],
  run: RunSettings,
  pool: WorkerPool,
  { clock, withRaw }: { readonly clock: StageClock; readonly withRaw: boolean },
): Promise<Settled> {
  run.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const selected = await clock.time('walk', select);
  const files = await clock.time('scan', () => scan(selected, content, run, pool, withRaw));
  run.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  return { files, plan: await clock.time('plan', () => makePlan(files, content)) };
}
