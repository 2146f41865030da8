import type { PackCache } from '../cache/packCache.js';
import type { KernelFile, Plan, PlanOutline } from '../model/plan.js';
import type { ContentSettings, RunSettings, TreePair } from '../model/settings.js';
import type { ReadFile } from '../plan/entries.js';
import { makePlan } from '../plan/plan.js';
import type { WorkerPool } from '../pool/pool.js';
import { outlineOf } from './outline.js';
import { scan } from './scan.js';
import type { StageClock } from './stages.js';

/** What phase 1 settles. */
export interface Settled {
  readonly files: readonly ReadFile[];
  readonly outline: PlanOutline;
  /** The plan, made when it is asked for first: of an archive that was packed before, the outline is known without it. */
  plan(): Plan;
}

/** Finds the files. */
export type Select = () => readonly KernelFile[] | Promise<readonly KernelFile[]>;

/** How phase 1 is done, and what it takes over from earlier packs. */
export interface SettleOptions {
  readonly clock: StageClock;
  /** Whether files are digested as they are on disk, too: nothing is known of that beforehand. */
  readonly withRaw: boolean;
  readonly cache: PackCache;
}

/**
 * Phase 1: finds the files, as `select` does, reads those whose digests are not known, and settles what will be written.
 *
 * @param trees a pair for each of the content's kernels
 */
export async function settle(
  content: ContentSettings,
  trees: readonly TreePair[],
  select: Select,
  run: RunSettings,
  pool: WorkerPool,
  { clock, withRaw, cache }: SettleOptions,
): Promise<Settled> {
  run.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const known = cache.openFiles(content, trees);
  if (known.isEmpty || withRaw) pool.start();
  const selected = await clock.time('walk', select);
  const files = await clock.time('scan', () => scan(selected, content, run, pool, { known, withRaw }));
  let made: Plan | null = null;
  const plan = (): Plan => {
    made ??= makePlan(files, content);
    return made;
  };
  run.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  const outline = await clock.time('plan', () =>
    cache.outline(files, () => outlineOf(plan(), files, content.encoding, cache.blocks)),
  );
  return { files, outline, plan };
}
