/**
 * What changed between two records beyond noise.
 *
 * A time has changed when the intervals of the two medians are apart, after the older ones were brought to the newer machine's speed
 * with the yardstick, and the change is more than a few per cent. A size has changed when it is another. Memory has changed when it
 * moved by more than a tenth.
 */
import type { BenchRecord, Row } from './record.js';
import { valueText } from './table.js';
import { YARDSTICK } from './yardstick.js';

export interface Change {
  readonly name: string;
  readonly kind: 'more' | 'less' | 'gone' | 'new';
  readonly before: Row | null;
  readonly after: Row | null;
  /** After over before, of times after the yardstick; 1 where there is nothing to divide. */
  readonly ratio: number;
}

/** Smaller changes are not worth a word, however sure. */
const LEAST_TIME_CHANGE = 0.03;
const MEMORY_TOLERANCE = 0.1;

export interface Comparison {
  /** How much slower the machine itself was the second time. */
  readonly yardstick: number;
  readonly changes: readonly Change[];
  /** Rows that both have. */
  readonly compared: number;
}

export function compareRecords(before: BenchRecord, after: BenchRecord): Comparison {
  const rowsBefore = new Map(before.rows.map(row => [row.name, row]));
  const rowsAfter = new Map(after.rows.map(row => [row.name, row]));
  const yardstick = ratioOf(rowsBefore.get(YARDSTICK), rowsAfter.get(YARDSTICK));
  const names = [...new Set([...rowsBefore.keys(), ...rowsAfter.keys()])].filter(name => name !== YARDSTICK);
  const pairs = names.map(name => ({
    name,
    before: rowsBefore.get(name) ?? null,
    after: rowsAfter.get(name) ?? null,
  }));
  const changes = pairs.flatMap((pair): Change[] => {
    if (pair.before === null) return [{ ...pair, kind: 'new', ratio: 1 }];
    if (pair.after === null) return [{ ...pair, kind: 'gone', ratio: 1 }];
    return changed(pair.name, pair.before, pair.after, yardstick);
  });
  const compared = pairs.filter(pair => pair.before !== null && pair.after !== null).length;
  return { yardstick, changes, compared };
}

function ratioOf(before: Row | undefined, after: Row | undefined): number {
  return before === undefined || after === undefined ? 1 : after.estimate.median / before.estimate.median;
}

function changed(name: string, before: Row, after: Row, yardstick: number): Change[] {
  const speed = before.unit === 'seconds' ? yardstick : 1;
  const ratio = after.estimate.median / (before.estimate.median * speed);
  if (!isBeyondNoise(before, after, ratio, speed)) return [];
  return [{ name, kind: ratio > 1 ? 'more' : 'less', before, after, ratio }];
}

function isBeyondNoise(before: Row, after: Row, ratio: number, speed: number): boolean {
  if (before.unit === 'bytes') return ratio !== 1;
  if (before.unit === 'memory') return Math.abs(ratio - 1) > MEMORY_TOLERANCE;
  const [old, now] = [before.estimate, after.estimate];
  const isApart = now.low > old.high * speed || now.high < old.low * speed;
  return isApart && Math.abs(ratio - 1) > LEAST_TIME_CHANGE;
}

/** The comparison in words, the largest changes first. */
export function comparisonText(before: BenchRecord, after: BenchRecord): string {
  const { yardstick, changes, compared } = compareRecords(before, after);
  const lines = changes
    .toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)))
    .map(change => `  ${lineOf(change)}`);
  return [
    `${before.suite} on ${before.tree}: ${before.started.slice(0, 10)} against ${after.started.slice(0, 10)}`,
    `The machine itself: ${yardstick.toFixed(2)} times the time of then (times below are after that)`,
    ...differencesOf(before, after),
    ...(lines.length === 0 ? [`Nothing beyond noise in ${compared} rows`] : lines),
    '',
  ].join('\n');
}

function lineOf({ name, kind, before, after, ratio }: Change): string {
  if (kind === 'gone' || kind === 'new') return `${kind.padEnd(9)}${name}`;
  const isTime = before?.unit === 'seconds';
  const word = kind === 'more' ? (isTime ? 'slower' : 'larger') : isTime ? 'faster' : 'smaller';
  const [from, to] = [before, after].map(row => (row === null ? '' : valueText(row)));
  return `${word.padEnd(9)}${ratio.toFixed(3)} times  ${name}  (${from} -> ${to})`;
}

/** What of the surroundings is not the same: times may differ for that. */
function differencesOf(before: BenchRecord, after: BenchRecord): string[] {
  const keys = ['processor', 'processors', 'node', 'codecBuild'] as const;
  return keys
    .filter(key => before.environment[key] !== after.environment[key])
    .map(key => `Not the same ${key}: ${before.environment[key]}, now ${after.environment[key]}`);
}
