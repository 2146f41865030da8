import { type PackCache, withCache } from '../cache/packCache.js';
import { KheadersPackError } from '../errors.js';
import type { Plan } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import type { PackSummary } from '../model/summary.js';
import { withPool } from '../pool/pool.js';
import { type Environment, gatherEnvironment } from '../settings/environment.js';
import type { PackOptions } from '../settings/options.js';
import { resolveSettings } from '../settings/resolve.js';
import { compressPlan } from './compress.js';
import { memoryBound } from './memory.js';
import { settle } from './settle.js';
import { StageClock } from './stages.js';
import { summarise } from './summary.js';
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
  if (settings.kind === 'pack') return withCache(settings, cache => packTrees(settings, cache));
  // Loaded late: it brings the readers of tar and xz, which a pack has no use for.
  const { recompress } = await import('./recompress.js');
  return withCache(settings, cache => recompress(settings, cache));
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
  return withCache(settings, cache =>
    withPool(settings.execution.jobs, async pool => {
      const settled = await settle(settings, pool, cache, new StageClock());
      await cache.close();
      return settled.plan();
    }),
  );
}

async function packTrees(settings: PackSettings, cache: PackCache): Promise<PackSummary> {
  const { content, execution } = settings;
  const clock = new StageClock();
  return withPool(execution.jobs, async pool => {
    const { outline, written } = await withSink(execution, async sink => {
      const settled = await settle(settings, pool, cache, clock);
      const blocks = compressPlan(settled, content, execution, pool, cache.blocks);
      const written = await clock.time('compress', () => writeStream(blocks, content.encoding.check, sink));
      return { outline: settled.outline, written };
    });
    await cache.close();
    const bytes = { ...outline.bytes, archive: written.size };
    const counts = { files: outline.files, bytes, memoryBound: memoryBound(outline, settings) };
    return summarise(settings, clock, pool, cache, written, counts);
  });
}
