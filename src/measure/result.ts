import type { TraceFile } from '../model/trace.js';
import type { Estimate } from './statistics.js';

/** What a sweep found. `--json` prints it as it is; within one `schema` number, fields are only added. */
export interface BenchResult {
  readonly schema: 'kheaders-pack/bench/1';
  readonly tool: { readonly name: string; readonly version: string };
  /** When it began, ISO 8601 in UTC. */
  readonly started: string;
  readonly environment: MeasuringEnvironment;
  readonly input: MeasuredInput;
  readonly contenders: readonly Contended[];
  /** What a reader must know: peers that are missing, digests that differ, a sweep that was cut short. */
  readonly notices: readonly string[];
}

export interface MeasuringEnvironment {
  readonly processor: string;
  /** Processors that this process may use. */
  readonly processors: number;
  /** Of the machine, in bytes. */
  readonly memory: number;
  /** `uname -sr`. */
  readonly system: string;
  readonly node: string;
  /** The codec's build: it decides the speed. */
  readonly codecBuild: string;
  /** One-minute load average at the start; beside a busy neighbour times mean little. */
  readonly load: number;
}

/** The tar that peers are given: the one to compress again, or the one that the first settings make of the tree. */
export interface MeasuredInput {
  readonly kind: 'tree' | 'tar';
  /** As it was given. */
  readonly name: string;
  readonly tarBytes: number;
  /** SHA-256 of the tar, in hexadecimal. */
  readonly tarDigest: string;
}

/** Settings of ours, or a peer, and what its runs came to. */
export interface Contended {
  readonly name: string;
  readonly kind: 'ours' | 'peer';
  /** As a shell would take it, files by role. */
  readonly command: string;
  /** First line of what the program says of itself; empty for ours. */
  readonly version: string;
  /** Threads that it may use. */
  readonly jobs: number;
  /** The swept values, by option; empty for a peer. */
  readonly values: Readonly<Record<string, string>>;
  /** Wall-clock seconds of the process, start-up included. */
  readonly seconds: Estimate;
  readonly cpuSeconds: Estimate;
  /** The most that any run took, in bytes. */
  readonly peakMemory: number;
  /** Bytes of the archive. */
  readonly bytes: number;
  /** Bytes of the tar inside. */
  readonly tarBytes: number;
  readonly decode: DecodeSpeed | null;
  /** SHA-256 of the archives, each digest once: of ours there is one, or reproducibility is broken. */
  readonly digests: readonly string[];
  /** By the medians, no other is at least as small and as fast. */
  readonly isOnFront: boolean;
  /** Whether more runs could change that: the intervals of the times leave it open. */
  readonly isUncertain: boolean;
  /** Wall-clock seconds of each stage; null for a peer. */
  readonly stages: Readonly<Record<string, Estimate>> | null;
}

/** How fast the format's own tool gives the tar back, in one thread. */
export interface DecodeSpeed {
  readonly command: string;
  readonly seconds: Estimate;
}

/** A run of ours to be shown thread by thread. */
export interface TracedRun {
  readonly name: string;
  readonly trace: TraceFile;
}

/** One run, as it is stored. */
export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMemory: number;
  readonly bytes: number;
  readonly tarBytes: number;
  readonly digest: string;
  /** Null where the decoder is not installed. */
  readonly decodeSeconds: number | null;
  readonly stages: Readonly<Record<string, number>> | null;
}
