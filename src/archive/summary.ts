import type { PackCache } from '../cache/packCache.js';
import { codecNamed } from '../lzma/codec.js';
import type { Settings } from '../model/settings.js';
import type { ByteCounts, FileCounts, PackSummary } from '../model/summary.js';
import type { WorkerPool } from '../pool/pool.js';
import { TOOL } from '../version.js';
import { settingsOf } from './manifest/build.js';
import type { StageClock } from './stages.js';
import type { Written } from './write.js';

/** The parts of a summary that depend on what was packed. */
export interface Counts {
  readonly files: FileCounts;
  readonly bytes: ByteCounts;
  readonly memoryBound: number | null;
}

export function summarise(
  settings: Settings,
  clock: StageClock,
  pool: WorkerPool,
  cache: PackCache,
  written: Written,
  counts: Counts,
): PackSummary {
  const { execution } = settings;
  // The workers of a pack decode nothing.
  const { decode, ...workSeconds } = pool.seconds;
  return {
    schema: 'kheaders-pack/summary/1',
    tool: TOOL,
    settings: settings.kind === 'recompress' ? settings.content : settingsOf(settings.content),
    codecBuild: codecNamed(settings.content.encoding.codec.name).build(),
    jobs: execution.jobs,
    output: execution.output.kind === 'file' ? execution.output.path : null,
    digest: written.digest,
    files: counts.files,
    bytes: counts.bytes,
    blocks: written.blocks,
    cache: cache.summary(),
    seconds: clock.seconds(),
    cpuSeconds: clock.cpuSeconds(),
    workSeconds,
    memoryBound: counts.memoryBound,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}
