import { formatSize } from '../src/bytes/size.js';

/** One measured thing. */
export interface Row {
  readonly name: string;
  /** Median wall-clock seconds. */
  readonly seconds: number;
  /** Median absolute deviation, in seconds. */
  readonly spread: number;
  readonly runs: number;
  /** Bytes of input that a run goes through, or 0 where a rate says nothing. */
  readonly bytes: number;
  readonly notes: string;
}

/** The rows as a table for a terminal. */
export function tableText(title: string, rows: readonly Row[]): string {
  const lines = rows.map(row => {
    const rate = row.bytes === 0 ? '' : `${formatSize(row.bytes / row.seconds)}/s`;
    const spread = `±${((100 * row.spread) / row.seconds).toFixed(1)} %`;
    const time = row.seconds < 0.1 ? `${(1000 * row.seconds).toFixed(2)} ms` : `${row.seconds.toFixed(2)} s`;
    return `${row.name.padEnd(36)}${time.padStart(10)}${spread.padStart(9)}${rate.padStart(14)}  ${row.notes}`.trimEnd();
  });
  return `${title}\n${lines.join('\n')}\n`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median of the distances from the median. */
export function medianDeviation(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map(value => Math.abs(value - centre)));
}
