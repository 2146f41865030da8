import type { KnownFiles } from '../cache/knownFiles.js';
import type { PackCache } from '../cache/packCache.js';
import type { Digested, KernelFile, Plan, PlanOutline } from '../model/plan.js';
import type { ContentSettings, RunSettings, TreePair } from '../model/settings.js';
import { membersOf, type ReadFile } from '../plan/entries.js';
import { makePlan, Planner } from '../plan/plan.js';
import type { WorkerPool } from '../pool/pool.js';
import type { EarlyBlocks } from './early.js';
import { outlineOf } from './outline.js';
import { isOneBatch, isUnread, type Reading, scan, sizeOf } from './scan.js';
import type { StageClock } from './stages.js';

/** What phase 1 settles. */
export interface Settled {
  readonly files: readonly ReadFile[];
  readonly outline: PlanOutline;
  /** The plan, made when it is asked for first: of an archive that was packed before, the outline is known without it. */
  plan(): Plan;
  /**
   * Lets go of the files as soon as the plan is made: their stamps and paths are a third of what phase 1 leaves in memory.
   * There are none then.
   */
  forgetFiles(): void;
}

/** Finds the files. */
export type Select = () => readonly KernelFile[] | Promise<readonly KernelFile[]>;

/** How phase 1 is done, and what it takes over from earlier packs. */
export interface SettleOptions {
  readonly clock: StageClock;
  /** Whether files are digested as they are on disk, too. */
  readonly withRaw: boolean;
  readonly cache: PackCache;
  /** Told of each Block that is settled while later files are still to be read; by default nobody is. */
  readonly early?: EarlyBlocks | undefined;
}

/**
 * Phase 1: finds the files, as `select` does, reads those whose digests are not known, and settles what will be written.
 * They are read in the archive's order, so that the first Blocks are settled first.
 *
 * @param trees a pair for each of the content's kernels
 */
export async function settle(
  content: ContentSettings,
  trees: readonly TreePair[],
  select: Select,
  run: RunSettings,
  pool: WorkerPool,
  options: SettleOptions,
): Promise<Settled> {
  const { clock, withRaw, cache } = options;
  run.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const known = cache.openFiles(content, trees, withRaw);
  if (known.isOfNoUse) pool.start();
  const files = (await clock.time('walk', select)).map(
    ({ kernel, file }): Reading => ({ kernel, file, digested: lookUp({ kernel, file }, known) }),
  );
  let planner = await readUnread(files, known, content, run, pool, options);
  let made: Plan | null = null;
  let isForgetful = false;
  const plan = (): Plan => {
    made ??= planner?.plan() ?? makePlan(files, content);
    // What it looks for duplicates in is as large as the plan.
    planner = null;
    if (isForgetful) files.length = 0;
    return made;
  };
  const forgetFiles = (): void => {
    isForgetful = true;
    if (made !== null) files.length = 0;
  };
  run.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  const outline = await clock.time('plan', () =>
    cache.outline(files, () => outlineOf(plan(), files, content.encoding, cache.blocks)),
  );
  return { files, outline, plan, forgetFiles };
}

/**
 * Reads the files whose digests are not known. A function of its own, so that nothing of it lives on with the plan.
 *
 * @returns a planner that has followed, where there was anything to follow
 */
async function readUnread(
  files: readonly Reading[],
  known: KnownFiles,
  content: ContentSettings,
  run: RunSettings,
  pool: WorkerPool,
  { clock, withRaw, early }: SettleOptions,
): Promise<Planner | null> {
  const unread = files.filter(isUnread);
  if (unread.length === 0) return null;
  if (!known.isOfNoUse && isOneBatch(unread)) {
    await clock.time('scan', async () => {
      const { scanHere } = await import('./scanHere.js');
      await scanHere(unread, content, run, pool, withRaw);
      // They start while the plan is made. Where comments alone have changed there is nothing to be done by them.
      if (unread.some(file => known.isNews(file))) pool.start();
    });
    return null;
  }
  return clock.time('scan', async () => {
    const members = membersOf(files, content.order);
    const inOrder = members.filter(isUnread);
    const planner = new Planner(members, content);
    if (known.isEmpty) early?.expect(sizeOf(inOrder));
    const onRead = (): void => {
      const blocks = planner.advance();
      early?.offer(blocks, planner);
    };
    await scan(inOrder, content, run, pool, { withRaw, onRead });
    return planner;
  });
}

function lookUp({ kernel, file }: KernelFile, known: KnownFiles): Digested | null {
  return file.kind === 'regular' ? known.lookUp({ kernel, file }) : null;
}
