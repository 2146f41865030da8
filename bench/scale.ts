import { join } from 'node:path';
import { generateTree } from '../corpus/synthetic.js';
import { formatSize } from '../src/bytes/size.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import { median } from '../src/measure/statistics.js';
import { inTurns, type PackRun, runPack } from './packRun.js';
import { memoryRow, partOf, type Row, type SuiteOptions, secondsRow } from './record.js';
import type { BenchTree } from './sample.js';

/**
 * Whole packs (profile all) of synthetic trees, from the size of one kernel's headers to several kernels': time and memory against
 * the bytes of tar. What is unfair: made-up text compresses better than a kernel's, and a low preset is used so that what is not
 * the encoder shows; start-up is part of the smallest and makes the others look better than linear.
 */
export async function scaleRows(_: BenchTree, { headers, jobs, preset, repetitions }: SuiteOptions): Promise<Row[]> {
  const most = jobs.split(',').at(-1) ?? '1';
  // With radix the memory of one shared Block hides what grows with the tree.
  const options = ['--profile', 'all', '--jobs', most, '--codec', 'liblzma', '--preset', preset];
  return withScratch(async scratch => {
    const trees = headers.map(count => {
      const source = join(scratch, `tree-${count}`);
      generateTree(source, { headers: count, seed: 1 });
      return { source, object: null };
    });
    const runs = await inTurns(trees.length, repetitions, which => {
      const tree = trees[which];
      if (tree === undefined) throw new RangeError('No such tree');
      return runPack(tree, options, scratch);
    });
    return headers.flatMap((count, i) => rowsOf(`${count} headers, ${most} jobs`, runs[i] ?? [], runs[0] ?? []));
  });
}

function rowsOf(name: string, runs: readonly PackRun[], smallest: readonly PackRun[]): Row[] {
  const seconds = runs.map(run => run.seconds);
  const cpu = runs.map(run => run.cpuSeconds);
  const peaks = runs.map(run => run.peakMemory);
  const [first] = runs;
  const bound = first?.summary.memoryBound ?? 0;
  const tar = first?.summary.bytes.tar ?? 0;
  const times = tar / (smallest[0]?.summary.bytes.tar ?? tar);
  const linear = (values: readonly number[], of: (run: PackRun) => number): string =>
    `${(median(values) / median(smallest.map(of)) / times).toFixed(2)} of linear`;
  return [
    secondsRow(name, seconds, `${formatSize(tar)} of tar, ${linear(seconds, run => run.seconds)}`),
    secondsRow(
      partOf(name, 'CPU'),
      cpu,
      linear(cpu, run => run.cpuSeconds),
    ),
    memoryRow(
      partOf(name, 'peak'),
      peaks,
      `at most ${formatSize(bound)} by the formula${Math.max(...peaks) > bound ? ': EXCEEDED' : ''}`,
    ),
  ];
}
