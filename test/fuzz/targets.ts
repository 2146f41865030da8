import type { Target } from './target.js';

/** A target before it is loaded: coverage has to be asked for before the code that it counts. */
export interface TargetEntry {
  /** What the paths from `src` of its code begin with. */
  readonly covers: readonly string[];
  readonly load: () => Promise<Target>;
}

export const TARGETS: Readonly<Record<string, TargetEntry>> = {
  xz: {
    covers: ['xz/', 'lzma/chunk', 'lzma/decode', 'lzma/rawDecoder', 'archive/reading/', 'pool/decodeBlock'],
    load: async () => (await import('./targets/xz.js')).xz,
  },
  tar: {
    covers: ['tar/', 'bytes/byteCursor', 'bytes/byteQueue'],
    load: async () => (await import('./targets/tar.js')).tar,
  },
  image: { covers: ['image/'], load: async () => (await import('./targets/image.js')).image },
  manifest: {
    covers: ['archive/manifest/parse', 'archive/manifest/consistency', 'archive/manifest/paths', 'bytes/jsonShape'],
    load: async () => (await import('./targets/manifest.js')).manifest,
  },
  strip: { covers: ['strip/'], load: async () => (await import('./targets/strip.js')).stripper },
  lzma2: { covers: ['settings/lzma2', 'bytes/size'], load: async () => (await import('./targets/text.js')).lzma2 },
  sizes: { covers: ['bytes/size', 'settings/duration'], load: async () => (await import('./targets/text.js')).sizes },
  timestamps: {
    covers: ['settings/timestamp', 'settings/zones'],
    load: async () => (await import('./targets/text.js')).timestamps,
  },
  netrc: { covers: ['settings/netrc'], load: async () => (await import('./targets/text.js')).netrc },
  makeflags: { covers: ['settings/makeflags'], load: async () => (await import('./targets/text.js')).makeflags },
  fileList: { covers: ['settings/fileList'], load: async () => (await import('./targets/text.js')).fileList },
  pax: { covers: ['tar/paxRecords'], load: async () => (await import('./targets/records.js')).pax },
  actionResult: {
    covers: ['cache/remote/actionResult'],
    load: async () => (await import('./targets/records.js')).actionResult,
  },
  cacheEntry: { covers: ['cache/entry'], load: async () => (await import('./targets/records.js')).cacheEntry },
  kbuildState: {
    covers: ['kbuild/state', 'kbuild/change'],
    load: async () => (await import('./targets/records.js')).kbuildState,
  },
  benchRuns: { covers: ['measure/store'], load: async () => (await import('./targets/records.js')).benchRuns },
  // The encoder itself is WebAssembly, which no coverage counts.
  radix: { covers: ['lzma/radix'], load: async () => (await import('./targets/radix.js')).radixEncoder },
};
