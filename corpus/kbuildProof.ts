import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorpusError, output, succeeds } from './command.js';
import { SIDES, type Side } from './kbuildProof/sides.js';
import { type BuildTree, prepare } from './kbuildProof/tree.js';
import { PROJECT_ROOT, SERIES, TREES_DIR } from './trees.js';

const HELP = `Usage: npm run kbuild [-- REPETITIONS]

kheaders-pack kbuild against kernel/gen_kheaders.sh where both belong: in the builds of the whole kernels that npm run
corpus -- --full fetched, in the source tree and with O=. Each side makes the archive through make; the tars inside are
compared byte by byte. Then both commands run as make runs them, taking turns: in full, and with nothing changed.
The trees are copied (1.7 GiB at a time) and removed again.

Exit codes: 0 all same, 1 a tar differs, 2 trouble, or nothing could be compared.
`;

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  const [repetitions = '3'] = args;
  if (!/^[1-9]\d?$/.test(repetitions)) {
    process.stdout.write(HELP);
    return repetitions === '--help' ? 0 : 2;
  }
  const there = SERIES.filter(series => existsSync(join(TREES_DIR, `linux-source-${series}`)));
  if (there.length === 0) {
    process.stdout.write('skipped: no whole sources here (npm run corpus -- --full)\n');
    return 2;
  }
  // Beside the project, where a disk has room for a kernel.
  const scratch = mkdtempSync(
    join(existsSync(join(PROJECT_ROOT, 'corpus')) ? join(PROJECT_ROOT, 'corpus') : tmpdir(), 'kernels-kbuild-'),
  );
  try {
    const verdicts = there.flatMap(series =>
      prepare(series, scratch, tree => compare(tree, scratch, Number(repetitions))),
    );
    return verdicts.every(isSame => isSame) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Gives whether the tars are the same. */
function compare(tree: BuildTree, scratch: string, repetitions: number): boolean {
  const tars = SIDES.map(side => {
    const tar = join(scratch, `${side.name}.tar`);
    side.makeThroughMake(tree);
    output('sh', ['-c', 'xz -dc "$1" > "$2"', 'sh', join(tree.object, tree.target), tar]);
    return tar;
  });
  const isSame = succeeds('cmp', tars);
  process.stdout.write(`${tree.name}: the tars are ${isSame ? 'the same' : 'DIFFERENT'}\n`);
  for (const work of ['full', 'no change'] as const) {
    const times = new Map<Side, { wall: number; cpu: number }[]>(SIDES.map(side => [side, []]));
    for (let i = 0; i < repetitions; i++) {
      for (const side of SIDES) times.get(side)?.push(side.time(tree, work));
    }
    for (const [side, all] of times) {
      const [wall, cpu] = (['wall', 'cpu'] as const).map(key => all.map(each => each[key]).sort((a, b) => a - b));
      const middle = (sorted: number[] = []): string => (sorted[sorted.length >> 1] ?? Number.NaN).toFixed(2);
      const spread = (sorted: number[] = []): string => `${sorted[0]?.toFixed(2)} to ${sorted.at(-1)?.toFixed(2)}`;
      process.stdout.write(
        `  ${work.padEnd(9)} ${side.name.padEnd(16)} ${middle(wall)} s (${spread(wall)}), ${middle(cpu)} CPU s (${spread(cpu)})\n`,
      );
    }
  }
  return isSame;
}
