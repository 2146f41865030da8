import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecBuild } from '../src/lzma/build.js';
import { runPack } from './runPack.js';
import type { BenchTree } from './sample.js';

/** One combination of settings and what it came to. Bytes are exact; seconds are those of this machine. */
interface Result {
  readonly options: string;
  readonly archive: number;
  readonly blocks: number;
  /** Encoder seconds, all workers together. */
  readonly encodeSeconds: number;
  readonly peakMemory: number;
}

const BLOCK_SIZES = ['1MiB', '2MiB', '3MiB', '4MiB', '6MiB', '8MiB', '16MiB', '64MiB'];
const NICE_LENGTHS = [16, 32, 48, 96, 128, 273];
const DEPTHS = [8, 16, 32, 64, 128, 512];
const MATCH_FINDERS = ['hc4', 'bt2', 'bt3'];
const PRESETS = ['3', '5', '9e'];
const STRIP_MODES = ['kernel', 'comments', 'tokens'];
const ORDERS = ['gnu', 'files-first'];

/** Everything that the defaults were chosen from: one axis at a time around them, strip modes and orders against each other. */
function combinations(): string[][] {
  return [
    ...STRIP_MODES.flatMap(strip => ORDERS.map(order => ['--strip', strip, '--order', order])),
    ...BLOCK_SIZES.flatMap(size => ORDERS.map(order => ['--block-size', size, '--order', order])),
    ...NICE_LENGTHS.map(nice => ['--lzma2', `nice=${nice}`]),
    ...DEPTHS.map(depth => ['--lzma2', `depth=${depth}`]),
    ...MATCH_FINDERS.map(finder => ['--lzma2', `mf=${finder}`]),
    ...PRESETS.map(preset => ['--preset', preset]),
    ['--lzma2', 'lc=3,pb=2'],
    ['--lzma2', 'lc=3,pb=0'],
    ['--lzma2', 'nice=273,depth=512', '--block-size', '64MiB', '--order', 'files-first', '--strip', 'tokens'],
  ];
}

/** Packs the tree with every combination, prints a table, and writes `bench/results/settings-TREE.json`. */
export function settingsTable(tree: BenchTree): void {
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-settings-'));
  const results: Result[] = [];
  try {
    for (const combination of combinations()) {
      const { summary } = runPack(tree, ['--arch', 'x86', ...combination], scratch);
      const { bytes, blocks, workSeconds, peakMemory } = summary;
      const encodeSeconds = Number((workSeconds['encode'] ?? 0).toFixed(2));
      results.push({ options: combination.join(' '), archive: bytes.archive, blocks, encodeSeconds, peakMemory });
      const line = [
        String(bytes.archive).padStart(9),
        String(blocks).padStart(4),
        encodeSeconds.toFixed(2).padStart(7),
      ];
      process.stdout.write(`${line.join(' ')}  ${combination.join(' ')}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const directory = fileURLToPath(new URL('../../bench/results/', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const environment = { node: process.version, processor: cpus()[0]?.model ?? '', codecBuild: codecBuild() };
  const command = `npm run bench -- --suite settings --tree ${tree.name}`;
  const report = { command, tree: tree.name, environment, columns: 'bytes, Blocks, encoder seconds', results };
  writeFileSync(join(directory, `settings-${tree.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
