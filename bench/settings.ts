import { withScratch } from '../src/measure/scratchRoom.js';
import { inTurns, runPack } from './packRun.js';
import { bytesRow, partOf, type Row, secondsRow } from './record.js';
import type { BenchTree } from './sample.js';

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

/** Size and encoder seconds of every combination. What is unfair: seconds of the encoder grow when workers share a core. */
export async function settingsRows(tree: BenchTree, repetitions: number): Promise<Row[]> {
  const all = combinations();
  return withScratch(async scratch => {
    const runs = await inTurns(all.length, repetitions, which => runPack(tree, all[which] ?? [], scratch));
    return all.flatMap((combination, i) => {
      const name = combination.join(' ');
      const { bytes, blocks } = runs[i]?.[0]?.summary ?? { bytes: { archive: 0 }, blocks: 0 };
      const encoding = runs[i]?.map(run => run.summary.workSeconds['encode'] ?? 0) ?? [];
      return [
        bytesRow(partOf(name, 'archive'), bytes.archive, `${blocks} Blocks`),
        secondsRow(partOf(name, 'encoder'), encoding, 'all workers together'),
      ];
    });
  });
}
