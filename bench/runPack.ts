import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackSummary } from '../src/index.js';
import type { BenchTree } from './sample.js';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** A whole pack in a process of its own. */
export interface Run {
  /** Wall-clock seconds of the process, start-up included. */
  readonly seconds: number;
  readonly summary: PackSummary;
}

/** Packs the tree with the given options, so that start-up and cold code count as they do for a user. */
export function runPack(tree: BenchTree, options: readonly string[], scratch: string): Run {
  const objects = tree.object === null ? [] : ['--objtree', tree.object];
  const fixed = ['--mtime', '@0', '--quiet', '--json', '-o', join(scratch, 'k.tar.xz')];
  const start = performance.now();
  const child = spawnSync(process.execPath, [CLI, tree.source, ...objects, ...options, ...fixed], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  const seconds = (performance.now() - start) / 1000;
  if (child.status !== 0) throw new Error(`The pack failed: ${child.stderr}`);
  return { seconds, summary: JSON.parse(child.stdout) as PackSummary };
}
