import type { Writable } from 'node:stream';
import type { BytePath } from '../bytes/bytePath.js';
import type { Slots } from '../flow/slots.js';
import type { CacheSettings } from './cache.js';
import type { Lzma2Options } from './lzma2.js';
import type { Progress } from './progress.js';

/** What the program knows, once the options are resolved. Nothing here is optional and nothing has a default. */
export type Settings = PackSettings | RecompressSettings;

/** A tree is packed. */
export interface PackSettings {
  readonly kind: 'pack';
  readonly content: ContentSettings;
  /** `trees` has a pair for each of the content's kernels, in the same order. */
  readonly execution: ExecutionSettings & { readonly trees: readonly TreePair[] };
}

/** An existing tar is compressed again; its bytes are preserved. */
export interface RecompressSettings {
  readonly kind: 'recompress';
  readonly content: CompressionSettings;
  /** `tar` is the path of a plain tar or an .xz file; `-` is standard input. */
  readonly execution: ExecutionSettings & { readonly tar: string };
}

/** A source tree (kbuild's srctree) and the object tree (objtree) built from it, when that is another directory. */
export interface TreePair {
  readonly sourceTree: string;
  readonly objectTree: string | null;
}

/** Everything that the archive's bytes depend on, beside the selected files themselves. */
export interface ContentSettings extends CompressionSettings {
  /** One, or several for a bundle. */
  readonly kernels: readonly KernelSettings[];
  readonly selection: SelectionSettings;
  readonly strip: StripMode;
  readonly order: Order;
  readonly dedup: boolean;
  /** One modification time for all entries, in seconds since 1970. */
  readonly mtime: number;
}

/** How a tar becomes .xz. */
export interface CompressionSettings {
  readonly encoding: EncodingSettings;
  /** Largest Uncompressed Size of a Block, in bytes. */
  readonly blockSize: number;
}

/** One kernel of the archive. */
export interface KernelSettings {
  /** The directory that holds it in the archive; the empty path puts it at the top. */
  readonly name: BytePath;
  /** The architecture's directory under `arch/`; empty where the selection does not need it. */
  readonly srcarch: string;
}

/** Which files of each tree are archived. */
export interface SelectionSettings {
  readonly profile: Profile;
  /** Whether profile `modules` has `Module.symvers`. */
  readonly symvers: boolean;
  /** Paths given with `--files-from`; they replace the profile. */
  readonly listed: readonly BytePath[] | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** How a Block's tar bytes become .xz bytes. */
export interface EncodingSettings {
  readonly codec: CodecId;
  readonly lzma2: Lzma2Options;
  readonly check: CheckKind;
}

export type Profile = 'headers' | 'modules' | 'all';
export type StripMode = 'none' | 'kernel' | 'comments' | 'tokens';
export type Order = 'gnu' | 'files-first' | 'versions';
export type CheckKind = 'none' | 'crc32' | 'crc64' | 'sha256';

/** A codec and the version of its bytes. */
export interface CodecId {
  readonly name: string;
  readonly version: string;
}

/** Everything else. The functions that make bytes never see it. */
export interface ExecutionSettings extends RunSettings {
  readonly output: Output;
  readonly companions: Companions;
  readonly cache: CacheSettings;
}

/** How work is done, whatever becomes of its result. */
export interface RunSettings {
  /** Worker threads, at least 1. */
  readonly jobs: number;
  /** How many of them may work at a time: make's jobserver has a say in that. */
  readonly slots: Slots;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onNotice: (notice: string) => void;
}

/** What is written beside the archive, or null where it is not wanted. */
export interface Companions {
  readonly manifest: Output | null;
  /** The digests of the archived contents, as `sha256sum -c` reads them. */
  readonly sha256sums: Output | null;
  readonly provenance: Output | null;
  /** When each thread did what, in the Chrome trace format. */
  readonly trace: Output | null;
}

/** Where the archive goes. A file is replaced whole; a writable is the caller's and is not ended. */
export type Output =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'writable'; readonly writable: Writable; readonly name: string };
