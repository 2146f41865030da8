import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, medianDeviation, type Row } from './table.js';

const CLI = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/**
 * All trees in one bundle, against packing them one after the other, in turns. The trees are those of
 * `npm run corpus -- --releases`. What is unfair: nothing known; both start processes of their own, the latter one for
 * each tree.
 */
export function bundleRows(trees: readonly string[], repetitions: number): Row[] {
  if (trees.length < 2) return [];
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-bundle-'));
  const archive = join(scratch, 'k.tar.xz');
  const pack = (inputs: readonly string[]): { seconds: number; bytes: number } => {
    const start = performance.now();
    const child = spawnSync(process.execPath, [CLI, ...inputs, '--arch', 'x86', '--quiet', '-o', archive]);
    if (child.status !== 0) throw new Error(`The pack failed: ${child.stderr}`);
    return { seconds: (performance.now() - start) / 1000, bytes: statSync(archive).size };
  };
  const whole: number[] = [];
  const apart: number[] = [];
  let bundleBytes = 0;
  let largest = 0;
  try {
    for (let i = 0; i < repetitions; i++) {
      const bundle = pack(trees);
      whole.push(bundle.seconds);
      bundleBytes = bundle.bytes;
      const each = trees.map(tree => pack([tree]));
      apart.push(each.reduce((sum, { seconds }) => sum + seconds, 0));
      largest = Math.max(...each.map(({ bytes }) => bytes));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const row = (name: string, seconds: readonly number[], notes: string): Row => ({
    name,
    seconds: median(seconds),
    spread: medianDeviation(seconds),
    runs: seconds.length,
    bytes: 0,
    notes,
  });
  return [
    row(
      `bundle of ${trees.length}`,
      whole,
      `${bundleBytes} bytes, ${(bundleBytes / largest).toFixed(3)} of the largest`,
    ),
    row(
      `${trees.length} packs`,
      apart,
      `the largest ${largest} bytes, ${(median(apart) / median(whole)).toFixed(2)} times the bundle's time`,
    ),
  ];
}
