import type { Row, SuiteOptions } from './record.js';
import type { BenchTree } from './sample.js';
import { sweepRows } from './sweepRows.js';

/**
 * Ours against the kernel's script on the same tree and the other programs on the same tar, taking turns: what the README's figures
 * come from. The tar is that of strip mode `kernel`, which is the script's. What is unfair: the programs are given the finished
 * tar, while ours and the script make it; the script copies all headers first, because that is how it works.
 */
export function versusRows(tree: BenchTree, { jobs, repetitions }: SuiteOptions): Promise<Row[]> {
  const axes = [{ jobs: [jobs], strip: ['kernel,comments,tokens'] }];
  return sweepRows(tree, axes, { kind: 'all' }, repetitions);
}
