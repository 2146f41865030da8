import type { BytePath } from '../bytes/bytePath.js';
import type { StripMode } from './settings.js';
import type { ByteCounts, FileCounts } from './summary.js';

/** A file chosen for the archive, before its content was read. */
export type SelectedFile = SelectedRegular | SelectedLink;

interface SelectedBase {
  /** Path in its kernel's tree, without `./`. */
  readonly path: BytePath;
  /** Where it is read from. */
  readonly location: BytePath;
  /** What lstat says of the file beside its name: while it stays the same, so does the file (`tree/stamp.ts`). */
  readonly stamp: string;
}

export interface SelectedRegular extends SelectedBase {
  readonly kind: 'regular';
  /** Bytes on disk, when it was found. */
  readonly size: number;
  /** Whether it is archived as executable. Profile `modules` alone keeps that; the others archive every file as 0644. */
  readonly isExecutable: boolean;
}

export interface SelectedLink extends SelectedBase {
  readonly kind: 'symlink';
  readonly target: BytePath;
}

/** A file with the name of the kernel that it belongs to; the empty path where the archive holds one kernel only. */
export interface KernelFile {
  readonly kernel: BytePath;
  readonly file: SelectedFile;
}

/** What reading a regular file found, now or in an earlier pack. */
export interface Digested {
  /** Bytes on disk. */
  readonly rawSize: number;
  /** Bytes after stripping. */
  readonly size: number;
  /** SHA-256 of the stripped content, in hexadecimal. */
  readonly digest: string;
  /** SHA-256 of the bytes on disk; null where nobody has asked for it. */
  readonly rawDigest: string | null;
}

/** Where an entry's content comes from, and what it has to be. */
export interface ContentSource {
  readonly location: BytePath;
  readonly strip: StripMode;
  readonly digest: string;
}

export type PlannedEntry = PlannedDirectory | PlannedRegular | PlannedLink;

interface EntryBase {
  /** The member's name as stored: starts with `./`, directories end with `/`. */
  readonly name: BytePath;
  /** Permission bits as stored. */
  readonly mode: number;
}

export interface PlannedDirectory extends EntryBase {
  readonly kind: 'directory';
}

export interface PlannedRegular extends EntryBase {
  readonly kind: 'regular';
  /** Bytes of content in the archive. */
  readonly size: number;
  readonly source: ContentSource;
}

/** A symbolic link with its target, or a hard link with the member's name that holds the content. */
export interface PlannedLink extends EntryBase {
  readonly kind: 'symlink' | 'hardlink';
  readonly target: BytePath;
}

/**
 * A Block: the entries `first` to `end` (exclusive) of the plan, without the `skip` bytes at their start, `size` bytes
 * in all. `skip` is 0 unless an entry larger than the block size runs over several Blocks.
 */
export interface PlannedBlock {
  readonly first: number;
  readonly end: number;
  readonly skip: number;
  readonly size: number;
}

/** What will be written, without contents. It can be stored as JSON. */
export interface Plan {
  readonly formatVersion: number;
  readonly mtime: number;
  readonly entries: readonly PlannedEntry[];
  readonly blocks: readonly PlannedBlock[];
  /** Bytes of the tar: the Blocks and the end of the archive. */
  readonly tarSize: number;
  /** Bytes of zeros that end the archive; they are the last Block. */
  readonly endSize: number;
}

/** What a plan comes to: all that is needed of it where its Blocks are kept from an earlier pack. It can be stored as JSON. */
export interface PlanOutline {
  readonly files: FileCounts;
  readonly bytes: Omit<ByteCounts, 'archive'>;
  /** Bytes of the largest content in the archive. */
  readonly largestFile: number;
  /** In order; the last is the end of the archive. */
  readonly blocks: readonly OutlinedBlock[];
}

export interface OutlinedBlock {
  /** Names everything that the Block's bytes depend on, where there is a cache; else it is empty. */
  readonly key: string;
  /** Uncompressed Size in bytes. */
  readonly size: number;
  /** The member that it begins with, printable; null where it has none, or is not known to. */
  readonly first: string | null;
}
