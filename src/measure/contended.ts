import type { Contender } from './contender.js';
import { isOnFront, isUncertain, type Place } from './front.js';
import type { Contended, DecodeSpeed, Run } from './result.js';
import { estimate } from './statistics.js';
import type { RunStore } from './store.js';

/** What the runs came to, for each contender that has any. */
export function contended(contenders: readonly Contender[], store: RunStore): Contended[] {
  const measured = contenders.flatMap(contender => {
    const runs = store.runsOf(contender.name);
    return runs[0] === undefined ? [] : [summed(contender, runs, runs[0])];
  });
  const places = measured.map(({ bytes, seconds: { median: seconds, low, high } }) => ({ bytes, seconds, low, high }));
  return measured.map((each, i) => {
    const place = places[i] as Place;
    return { ...each, isOnFront: isOnFront(place, places), isUncertain: isUncertain(place, places) };
  });
}

function summed(contender: Contender, runs: readonly Run[], first: Run): Omit<Contended, 'isOnFront' | 'isUncertain'> {
  const { name, kind, shown, version, jobs, values } = contender;
  return {
    name,
    kind,
    command: shown,
    version,
    jobs,
    values,
    seconds: estimate(runs.map(run => run.seconds)),
    cpuSeconds: estimate(runs.map(run => run.cpuSeconds)),
    peakMemory: Math.max(...runs.map(run => run.peakMemory)),
    bytes: first.bytes,
    tarBytes: first.tarBytes,
    decode: decodeOf(contender, runs),
    digests: [...new Set(runs.map(run => run.digest))],
    stages: stagesOf(runs),
  };
}

function decodeOf({ decoder }: Contender, runs: readonly Run[]): DecodeSpeed | null {
  const seconds = runs.flatMap(run => (run.decodeSeconds === null ? [] : [run.decodeSeconds]));
  return decoder === null || seconds.length === 0 ? null : { command: decoder.join(' '), seconds: estimate(seconds) };
}

function stagesOf(runs: readonly Run[]): Contended['stages'] {
  const all = runs.flatMap(run => (run.stages === null ? [] : [run.stages]));
  const names = Object.keys(all[0] ?? {});
  if (names.length === 0) return null;
  return Object.fromEntries(names.map(name => [name, estimate(all.map(stages => stages[name] ?? 0))]));
}
