import type { BytePath } from '../bytes/bytePath.js';
import type { ReadingSettings } from './reading.js';

/** How an archive is extracted. */
export interface ExtractSettings {
  readonly reading: ReadingSettings;
  /** The directory that everything goes into. */
  readonly target: string;
  /** What is wanted; everything where there are none. */
  readonly patterns: readonly string[];
  /** Leading components that are taken off names. */
  readonly stripComponents: number;
  /** The directory of a bundle whose contents are wanted, or null for all. */
  readonly kernel: BytePath | null;
  /** Whether names that differ in case or normalisation alone are refused wherever the target lies. */
  readonly isPortable: boolean;
  /** Whether symbolic links may lead out of the target. */
  readonly allowsOutsideLinks: boolean;
  /** Permission bits that are taken from every mode. */
  readonly umask: number;
  readonly onWritten: (written: WrittenEntry) => void;
}

export type WrittenKind = 'directory' | 'regular' | 'symlink' | 'hardlink';

/** An entry that is in the target now. */
export interface WrittenEntry {
  readonly kind: WrittenKind;
  /** Below the target; the empty path is the target itself. */
  readonly path: BytePath;
}

/** What an extraction did. `--json` prints it; within one `schema` number, fields are only added. */
export interface ExtractSummary {
  readonly schema: 'kheaders-pack/extract/1';
  readonly tool: { readonly name: string; readonly version: string };
  readonly archive: string;
  readonly target: string;
  /** Entries written, by kind. A hard link whose target was not extracted is a regular file. */
  readonly files: {
    readonly entries: number;
    readonly regular: number;
    readonly hardLinks: number;
    readonly symbolicLinks: number;
    readonly directories: number;
  };
  /** Bytes of content written. */
  readonly bytes: number;
  /** Wall-clock seconds. */
  readonly seconds: number;
  /** Processor seconds of the whole process, user and system. */
  readonly cpuSeconds: number;
  /** Peak resident set size of the process, in bytes. */
  readonly peakMemory: number;
}
