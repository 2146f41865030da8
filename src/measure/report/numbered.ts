import type { BenchResult, Contended } from '../result.js';

/** The contenders with the numbers that table and drawings call them by: smallest first. */
export function numbered({ contenders }: BenchResult): { readonly number: number; readonly each: Contended }[] {
  return contenders
    .toSorted((a, b) => a.bytes - b.bytes || a.seconds.median - b.seconds.median)
    .map((each, i) => ({ number: i + 1, each }));
}
