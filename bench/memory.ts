import { formatSize } from '../src/bytes/size.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import { inTurns, runPack } from './packRun.js';
import { memoryRow, partOf, type Row, type SuiteOptions } from './record.js';
import type { BenchTree } from './sample.js';

/**
 * Peak memory of whole packs by jobs, Block size and profile, beside the bound of the formula. What is unfair: the formula bounds
 * the worst case, so it lies above on purpose.
 */
export async function memoryRows(tree: BenchTree, { jobs, blockSize, repetitions }: SuiteOptions): Promise<Row[]> {
  const variants = [
    ...jobs.split(',').flatMap(count => blockSize.split(',').map(size => ['--jobs', count, '--block-size', size])),
    ['--jobs', '2', '--preset', '9'],
    ['--jobs', '2', '--block-size', '64MiB'],
  ];
  return withScratch(async scratch => {
    const runs = await inTurns(variants.length, repetitions, which => runPack(tree, variants[which] ?? [], scratch));
    return variants.map((variant, i) => {
      const bound = runs[i]?.[0]?.summary.memoryBound ?? Number.NaN;
      const peaks = runs[i]?.map(run => run.peakMemory) ?? [];
      const notes = `at most ${formatSize(bound)} by the formula${Math.max(...peaks) > bound ? ': EXCEEDED' : ''}`;
      return memoryRow(partOf(variant.join(' '), 'peak'), peaks, notes);
    });
  });
}
