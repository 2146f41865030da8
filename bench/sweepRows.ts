import type { Contended } from '../src/measure/result.js';
import { sweep } from '../src/measure/sweep.js';
import type { BenchPoint, BenchSettings, PeerChoice } from '../src/model/bench.js';
import { type BenchOptions, resolveBench } from '../src/settings/bench.js';
import { gatherEnvironment } from '../src/settings/environment.js';
import { PROGRAM } from './packRun.js';
import { bytesRow, memoryRow, partOf, type Row } from './record.js';
import type { BenchTree } from './sample.js';

/** The points of several sweeps in one, each once, measured in turns as `kheaders-pack bench` does. */
export async function sweepRows(
  tree: BenchTree,
  axes: readonly BenchOptions[],
  peers: PeerChoice,
  repetitions: number,
): Promise<Row[]> {
  const environment = { ...gatherEnvironment(), isTerminal: false };
  const common = { tree: tree.source, objtree: tree.object ?? undefined, arch: 'x86', mtime: '@1700000000' };
  const settled = axes.map(axis => resolveBench({ ...common, ...axis }, environment));
  const [first] = settled;
  if (first === undefined) throw new TypeError('A sweep has at least one axis');
  const points = new Map<string, BenchPoint>();
  for (const point of settled.flatMap(each => each.points)) points.set(JSON.stringify(point), point);
  const settings: BenchSettings = {
    ...first,
    points: [...points.values()],
    peers,
    spending: { kind: 'repetitions', count: repetitions },
    onNotice: notice => process.stderr.write(`${notice}\n`),
  };
  const { contenders } = await sweep(settings, environment, PROGRAM);
  return contenders.flatMap(rowsOf);
}

function rowsOf(each: Contended): Row[] {
  const { name, seconds, cpuSeconds, bytes, peakMemory, decode, digests, stages } = each;
  if (each.kind === 'ours' && digests.length > 1) throw new Error(`${name} gave ${digests.length} different archives`);
  const front = each.isOnFront ? 'on the front of size and time' : '';
  return [
    { name, unit: 'seconds', estimate: seconds, notes: front },
    { name: partOf(name, 'CPU'), unit: 'seconds', estimate: cpuSeconds, notes: '' },
    bytesRow(partOf(name, 'archive'), bytes, `${((100 * bytes) / each.tarBytes).toFixed(2)} % of its tar`),
    memoryRow(partOf(name, 'peak'), [peakMemory], ''),
    ...(decode === null
      ? []
      : [{ name: partOf(name, 'decode'), unit: 'seconds', estimate: decode.seconds, notes: decode.command } as const]),
    ...Object.entries(stages ?? {}).map(
      ([stage, estimate]): Row => ({ name: partOf(name, stage), unit: 'seconds', estimate, notes: '' }),
    ),
  ];
}
