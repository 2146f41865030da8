import type { Spending } from '../model/bench.js';
import { isUncertain, type Place } from './front.js';
import { type Estimate, estimate } from './statistics.js';

/*
 * Which contenders run next. Runs go in rounds (A B C A B C), so that a slow minute of the machine hits all of them alike.
 *
 * With a number of repetitions every contender has as many runs. With a time budget everyone runs once, and then the rounds go to
 * those whose place on the front of size and time is in doubt, until none is or the time is spent.
 */

/** What is known of a contender so far. `cost` is the wall-clock seconds that each of its runs took in all, decoding included. */
export interface Standing {
  readonly seconds: readonly number[];
  readonly cost: readonly number[];
  readonly bytes: number;
}

/** Runs of a contender from which on its own spread says how far its median may be off. */
const ENOUGH_FOR_SPREAD = 5;
/** What a time measured fewer times may be off, whatever its own spread says, as a share of it. */
const UNKNOWN_SPREAD = 0.2;
/** Beyond this, more runs narrow an interval too slowly to be worth the time. */
const RUNS_MAX = 25;

/**
 * The contenders of the next round, in order; none when the measuring is done.
 *
 * @param elapsed seconds since the sweep began
 */
export function nextRound(standings: readonly Standing[], spending: Spending, elapsed: number): number[] {
  const fewest = Math.min(...standings.map(({ seconds }) => seconds.length));
  const those = (isWanted: (standing: Standing) => boolean): number[] =>
    standings.flatMap((standing, i) => (isWanted(standing) ? [i] : []));
  if (spending.kind === 'repetitions') {
    return fewest >= spending.count ? [] : those(({ seconds }) => seconds.length === fewest);
  }
  if (fewest === 0) return those(({ seconds }) => seconds.length === 0);
  const places = standings.map(placeOf);
  const uncertain = those(() => true).filter(i => {
    const place = places[i] as Place;
    return isUncertain(place, places) && (standings[i]?.seconds.length ?? 0) < RUNS_MAX;
  });
  const left = spending.seconds - elapsed;
  return costOf(uncertain, standings) <= left ? uncertain : fitting(uncertain, standings, left);
}

/** Seconds that one run of each of these takes. */
export function costOf(round: readonly number[], standings: readonly Standing[]): number {
  return round.reduce((sum, i) => sum + costOfOne(standings[i]), 0);
}

/** The contender's place, with the range in which its time may lie: its confidence interval, wider where it has few runs. */
export function placeOf(standing: Standing): Place {
  const { median, low, high, count }: Estimate = estimate(standing.seconds);
  const slack = count >= ENOUGH_FOR_SPREAD ? 0 : (UNKNOWN_SPREAD * median) / count;
  return { bytes: standing.bytes, seconds: median, low: low - slack, high: high + slack };
}

/** Those that the time left is enough for, the fewest runs first. */
function fitting(round: readonly number[], standings: readonly Standing[], left: number): number[] {
  const runs = (i: number): number => standings[i]?.seconds.length ?? 0;
  let rest = left;
  const taken = round
    .toSorted((a, b) => runs(a) - runs(b))
    .filter(i => {
      const cost = costOfOne(standings[i]);
      if (cost > rest) return false;
      rest -= cost;
      return true;
    });
  return taken.sort((a, b) => a - b);
}

function costOfOne(standing: Standing | undefined): number {
  return standing === undefined || standing.cost.length === 0 ? 0 : estimate(standing.cost).median;
}
