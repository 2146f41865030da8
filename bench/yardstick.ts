import { createHash } from 'node:crypto';
import { type Row, secondsRow } from './record.js';

export const YARDSTICK = 'yardstick: SHA-256 of 32 MiB';

const INPUT = Buffer.alloc(32 * 2 ** 20, 'kheaders');

/** Seconds that a piece of work takes that nothing of ours changes, so that records of two days can be compared. */
export function yardstickSeconds(times: number): number[] {
  return Array.from({ length: times }, () => {
    const start = performance.now();
    createHash('sha256').update(INPUT).digest();
    return (performance.now() - start) / 1000;
  });
}

/** Measured before a suite and after it. */
export function yardstickRow(values: readonly number[]): Row {
  return secondsRow(YARDSTICK, values, 'how fast the machine was');
}
