/**
 * The sweep: every combination of settings, and peers, measured in turns on one tree or tar.
 *
 * First one pack with the first settings, not counted: it brings the tree into the page cache, which is all that a fresh process
 * can find warm, and its tar is what the peers compress. Then rounds (see `schedule.ts`), each run a process of its own, nothing
 * beside it. A sweep that is stopped gives what it has.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withArchive } from '../archive/reading/open.js';
import { KheadersPackError, systemReason } from '../errors.js';
import type { BenchProgress, BenchSettings } from '../model/bench.js';
import type { Environment } from '../settings/environment.js';
import { resolveReading } from '../settings/reading.js';
import { TOOL } from '../version.js';
import { CommandFailed, measureCommand } from './command.js';
import { contended } from './contended.js';
import { type Contender, digestOf, runOnce, sizeOf } from './contender.js';
import { type OwnRuns, ourCommand, ourContender, type Program } from './ours.js';
import type { BenchResult, Run } from './result.js';
import { peerContenders, usablePeers } from './rivals.js';
import { costOf, nextRound, type Standing } from './schedule.js';
import { withScratch } from './scratchRoom.js';
import { fileStore, memoryStore, type RunStore } from './store.js';
import { surroundings } from './surroundings.js';
import { findProgram } from './which.js';

/**
 * @throws KheadersPackError `E_MEASURE` when a command fails; `E_OPTION_VALUE` for peers that cannot run; `E_RUNS`
 */
export async function sweep(settings: BenchSettings, environment: Environment, program: Program): Promise<BenchResult> {
  const started = new Date().toISOString();
  const where = surroundings(environment.parallelism);
  const notices: string[] = [];
  const notice = (text: string): void => {
    notices.push(text);
    settings.onNotice(text);
  };
  const path = environment.variables['PATH'] ?? '';
  const place = { input: settings.input, srcarch: settings.points[0]?.srcarch ?? '', path };
  const peers = usablePeers(settings.peers, place, notice);
  return withScratch(async scratch => {
    const own: OwnRuns = { program, scratch, hasDecoder: findProgram('xz', path) !== null };
    settings.onProgress({ name: 'the first pack, not counted', runs: 0, done: 0, total: 1, secondsLeft: null });
    const tar = await measured('the first pack', () => makeTar(settings, own, environment));
    const tarBytes = await sizeOf(tar);
    const jobs = Math.max(...settings.points.map(point => point.jobs));
    const contenders = [
      ...settings.points.map(point => ourContender(settings.input, point, own)),
      ...peerContenders(peers, { ...place, scratch, tar, tarBytes, jobs }),
    ];
    const tarDigest = await digestOf(tar);
    const identity = { schema: 'kheaders-pack/bench-runs/1', version: TOOL.version, tarDigest, jobs } as const;
    const store = settings.runs === null ? memoryStore() : fileStore(settings.runs, identity);
    const isWhole = await measureRounds(contenders, settings, store);
    if (!isWhole) notice('The sweep was stopped before its end');
    const { kind, shown: name } = settings.input;
    const results = contended(contenders, store);
    for (const { name: which, digests } of results.filter(each => each.digests.length > 1)) {
      notice(`The same settings gave ${digests.length} different archives: ${which}`);
    }
    const input = { kind, name, tarBytes, tarDigest };
    return {
      schema: 'kheaders-pack/bench/1',
      tool: TOOL,
      started,
      environment: where,
      input,
      contenders: results,
      notices,
    };
  });
}

/** Whether it came to its end; stopped on request, it did not. */
async function measureRounds(
  contenders: readonly Contender[],
  settings: BenchSettings,
  store: RunStore,
): Promise<boolean> {
  const start = performance.now();
  const costs = new Map<string, number[]>();
  const standings = (): Standing[] =>
    contenders.map(({ name }) => standingOf(store.runsOf(name), costs.get(name) ?? []));
  for (;;) {
    const elapsed = (performance.now() - start) / 1000;
    const round = nextRound(standings(), settings.spending, elapsed);
    if (round.length === 0) return true;
    for (const [done, which] of round.entries()) {
      if (settings.signal.aborted) return false;
      const contender = contenders[which] as Contender;
      const left = secondsLeft(round.slice(done), standings(), settings, (performance.now() - start) / 1000);
      settings.onProgress({
        name: contender.name,
        ...countOf(store, contenders, settings, round, done),
        secondsLeft: left,
      });
      const before = performance.now();
      const run = await measured(contender.name, () => runOnce(contender));
      costs.set(contender.name, [...(costs.get(contender.name) ?? []), (performance.now() - before) / 1000]);
      store.add(contender.name, run);
    }
  }
}

function standingOf(runs: readonly Run[], costs: readonly number[]): Standing {
  // What earlier sittings measured took about as long, looking at the archive aside.
  const cost = costs.length > 0 ? costs : runs.map(run => run.seconds + (run.decodeSeconds ?? 0));
  return { seconds: runs.map(run => run.seconds), cost, bytes: runs[0]?.bytes ?? 0 };
}

function countOf(
  store: RunStore,
  contenders: readonly Contender[],
  { spending }: BenchSettings,
  round: readonly number[],
  done: number,
): Pick<BenchProgress, 'runs' | 'done' | 'total'> {
  const counts = contenders.map(({ name }) => store.runsOf(name).length);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  const runs = sum(counts);
  if (spending.kind === 'time') return { runs, done, total: round.length };
  const wanted = counts.map(count => Math.min(spending.count, count));
  return { runs, done: sum(wanted), total: contenders.length * spending.count };
}

function secondsLeft(
  rest: readonly number[],
  standings: readonly Standing[],
  { spending }: BenchSettings,
  elapsed: number,
): number | null {
  if (spending.kind === 'time') return Math.max(0, spending.seconds - elapsed);
  if (standings.some(({ cost }) => cost.length === 0)) return null;
  const fewest = Math.min(...standings.map(({ seconds }) => seconds.length));
  const all = standings.map((_, i) => i);
  return costOf(rest, standings) + (spending.count - fewest - 1) * costOf(all, standings);
}

/** The tar of the first settings, plain, in the scratch directory; a tar that was given is decoded where it is compressed. */
async function makeTar({ input, points }: BenchSettings, own: OwnRuns, environment: Environment): Promise<string> {
  const [first] = points;
  if (first === undefined) throw new TypeError('A sweep has at least one point');
  const archive = join(own.scratch, 'first.tar.xz');
  const tar = join(own.scratch, 'headers.tar');
  await measureCommand(ourCommand(input, first, own, ['-o', archive]));
  await withArchive(resolveReading({ archive }, environment), opened =>
    pipeline(opened.read(), createWriteStream(tar)),
  ).catch(error => {
    if (error instanceof KheadersPackError) throw error;
    throw new KheadersPackError('E_WRITE', { path: tar, reason: systemReason(error) }, { cause: error });
  });
  return tar;
}

async function measured<T>(name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new KheadersPackError('E_MEASURE', { name, reason: error.message }, { cause: error });
  }
}
