import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { collectGarbage, limitHeapGrowth } from '../../src/cli/heapGrowth.js';

/** Fills a heap with what lives, beside as much garbage that has grown old, and prints the largest it was, in MiB. */
const GROWING = `
  const kept = [];
  let old = [];
  let largest = 0;
  for (let i = 0; i < 1_000_000; i++) {
    kept.push({ i });
    old.push({ i, text: 'x'.repeat(20) + i });
    if (old.length === 100_000) old = [];
    if (i % 1000 === 0) largest = Math.max(largest, process.memoryUsage().heapUsed);
  }
  console.log(largest / 2 ** 20, kept.length);
`;

/** The median of three runs: when V8 collects, and so what a heap had grown to by then, is not the same each time. */
function largestHeap(before: string): number {
  const [, median = 0] = [1, 2, 3].map(() => largestOnce(before)).sort((a, b) => a - b);
  return median;
}

function largestOnce(before: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', `${before}\n${GROWING}`], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return Number(stdout.split(' ')[0]);
}

test('a heap grows less beyond what lives in it, and this V8 knows how to be told', () => {
  const module = JSON.stringify(new URL('../../src/cli/heapGrowth.js', import.meta.url).href);
  const limited = largestHeap(`import { ${limitHeapGrowth.name} } from ${module}; ${limitHeapGrowth.name}();`);
  const free = largestHeap('');
  assert.ok(limited < 0.95 * free, `${limited} MiB instead of ${free}`);
});

/** Leaves garbage that is old all over the heap, and prints what the heap takes then, in MiB, before and after. */
const LITTERED = `
  globalThis.kept = [];
  {
    const litter = [];
    for (let i = 0; i < 900_000; i++) (i % 3 === 0 ? kept : litter).push({ i, text: 'x'.repeat(10) + i });
  }
  const before = process.memoryUsage().heapTotal;
  collectGarbage();
  console.log(before / 2 ** 20, process.memoryUsage().heapTotal / 2 ** 20);
`;

test('garbage that is collected leaves a heap of the size of what lives, and this V8 knows how to be told', () => {
  const module = JSON.stringify(new URL('../../src/cli/heapGrowth.js', import.meta.url).href);
  const code = `import { ${collectGarbage.name} } from ${module}; ${LITTERED}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  assert.equal(stderr, '');
  const [before = 0, after = 0] = stdout.split(' ').map(Number);
  assert.ok(after < 0.85 * before, `${after} MiB instead of ${before}`);
});
