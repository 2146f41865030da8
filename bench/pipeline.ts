import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Run, runPack } from './runPack.js';
import type { BenchTree } from './sample.js';
import { median, medianDeviation, type Row } from './table.js';

/** One combination of settings. */
export interface Variant {
  readonly jobs: number;
  readonly blockSize: string;
}

/**
 * Whole packs, each in a process of its own, so that start-up and cold code count as they do for a user. The variants
 * take turns (A B C A B C), so that a slow minute of the machine hits all of them.
 */
export function pipelineRows(tree: BenchTree, variants: readonly Variant[], repetitions: number): Row[] {
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-bench-'));
  try {
    const runs = variants.map((): Run[] => []);
    for (let i = 0; i < repetitions; i++) {
      for (const [at, variant] of variants.entries()) runs[at]?.push(runPack(tree, optionsOf(variant), scratch));
    }
    return variants.flatMap((variant, at) => rowsOf(variant, runs[at] ?? []));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function optionsOf(variant: Variant): string[] {
  return ['--arch', 'x86', '--jobs', String(variant.jobs), '--block-size', variant.blockSize];
}

function rowsOf(variant: Variant, runs: readonly Run[]): Row[] {
  const [first] = runs;
  if (first === undefined) return [];
  const digests = new Set(runs.map(run => run.summary.digest));
  if (digests.size > 1) throw new Error(`The same settings gave ${digests.size} different archives: that is a bug`);
  const { bytes, blocks } = first.summary;
  const cpu = median(runs.map(run => run.summary.cpuSeconds.total));
  const memory = Math.max(...runs.map(run => run.summary.peakMemory)) / 2 ** 20;
  const seconds = runs.map(run => run.seconds);
  const whole: Row = {
    name: `pack, ${variant.jobs} jobs, Blocks of ${variant.blockSize}`,
    seconds: median(seconds),
    spread: medianDeviation(seconds),
    runs: runs.length,
    bytes: bytes.tar,
    notes: `${bytes.archive} bytes, ${blocks} Blocks, ${cpu.toFixed(2)} CPU s, ${memory.toFixed(0)} MiB`,
  };
  return [whole, ...stageRows(runs)];
}

function stageRows(runs: readonly Run[]): Row[] {
  const stages = ['walk', 'scan', 'plan', 'compress'] as const;
  return stages.map(stage => {
    const seconds = runs.map(run => run.summary.seconds[stage]);
    const share = median(runs.map(run => run.summary.seconds[stage] / run.seconds));
    const name = `  ${stage}`;
    const notes = `${(100 * share).toFixed(1)} % of the wall time`;
    return { name, seconds: median(seconds), spread: medianDeviation(seconds), runs: runs.length, bytes: 0, notes };
  });
}
