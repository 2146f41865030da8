import { PackCache } from '../cache/packCache.js';
import { KheadersPackError } from '../errors.js';
import type { Plan } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import type { PackSummary } from '../model/summary.js';
import type { ReadFile } from '../plan/entries.js';
import { makePlan } from '../plan/plan.js';
import { type WorkerPool, withPool } from '../pool/pool.js';
import { type Environment, gatherEnvironment } from '../settings/environment.js';
import type { PackOptions } from '../settings/options.js';
import { resolveSettings } from '../settings/resolve.js';
import { compressPlan } from './compress.js';
import { memoryBound } from './memory.js';
import { scan } from './scan.js';
import { selectAll } from './selectAll.js';
import { StageClock } from './stages.js';
import { bytesOf, countsOf, summarise } from './summary.js';
import { withSink, writeStream } from './write.js';

/**
 * Packs a kernel tree, or compresses an existing tar again: what the command `kheaders-pack pack` does.
 *
 * @throws KheadersPackError; its `code` says what went wrong, and the output is as it was before
 */
export async function pack(options: PackOptions = {}): Promise<PackSummary> {
  return packIn(gatherEnvironment(), options);
}

/** `pack` in an environment that the caller describes. */
export async function packIn(environment: Environment, options: PackOptions): Promise<PackSummary> {
  const settings = resolveSettings(options, environment);
  if (settings.kind === 'pack') return packTrees(settings);
  // Loaded late: it brings the readers of tar and xz, which a pack has no use for.
  const { recompress } = await import('./recompress.js');
  return recompress(settings);
}

/**
 * Settles what `pack` would write, without writing it.
 *
 * @throws KheadersPackError as `pack` does; `E_OPTION_CONFLICT` with `fromTar`, which has no plan
 */
export async function plan(options: PackOptions = {}): Promise<Plan> {
  const settings = resolveSettings(options, gatherEnvironment());
  if (settings.kind === 'recompress') {
    const reason = 'the Blocks of an existing tar are found while it is read';
    throw new KheadersPackError('E_OPTION_CONFLICT', { first: '--from-tar', second: '--dry-run', reason });
  }
  const cache = new PackCache(settings);
  const settled = await withPool(settings.execution.jobs, pool => settle(settings, pool, cache, new StageClock()));
  cache.close();
  return settled.plan;
}

async function packTrees(settings: PackSettings): Promise<PackSummary> {
  const { content, execution } = settings;
  const clock = new StageClock();
  const cache = new PackCache(settings);
  return withPool(execution.jobs, async pool => {
    const written = await withSink(execution, async sink => {
      const settled = await settle(settings, pool, cache, clock);
      const blocks = compressPlan(settled.plan, content, execution, pool, cache.blocks);
      return { ...settled, ...(await clock.time('compress', () => writeStream(blocks, content.encoding.check, sink))) };
    });
    cache.close();
    const counts = { files: countsOf(written.plan), bytes: bytesOf(written.files, written.plan, written.size) };
    return summarise(settings, clock, pool, cache, written, {
      ...counts,
      memoryBound: memoryBound(written.plan, settings),
    });
  });
}

/** Phase 1: the plan, and what was read for it. */
async function settle(
  settings: PackSettings,
  pool: WorkerPool,
  cache: PackCache,
  clock: StageClock,
): Promise<{ files: ReadFile[]; plan: Plan }> {
  const { content, execution } = settings;
  execution.onProgress({ stage: 'walk', bytes: 0, totalBytes: null });
  const known = cache.openFiles(settings);
  if (known.isEmpty) pool.start();
  const selected = await clock.time('walk', () => selectAll(settings));
  const files = await clock.time('scan', () => scan(selected, content, execution, pool, known));
  cache.blocks.news = known.remember(files);
  execution.onProgress({ stage: 'plan', bytes: 0, totalBytes: null });
  return { files, plan: await clock.time('plan', () => makePlan(files, content)) };
}
