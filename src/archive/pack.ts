import { type PackCache, withCache } from '../cache/packCache.js';
import { KheadersPackError } from '../errors.js';
import type { KernelFile, Plan } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import type { PackSummary } from '../model/summary.js';
import type { ReadFile } from '../plan/entries.js';
import { type WorkerPool, withPool } from '../pool/pool.js';
import { type Environment, gatherEnvironment } from '../settings/environment.js';
import type { PackOptions } from '../settings/options.js';
import { resolveSettings } from '../settings/resolve.js';
import { writtenBy } from '../settings/written.js';
import type { EncodedBlock } from '../xz/block.js';
import { compressPlan, isShared } from './compress.js';
import { EarlyBlocks } from './early.js';
import { requireFilesKept } from './filesKept.js';
import { BlockRecorder } from './manifest/blockRecorder.js';
import { writeCompanions } from './manifest/companions.js';
import { memoryBound } from './memory.js';
import { selectAll } from './selectAll.js';
import { type Select, type Settled, settle } from './settle.js';
import { StageClock } from './stages.js';
import { summarise } from './summary.js';
import { traceFor } from './trace.js';
import { type Sinks, type Written, withSinks, writeStream } from './write.js';

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
  if (settings.kind === 'pack') {
    const select = (): Promise<KernelFile[]> => selectAll(settings.content, settings.execution.trees);
    return (await packSelected(settings, select, false)).summary;
  }
  // Loaded late: it brings the readers of tar and xz, which a pack has no use for.
  const { recompress } = await import('./recompress.js');
  return withCache(settings, cache => recompress(settings, cache));
}

/** What was packed, and what was read for it. */
export interface Packed {
  readonly summary: PackSummary;
  readonly files: readonly ReadFile[];
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
  const { content, execution } = settings;
  const { trees } = execution;
  const select = (): Promise<KernelFile[]> => selectAll(content, trees);
  return withCache(settings, cache =>
    withPool(execution.jobs, async pool => {
      const options = { clock: new StageClock(), withRaw: false, cache };
      const settled = await settle(content, trees, select, execution, pool, options);
      await cache.close();
      return settled.plan();
    }),
  );
}

/** Packs the files that `select` gives. */
export async function packFiles(settings: PackSettings, select: Select): Promise<Packed> {
  return packSelected(settings, select, true);
}

/** @param keepsFiles whether the caller wants to know the files; else they are let go of as soon as they are not needed */
async function packSelected(settings: PackSettings, select: Select, keepsFiles: boolean): Promise<Packed> {
  return withCache(settings, cache =>
    withPool(settings.execution.jobs, pool => packOn(settings, select, keepsFiles, pool, cache)),
  );
}

async function packOn(
  settings: PackSettings,
  select: Select,
  keepsFiles: boolean,
  pool: WorkerPool,
  cache: PackCache,
): Promise<Packed> {
  const { content, execution } = settings;
  const clock = new StageClock();
  const selectKept: Select = async () => {
    const files = await select();
    requireFilesKept(files, execution.trees, writtenBy(execution));
    return files;
  };
  const { outline, files, written } = await withSinks(execution, async sinks => {
    const trace = traceFor(sinks.trace, pool);
    const withRaw = sinks.manifest !== null || sinks.provenance !== null;
    const early = isShared(content) ? undefined : new EarlyBlocks(content, execution, pool, cache.blocks);
    const options = { clock, withRaw, cache, early };
    const settled = await settle(content, execution.trees, selectKept, execution, pool, options);
    if (!keepsFiles && !withRaw && sinks.sha256sums === null) settled.forgetFiles();
    const blocks = compressPlan(settled, content, execution, pool, cache.blocks, early);
    const archive = trace.watch(sinks.archive);
    const written = await clock.time('compress', () => writeAll(settings, settled, blocks, { ...sinks, archive }));
    await trace.write(pool.jobs, clock);
    return { ...settled, written };
  });
  await cache.close();
  const bytes = { ...outline.bytes, archive: written.size };
  const counts = { files: outline.files, bytes, memoryBound: memoryBound(outline, settings) };
  return { summary: summarise(settings, clock, pool, cache, written, counts), files };
}

/** The archive, and what is wanted beside it. */
async function writeAll(
  settings: PackSettings,
  settled: Settled,
  blocks: AsyncIterable<EncodedBlock>,
  sinks: Sinks,
): Promise<Written> {
  const recorder = new BlockRecorder();
  const wantsBlocks = sinks.manifest !== null || sinks.provenance !== null;
  const passed = wantsBlocks ? recorder.record(blocks) : blocks;
  const written = await writeStream(passed, settings.content.encoding.check, sinks.archive);
  if (!wantsBlocks && sinks.sha256sums === null) return written;
  const archive = { size: written.size, sha256: written.digest };
  const { files } = settled;
  await writeCompanions(settings, { files, plan: settled.plan(), blocks: recorder.blocks, archive }, sinks);
  return written;
}
