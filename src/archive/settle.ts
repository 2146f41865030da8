import type { PackCache } from '../cache/packCache.js';
import type { Plan, PlanOutline } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import type { ReadFile } from '../plan/entries.js';
import { makePlan } from '../plan/plan.js';
import type { WorkerPool } from '../pool/pool.js';
import { outlineOf } from './outline.js';
import { scan } from './scan.js';
import { selectAll } from './selectAll.js';
import type { StageClock } from './stages.js';

/** What phase 1 settles. */
export interface Settled {
  readonly files: readonly ReadFile[];
  readonly outline: PlanOutline;
  /** The plan, made when it is asked for first: of an archive that was packed before, the outline is known without it. */
  plan(): Plan;
}

/** Phase 1: finds the files, reads those whose digests are not known, and settles what will be written. */
export async function settle(
  settings: PackSettings,
  pool: WorkerPool,
  cache: PackCache,
  clock: StageClock,
): Promise<Settled> {
  const { content, execution } = settings;
  execution.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const known = cache.openFiles(settings);
  if (known.isEmpty) pool.start();
  const selected = await clock.time('walk', () => selectAll(settings));
  const files = await clock.time('scan', () => scan(selected, content, execution, pool, known));
  let made: Plan | null = null;
  const plan = (): Plan => {
    made ??= makePlan(files, content);
    return made;
  };
  execution.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  const outline = await clock.time('plan', () =>
    cache.outline(files, () => outlineOf(plan(), files, content.encoding, cache.blocks)),
  );
  return { files, outline, plan };
}
