import { releaseTrees } from '../corpus/trees.js';
import { withScratch } from '../src/measure/scratchRoom.js';
import { median } from '../src/measure/statistics.js';
import { inTurns, type PackRun, runPack } from './packRun.js';
import { bytesRow, type Row, secondsRow } from './record.js';

/**
 * Four point releases in one bundle, against packing them one after the other, in turns. What is unfair: nothing known; both start
 * processes of their own, the latter one for each tree.
 */
export async function bundleRows(repetitions: number): Promise<Row[] | string> {
  const trees = releaseTrees();
  if (trees.length < 2) return 'no point releases in the corpus (npm run corpus -- --releases)';
  return withScratch(async scratch => {
    const packOf = [trees, ...trees.map(tree => [tree])];
    const runs = await inTurns(packOf.length, repetitions, which => runPack(packOf[which] ?? [], [], scratch));
    const [whole = [], ...each] = runs;
    const apart = whole.map((_, round) => each.reduce((sum, of) => sum + (of[round]?.seconds ?? 0), 0));
    const largest = Math.max(...each.map(sizeOf));
    const ratio = (sizeOf(whole) / largest).toFixed(3);
    const gain = (median(apart) / median(whole.map(({ seconds }) => seconds))).toFixed(2);
    return [
      secondsRow(
        `bundle of ${trees.length}`,
        whole.map(({ seconds }) => seconds),
        '',
      ),
      secondsRow(`${trees.length} packs`, apart, `${gain} times the bundle's time`),
      bytesRow(`bundle of ${trees.length}: archive`, sizeOf(whole), `${ratio} of the largest alone`),
      bytesRow('the largest alone: archive', largest, ''),
    ];
  });
}

function sizeOf(runs: readonly PackRun[]): number {
  return runs[0]?.summary.bytes.archive ?? 0;
}
