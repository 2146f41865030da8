import type { Row, SuiteOptions } from './record.js';
import type { BenchTree } from './sample.js';
import { sweepRows } from './sweepRows.js';

/**
 * Whole packs, each in a process of its own, so that start-up and cold code count as they do for a user: the jobs with the Block
 * sizes, and each of the other settings around the defaults. What is unfair: the page cache is warm from the first pack on.
 */
export function pipelineRows(tree: BenchTree, { jobs, blockSize, repetitions }: SuiteOptions): Promise<Row[]> {
  const axes = [
    { jobs: [jobs], blockSize: [blockSize] },
    { jobs: [jobs], strip: ['none,kernel,tokens'] },
    { jobs: [jobs], order: ['gnu'] },
    { jobs: [jobs], codec: ['liblzma'] },
    { jobs: [jobs], preset: ['0'] },
  ];
  return sweepRows(tree, axes, { kind: 'none' }, repetitions);
}
