import { join } from 'node:path';
import { PROGRAM as INSTALLED } from '../corpus/trees.js';
import type { PackSummary } from '../src/index.js';
import { type Measured, measureCommand } from '../src/measure/command.js';
import type { Program } from '../src/measure/ours.js';
import type { BenchTree } from './sample.js';

/** The program as it is installed. */
export const PROGRAM: Program = [process.execPath, INSTALLED];

/** A whole pack in a process of its own, measured from outside, and what it says of itself. */
export interface PackRun extends Measured {
  readonly summary: PackSummary;
}

/** Packs the tree with the given options, so that start-up and cold code count as they do for a user. */
export async function runPack(
  trees: Pick<BenchTree, 'source' | 'object'> | readonly string[],
  options: readonly string[],
  scratch: string,
): Promise<PackRun> {
  const [node, main] = PROGRAM;
  const inputs =
    'source' in trees ? [trees.source, ...(trees.object === null ? [] : ['--objtree', trees.object])] : trees;
  // Profile all takes every architecture.
  const arch = options.includes('all') ? [] : ['--arch', 'x86'];
  const fixed = [...arch, '--mtime', '@0', '--quiet', '--json', '-o', join(scratch, 'k.tar.xz')];
  const measured = await measureCommand({
    command: node,
    args: [main, 'pack', ...inputs, ...options, ...fixed],
    workingDirectory: scratch,
    variables: {},
    input: null,
    output: null,
  });
  return { ...measured, summary: JSON.parse(measured.output) as PackSummary };
}

/** Runs each in turn (A B C A B C), so that a slow minute of the machine hits all of them. */
export async function inTurns<T>(
  count: number,
  repetitions: number,
  run: (which: number) => Promise<T>,
): Promise<T[][]> {
  const results = Array.from({ length: count }, (): T[] => []);
  for (let round = 0; round < repetitions; round++) {
    for (let which = 0; which < count; which++) results[which]?.push(await run(which));
  }
  return results;
}
