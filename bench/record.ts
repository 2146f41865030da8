import type { MeasuringEnvironment } from '../src/measure/result.js';
import { type Estimate, estimate } from '../src/measure/statistics.js';

/** What the suites are told. */
export interface SuiteOptions {
  /** Lists, as on the command line. */
  readonly jobs: string;
  readonly blockSize: string;
  readonly repetitions: number;
  /** Milliseconds of each micro-benchmark. */
  readonly milliseconds: number;
  /** Headers of the trees of `scale`. */
  readonly headers: readonly number[];
  /** LZMA preset of `scale`. */
  readonly preset: string;
}

/** What a suite found. Its file is what `--compare` reads. */
export interface BenchRecord {
  readonly schema: 'kheaders-pack/bench-suite/1';
  readonly suite: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly command: string;
  readonly tree: string;
  /** What the suite was told, so that it can be run again. */
  readonly options: SuiteOptions;
  readonly environment: MeasuringEnvironment;
  readonly rows: readonly Row[];
}

/** One measured thing. */
export interface Row {
  readonly name: string;
  /** Seconds are compared by their intervals, bytes exactly, memory with a tolerance. */
  readonly unit: 'seconds' | 'bytes' | 'memory';
  readonly estimate: Estimate;
  readonly notes: string;
}

export function secondsRow(name: string, values: readonly number[], notes: string): Row {
  return { name, unit: 'seconds', estimate: estimate(values), notes };
}

/** A size that every run must agree on. */
export function bytesRow(name: string, bytes: number, notes: string): Row {
  return { name, unit: 'bytes', estimate: estimate([bytes]), notes };
}

export function memoryRow(name: string, values: readonly number[], notes: string): Row {
  return { name, unit: 'memory', estimate: estimate(values), notes };
}

/** A part of a row's name after the thing measured: `pack --jobs 2: CPU`. */
export function partOf(name: string, part: string): string {
  return `${name}: ${part}`;
}
