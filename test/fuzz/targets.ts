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
};
