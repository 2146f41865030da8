import { printable } from '../bytes/bytePath.js';
import { codecBuild } from '../lzma/build.js';
import type { Plan } from '../model/plan.js';
import type { Settings } from '../model/settings.js';
import type { ByteCounts, FileCounts, PackSummary, ReportedSettings } from '../model/summary.js';
import type { ReadFile } from '../plan/entries.js';
import type { WorkerPool } from '../pool/pool.js';
import { TOOL } from '../version.js';
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
  written: Written,
  counts: Counts,
): PackSummary {
  const { execution } = settings;
  // The workers of a pack decode nothing.
  const { decode, ...workSeconds } = pool.seconds;
  return {
    schema: 'kheaders-pack/summary/1',
    tool: TOOL,
    settings: reported(settings),
    codecBuild: codecBuild(),
    jobs: execution.jobs,
    output: execution.output.kind === 'file' ? execution.output.path : null,
    digest: written.digest,
    files: counts.files,
    bytes: counts.bytes,
    blocks: written.blocks,
    seconds: clock.seconds(),
    cpuSeconds: clock.cpuSeconds(),
    workSeconds,
    memoryBound: counts.memoryBound,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}

export function countsOf(plan: Plan): FileCounts {
  const count = (kind: string): number => plan.entries.filter(entry => entry.kind === kind).length;
  return {
    entries: plan.entries.length,
    regular: count('regular'),
    hardLinks: count('hardlink'),
    symbolicLinks: count('symlink'),
    directories: count('directory'),
  };
}

export function bytesOf(files: readonly ReadFile[], plan: Plan, archive: number): ByteCounts {
  const raw = files.reduce((sum, file) => sum + (file.digested?.rawSize ?? 0), 0);
  const stripped = files.reduce((sum, file) => sum + (file.digested?.size ?? 0), 0);
  const stored = plan.entries.reduce((sum, entry) => sum + (entry.kind === 'regular' ? entry.size : 0), 0);
  return { raw, stripped, deduplicated: stripped - stored, tar: plan.tarSize, archive };
}

function reported(settings: Settings): ReportedSettings {
  if (settings.kind === 'recompress') return settings.content;
  const { selection, kernels, ...content } = settings.content;
  const { profile, include, exclude } = selection;
  return {
    ...content,
    kernels: kernels.map(({ name, srcarch }) => ({ name: printable(name), srcarch })),
    profile,
    include,
    exclude,
  };
}
