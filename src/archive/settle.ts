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
}

/** Finds the files. */
export type Select = () => readonly KernelFile[] | Promise<readonly KernelFile[]>;

/** How phase 1 is done, and what it takes over from earlier packs. */
export interface SettleOptions {
  readonly clock: StageClock;
  /** Whether files are digested as they are on disk, too: nothing is known of that beforehand. */
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
  { clock, withRaw, cache, early }: SettleOptions,
): Promise<Settled> {
  run.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const known = cache.openFiles(content, trees);
  const isFirst = known.isEmpty;
  if (isFirst || withRaw) pool.start();
  const files = (await clock.time('walk', select)).map(
    ({ kernel, file }): Reading => ({ kernel, file, digested: lookUp({ kernel, file }, known, withRaw) }),
  );
  let planner: Planner | null = null;
  let made: Plan | null = null;
  const plan = (): Plan => {
    made ??= planner?.plan() ?? makePlan(files, content);
    // What it looks for duplicates in is as large as the plan.
    planner = null;
    return made;
  };
  const unread = files.filter(isUnread);
  if (unread.length > 0 && (isFirst || withRaw || !isOneBatch(unread))) {
    await clock.time('scan', async () => {
      const members = membersOf(files, content.order);
      const inOrder = members.filter(isUnread);
      const growing = new Planner(members, content);
      planner = growing;
      if (isFirst) early?.expect(sizeOf(inOrder));
      const onRead = (): void => {
        const blocks = growing.advance();
        early?.offer(blocks, growing);
      };
      await scan(inOrder, content, run, pool, { withRaw, onRead });
    });
  } else if (unread.length > 0) {
    await clock.time('scan', async () => {
      const { scanHere } = await import('./scanHere.js');
      await scanHere(unread, content, run, pool);
      // They start while the plan is made. Where comments alone have changed there is nothing to be done by them.
      if (unread.some(file => known.isNews(file))) pool.start();
    });
  }
  run.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  const outline = await clock.time('plan', () =>
    cache.outline(files, () => outlineOf(plan(), files, content.encoding, cache.blocks)),
  );
  return { files, outline, plan };
}

function lookUp({ kernel, file }: KernelFile, known: KnownFiles, withRaw: boolean): Digested | null {
  return file.kind === 'regular' ? known.lookUp({ kernel, file }, withRaw) : null;
}
