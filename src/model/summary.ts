import type { CacheSummary } from './cache.js';
import type { ManifestSettings } from './manifest.js';
import type { PackStage } from './progress.js';
import type { CompressionSettings } from './settings.js';

/** What a pack did. `--json` prints it as it is; within one `schema` number, fields are only added. */
export interface PackSummary {
  readonly schema: 'kheaders-pack/summary/1';
  readonly tool: { readonly name: string; readonly version: string };
  /** The resolved content settings: what the archive's bytes depend on beside the files. Paths are left out. */
  readonly settings: ReportedSettings;
  /** The codec's build decides its speed, never its bytes. */
  readonly codecBuild: string;
  readonly jobs: number;
  /** The archive's path, or null when it went to a writable. */
  readonly output: string | null;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
  /** Entries by kind; all 0 for a recompressed tar but `entries`. */
  readonly files: FileCounts;
  /** Likewise all 0 but `tar` and `archive`. */
  readonly bytes: ByteCounts;
  /** Blocks in the archive, the end of the tar included. */
  readonly blocks: number;
  /** What came from the cache; null where none was used. */
  readonly cache: CacheSummary | null;
  /** Wall-clock seconds. */
  readonly seconds: StageTimes;
  /** Processor seconds of the whole process, user and system, while each stage ran. */
  readonly cpuSeconds: StageTimes;
  /** Seconds spent in each step, summed over all workers. */
  readonly workSeconds: Readonly<Record<string, number>>;
  /** What the process may need at most, in bytes (the formula is in `archive/memory.ts`); null for a recompressed tar. */
  readonly memoryBound: number | null;
  /** Peak resident set size of the process, in bytes. */
  readonly peakMemory: number;
}

/** As the manifest has them; of a recompressed tar those of compression. */
export type ReportedSettings = CompressionSettings & Partial<ManifestSettings>;

export interface FileCounts {
  readonly entries: number;
  readonly regular: number;
  readonly hardLinks: number;
  readonly symbolicLinks: number;
  readonly directories: number;
}

/** Bytes at each stage. */
export interface ByteCounts {
  /** Of the selected regular files on disk. */
  readonly raw: number;
  /** After stripping. */
  readonly stripped: number;
  /** Of stripped content that hard links stand for. */
  readonly deduplicated: number;
  readonly tar: number;
  readonly archive: number;
}

export type StageTimes = Readonly<Record<PackStage, number>> & { readonly total: number };
