/**
 * Draws the plane of size and time of a result of `kheaders-pack bench --json` once more, for a document:
 *
 *     node dist/bench/draw.js RESULT.json FILE.svg
 *
 * Of ours it shows the runs with the most jobs, which is what the peers are given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isOnFront } from '../src/measure/front.js';
import { sizeTimeFile } from '../src/measure/report/report.js';
import type { BenchResult, Contended } from '../src/measure/result.js';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  process.stderr.write('Usage: node dist/bench/draw.js RESULT.json FILE.svg\n');
  process.exit(2);
}

const result = JSON.parse(readFileSync(from, 'utf8')) as BenchResult;
if (result.schema !== 'kheaders-pack/bench/1') throw new Error(`"${from}" is no result of kheaders-pack bench`);
const most = Math.max(...result.contenders.map(({ jobs }) => jobs));
const shown = result.contenders.filter(({ kind, jobs }) => kind === 'peer' || jobs === most);
writeFileSync(to, sizeTimeFile({ ...result, contenders: shown.map(each => placedAmong(shown, each)) }));

/** Its place on the front of those that are shown, and its name without what all of ours share. */
function placedAmong(all: readonly Contended[], each: Contended): Contended {
  const places = all.map(({ bytes, seconds: { median: seconds, low, high } }) => ({ bytes, seconds, low, high }));
  const { median: seconds, low, high } = each.seconds;
  const isFirst = isOnFront({ bytes: each.bytes, seconds, low, high }, places);
  return { ...each, name: each.name.replace(` --jobs ${most}`, ''), isOnFront: isFirst };
}
