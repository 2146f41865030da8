import type { Writable } from 'node:stream';
import type { Progress } from '../model/progress.js';
import { AMOUNT, CALLBACK, FLAG, type Kinds, SIGNAL, SINK, TEXT, TEXT_OR_FLAG, TEXTS } from './kinds.js';

/** Which cache is used. The archive's bytes do not depend on it. */
export interface CacheOptions {
  /** A directory, or true for the user's own. Default: none; the command line's default is true. */
  cache?: string | boolean | undefined;
  /** Bytes that the directory may hold, or as `1GiB`, which is the default. */
  cacheSize?: string | number | undefined;
  /** Whether every file is read, even where nothing about it seems to have changed. Default: false. */
  paranoid?: boolean | undefined;
  /** The URL of a cache server. Default: KHEADERS_PACK_REMOTE_CACHE, where a cache is wanted. */
  remoteCache?: string | undefined;
  /** Whether nothing is sent to it. Default: false. */
  remoteReadOnly?: boolean | undefined;
}

/**
 * What a caller or a command line may say. Everything is optional here and nothing is below: `resolveSettings` is the
 * one function between. Values are as a command line has them, so that both ways give the same errors.
 */
export interface PackOptions extends CacheOptions {
  // Content: the archive's bytes depend on these.

  /**
   * The kernel tree, or several for a bundle; `NAME=TREE` names the directory that holds it in the archive. Default: the
   * working directory, the running kernel's headers, or the newest installed.
   */
  trees?: readonly string[] | undefined;
  /** The object tree (kbuild's O=) laid over it. Default: the tree's own where it names one. */
  objtree?: string | undefined;
  /** ARCH or SRCARCH name. Default: from `.config`, else this machine's. */
  arch?: string | undefined;
  /** `headers` (default), `modules` or `all`. */
  profile?: string | undefined;
  /** Whether profile `modules` has `Module.symvers`. Default: false. */
  symvers?: boolean | undefined;
  /** `comments` (default), `tokens`, `kernel` or `none`. */
  strip?: string | undefined;
  /** The tar of gen_kheaders.sh, byte for byte. */
  compat?: boolean | undefined;
  /** `files-first` (default), `gnu` or `versions` (default for several trees). */
  order?: string | undefined;
  /** Whether files of equal content become hard links. Default: true. */
  dedup?: boolean | undefined;
  /** `radix` (default) or `liblzma`. */
  codec?: string | undefined;
  /** `0` to `9`, with `e` for extreme. Default: `6`. */
  preset?: string | undefined;
  /** LZMA2 options as xz writes them: `dict=4MiB,lc=4,nice=64`. */
  lzma2?: string | undefined;
  /** Admits dictionaries over 64 MiB, which busybox and others refuse to read. */
  allowLargeDictionary?: boolean | undefined;
  /** Largest Uncompressed Size of a Block, in bytes or as `4MiB`. Default: `32MiB`, with `liblzma` `4MiB`. `radix` takes 64 MiB at most. */
  blockSize?: string | number | undefined;
  /** `crc64` (default), `crc32`, `sha256` or `none`. */
  check?: string | undefined;
  /** Time stamp of all entries. Default: KBUILD_BUILD_TIMESTAMP, else SOURCE_DATE_EPOCH, else 0. */
  mtime?: string | undefined;
  /** Patterns of the files to pack; all of the profile's where there are none. */
  include?: readonly string[] | undefined;
  /** Patterns of the files to leave out. */
  exclude?: readonly string[] | undefined;
  /** A file that lists the paths to pack, instead of a profile; `-` is standard input. */
  filesFrom?: string | undefined;
  /** Whether the list's paths end with NUL instead of a newline. */
  nul?: boolean | undefined;
  /** A tar, plain or in .xz, to compress again with its bytes preserved, instead of a tree; `-` is standard input. */
  fromTar?: string | undefined;

  // Execution: the archive's bytes do not depend on these.

  /** Worker threads. Default: the processors that this process may use. */
  jobs?: string | number | undefined;
  /** A path, `-` for standard output, or any writable. Default: `kheaders.tar.xz`. */
  output?: string | Writable | undefined;
  /** Where the manifest goes, as `output`. Default: none is written. */
  manifest?: string | Writable | undefined;
  /** Where the archived contents' digests go, in the form that `sha256sum -c` reads. Default: none are written. */
  sha256sums?: string | Writable | undefined;
  /** Where the provenance statement goes, as `output`. Default: none is written. */
  provenance?: string | Writable | undefined;
  /** Where a trace of the pack goes, in the Chrome trace format. Default: none is written. */
  trace?: string | Writable | undefined;
  signal?: AbortSignal | undefined;
  /** Called often. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with what a person should know: a time zone assumed. */
  onNotice?: ((notice: string) => void) | undefined;
  /** Called with the trees chosen. Default: `onNotice`. */
  onChoice?: ((choice: string) => void) | undefined;
}

export const PACK_KINDS: Kinds<PackOptions> = {
  trees: TEXTS,
  objtree: TEXT,
  arch: TEXT,
  profile: TEXT,
  symvers: FLAG,
  strip: TEXT,
  compat: FLAG,
  order: TEXT,
  dedup: FLAG,
  codec: TEXT,
  preset: TEXT,
  lzma2: TEXT,
  allowLargeDictionary: FLAG,
  blockSize: AMOUNT,
  check: TEXT,
  mtime: TEXT,
  include: TEXTS,
  exclude: TEXTS,
  filesFrom: TEXT,
  nul: FLAG,
  fromTar: TEXT,
  jobs: AMOUNT,
  output: SINK,
  manifest: SINK,
  sha256sums: SINK,
  provenance: SINK,
  trace: SINK,
  cache: TEXT_OR_FLAG,
  cacheSize: AMOUNT,
  paranoid: FLAG,
  remoteCache: TEXT,
  remoteReadOnly: FLAG,
  signal: SIGNAL,
  onProgress: CALLBACK,
  onNotice: CALLBACK,
  onChoice: CALLBACK,
};
