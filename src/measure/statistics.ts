/**
 * Statistics of a few repeated measurements. Times on a shared machine are skewed and have outliers, so everything here goes by
 * rank: no mean, no standard deviation, no assumption of a distribution.
 */

/** What repeated measurements of one thing came to, in their own unit. */
export interface Estimate {
  readonly median: number;
  /** The median of the distances from the median. */
  readonly deviation: number;
  /** Bounds of a confidence interval of the median. */
  readonly low: number;
  readonly high: number;
  /** How probable it is that the interval holds the true median: 0.95 or more from six measurements on, below that less. */
  readonly coverage: number;
  readonly count: number;
}

const WANTED_COVERAGE = 0.95;

/** @throws RangeError when there is no value */
export function estimate(values: readonly number[]): Estimate {
  const interval = medianInterval(values);
  return { median: median(values), deviation: medianDeviation(values), ...interval, count: values.length };
}

/** @throws RangeError when there is no value */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = at(sorted, middle);
  return sorted.length % 2 === 1 ? upper : (upper + at(sorted, middle - 1)) / 2;
}

/** The median of the distances from the median. */
export function medianDeviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map(value => Math.abs(value - centre)));
}

/**
 * A confidence interval of the median from order statistics: with the values sorted, the true median lies between the k-th from
 * below and the k-th from above unless fewer than k of n fall on one side of it, which is a binomial probability whatever the
 * distribution. The largest k that still covers 95 % is taken; where even the whole range covers less (n under 6), the whole range.
 */
export function medianInterval(values: readonly number[]): Pick<Estimate, 'low' | 'high' | 'coverage'> {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  let rank = 0;
  // P(fewer than rank + 1 of count coins show heads), summed up as the rank grows.
  let oneSided = 0.5 ** count;
  let next = oneSided;
  while (rank + 1 < count / 2) {
    next += 0.5 ** count * choose(count, rank + 1);
    if (1 - 2 * next < WANTED_COVERAGE) break;
    oneSided = next;
    rank++;
  }
  return { low: at(sorted, rank), high: at(sorted, count - 1 - rank), coverage: Math.max(0, 1 - 2 * oneSided) };
}

function choose(count: number, taken: number): number {
  let ways = 1;
  for (let i = 1; i <= taken; i++) ways = (ways * (count - taken + i)) / i;
  return ways;
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError('No values to take the median of');
  return value;
}
