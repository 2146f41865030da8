import type { TreePair } from './settings.js';

/** What a sweep measures, once the options are resolved. */
export interface BenchSettings {
  readonly input: BenchInput;
  /** At least one; no two alike. */
  readonly points: readonly BenchPoint[];
  readonly peers: PeerChoice;
  readonly spending: Spending;
  /** Runs that were made before, and where new ones are added as they end; null to keep them in memory alone. */
  readonly runs: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BenchProgress) => void;
  readonly onNotice: (notice: string) => void;
}

/** What is packed: a tree, or a tar that is compressed again. */
export type BenchInput =
  | {
      readonly kind: 'tree';
      /** As it was given. */
      readonly shown: string;
      /** The arguments that say what is packed, for the commands that are shown. */
      readonly shownArgs: readonly string[];
      readonly trees: TreePair;
      /** Seconds since 1970. */
      readonly mtime: number;
    }
  | { readonly kind: 'tar'; readonly shown: string; readonly shownArgs: readonly string[]; readonly path: string };

/** One combination of settings. */
export interface BenchPoint {
  readonly jobs: number;
  /** The architecture's directory under `arch/`; empty where the selection does not need it. */
  readonly srcarch: string;
  /** The values that were swept, by option (`--jobs`), in the order of the axes. */
  readonly values: Readonly<Record<string, string>>;
}

/** `names` are those of `measure/peers.ts`; what is not installed is an error for `named`, and passed over for `all`. */
export type PeerChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'named'; readonly names: readonly string[] };

/** Runs of each contender, or seconds for all of them, spent where the front of size and time is in doubt. */
export type Spending =
  | { readonly kind: 'repetitions'; readonly count: number }
  | { readonly kind: 'time'; readonly seconds: number };

/** How far a sweep has come. */
export interface BenchProgress {
  /** What runs now. */
  readonly name: string;
  /** Counted runs that there are, those of earlier sittings included. */
  readonly runs: number;
  readonly done: number;
  /** Runs in all; of a time budget, of this round. */
  readonly total: number;
  /** Null while nothing is known of it. */
  readonly secondsLeft: number | null;
}
