/**
 * What stripping costs and saves on a kernel tree's `headers` selection for x86.
 *
 *     node dist/bench/strip.js TREE
 *
 * One thread, contents already in memory, CPU seconds (user and system). The first run of each mode, in which V8 compiles, is
 * shown apart. What is unfair: the modes run one after the other, so later ones find a larger heap.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headersBelow } from '../corpus/tokenProof/headers.js';
import { stripperFor } from '../src/strip/strip.js';

const SELECTED = ['include', 'arch/x86/include'];
const RUNS = 15;

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const [tree = '.'] = process.argv.slice(2);
const sources = SELECTED.flatMap(part => {
  const root = join(tree, part);
  return [...headersBelow(root)].map(name => readFileSync(join(root, name)));
});
console.log(`${sources.length} headers, ${sources.reduce((sum, { length }) => sum + length, 0)} bytes`);
const out = Buffer.alloc(sources.reduce((most, { length }) => Math.max(most, length), 0));
for (const mode of ['kernel', 'comments', 'tokens'] as const) {
  const strip = stripperFor(mode);
  let bytes = 0;
  const run = (): void => {
    bytes = 0;
    for (const source of sources) bytes += strip(source, out).length;
  };
  const first = cpuSeconds(run);
  const rest = Array.from({ length: RUNS }, () => cpuSeconds(run)).sort((a, b) => a - b);
  const [least, median, most] = [0, RUNS >> 1, RUNS - 1].map(i => rest[i]?.toFixed(2));
  console.log(
    `${mode}: ${bytes} bytes, first ${first.toFixed(2)} s, then ${least} / ${median} / ${most} s (least, median, most)`,
  );
}
