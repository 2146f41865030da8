import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { BenchInput, BenchPoint, BenchProgress, BenchSettings, PeerChoice, Spending } from '../model/bench.js';
import type { Settings } from '../model/settings.js';
import { type AxisKey, type AxisPoint, pointsOf } from './axes.js';
import { parseDuration } from './duration.js';
import type { Environment } from './environment.js';
import type { PackOptions } from './options.js';
import { resolveSettings } from './resolve.js';

/** What a command line may say of a sweep. Axes are lists; `lzma2` is one value for each time that the option is given. */
export type BenchOptions = Partial<Record<AxisKey, readonly string[]>> &
  Pick<PackOptions, 'objtree' | 'arch' | 'fromTar' | 'mtime'> & {
    readonly tree?: string | undefined;
    readonly peers?: string | undefined;
    readonly repetitions?: string | undefined;
    readonly time?: string | undefined;
    readonly runs?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: BenchProgress) => void) | undefined;
    readonly onNotice?: ((notice: string) => void) | undefined;
  };

const REPETITIONS = { default: 5, max: 1000 } as const;

/**
 * The one way from what was said of a sweep to what is known. Every point is resolved as a pack of its own, so that a value that
 * cannot be used is an error before anything runs.
 *
 * @throws KheadersPackError as `resolveSettings` does
 */
export function resolveBench(options: BenchOptions, environment: Environment): BenchSettings {
  const spending = resolveSpending(options);
  const peers = resolvePeers(options.peers);
  const onNotice = options.onNotice ?? (() => undefined);
  const settled = distinct(
    pointsOf(options).map((point, i) => ({
      point,
      settings: resolveSettings(packOptionsOf(options, point, i === 0 ? onNotice : () => undefined), environment),
    })),
  );
  const [first] = settled;
  if (first === undefined) throw new TypeError('A sweep has at least one point');
  return {
    input: inputOf(options, first.settings),
    points: settled.map(({ point, settings }): BenchPoint => {
      const srcarch = settings.kind === 'pack' ? (settings.content.kernels[0]?.srcarch ?? '') : '';
      return { jobs: settings.execution.jobs, srcarch, values: point.values };
    }),
    peers,
    spending,
    runs: options.runs === undefined ? null : resolvePath(environment.workingDirectory, options.runs),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    onNotice,
  };
}

interface Settled {
  readonly point: AxisPoint;
  readonly settings: Settings;
}

/** Without those that say a size or a number otherwise than another: 1M, 1MiB and 1024K are measured once. */
function distinct(settled: readonly Settled[]): Settled[] {
  const byMeaning = new Map<string, Settled>();
  for (const each of settled) {
    const { content, execution } = each.settings;
    const values = { ...each.point.values, '--block-size': content.blockSize, '--jobs': execution.jobs };
    const meaning = JSON.stringify(values);
    if (!byMeaning.has(meaning)) byMeaning.set(meaning, each);
  }
  return [...byMeaning.values()];
}

function packOptionsOf(options: BenchOptions, point: AxisPoint, onNotice: (notice: string) => void): PackOptions {
  const { tree, objtree, arch, fromTar, mtime } = options;
  return { trees: tree === undefined ? [] : [tree], objtree, arch, fromTar, mtime, ...point.options, onNotice };
}

function inputOf(options: BenchOptions, settings: Settings): BenchInput {
  if (settings.kind === 'recompress') {
    const shown = String(options.fromTar);
    return { kind: 'tar', shown, shownArgs: ['--from-tar', shown], path: requireFile(settings.execution.tar) };
  }
  const [trees] = settings.execution.trees;
  if (trees === undefined) throw new TypeError('A pack has a tree');
  const shown = options.tree ?? options.objtree ?? trees.sourceTree;
  const given = [
    ['--objtree', options.objtree],
    ['--arch', options.arch],
    ['--mtime', options.mtime],
  ] as const;
  const flags = given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return { kind: 'tree', shown, shownArgs: [shown, ...flags], trees, mtime: settings.content.mtime };
}

/** Every run reads the tar anew, which standard input does not allow. */
function requireFile(tar: string): string {
  if (tar !== '-') return tar;
  throw new KheadersPackError('E_OPTION_VALUE', { option: '--from-tar', value: '-', expected: 'a file' });
}

function resolveSpending(options: BenchOptions): Spending {
  const { repetitions, time } = options;
  if (time === undefined) return { kind: 'repetitions', count: resolveRepetitions(repetitions) };
  if (repetitions !== undefined) {
    const reason = 'the time decides how often each is run';
    throw new KheadersPackError('E_OPTION_CONFLICT', { first: '--time', second: '--repetitions', reason });
  }
  const seconds = parseDuration(time);
  if (seconds !== undefined) return { kind: 'time', seconds };
  throw new KheadersPackError('E_OPTION_VALUE', {
    option: '--time',
    value: time,
    expected: 'a time such as 90s, 10m or 1h',
  });
}

function resolveRepetitions(given: string | undefined): number {
  if (given === undefined) return REPETITIONS.default;
  const count = /^\d+$/.test(given) ? Number(given) : 0;
  if (count >= 1 && count <= REPETITIONS.max) return count;
  const expected = `a whole number from 1 to ${REPETITIONS.max}`;
  throw new KheadersPackError('E_OPTION_VALUE', { option: '--repetitions', value: given, expected });
}

function resolvePeers(given: string | undefined): PeerChoice {
  if (given === undefined || given === 'none') return { kind: 'none' };
  return given === 'all' ? { kind: 'all' } : { kind: 'named', names: given.split(',') };
}
