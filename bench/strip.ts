import { basename } from 'node:path';
import { stripperFor } from '../src/strip/strip.js';
import { bytesRow, partOf, type Row, secondsRow } from './record.js';
import { type BenchTree, headersOf } from './sample.js';

const RUNS = 15;

/**
 * What stripping costs and saves on all headers of the selection, contents already in memory, one thread, CPU seconds. The first
 * run of each mode, in which V8 compiles, is a row of its own. What is unfair: the modes run one after the other, so later ones find
 * code that is compiled and a larger heap.
 */
export async function stripRows(tree: BenchTree): Promise<Row[]> {
  const sources = headersOf(tree, Number.POSITIVE_INFINITY);
  const out = Buffer.alloc(sources.reduce((most, { length }) => Math.max(most, length), 0));
  const what = `${sources.length} headers of ${basename(tree.name)}`;
  return (['kernel', 'comments', 'tokens'] as const).flatMap(mode => {
    const strip = stripperFor(mode);
    let bytes = 0;
    const run = (): void => {
      bytes = 0;
      for (const source of sources) bytes += strip(source, out).length;
    };
    const first = cpuSeconds(run);
    const rest = Array.from({ length: RUNS }, () => cpuSeconds(run));
    const name = `strip ${mode}`;
    return [
      secondsRow(partOf(name, 'first'), [first], what),
      secondsRow(name, rest, ''),
      bytesRow(partOf(name, 'bytes'), bytes, ''),
    ];
  });
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
