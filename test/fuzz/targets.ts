import type { Target } from './target.js';

/** A target before it is loaded: coverage has to be asked for before the code that it counts. */
export interface TargetEntry {
  /** What the paths from `src` of its code begin with. */
  readonly covers: readonly string[];
  /** Inputs that `npm test` gives it: a second or two, more or less. */
  readonly executions: number;
  /** The share of its code that these reach, from 0 to 1. */
  readonly coversAtLeast: number;
  readonly load: () => Promise<Target>;
}

export const TARGETS: Readonly<Record<string, TargetEntry>> = {
  xz: {
    covers: ['xz/', 'lzma/chunk', 'lzma/decode', 'lzma/rawDecoder', 'archive/reading/', 'pool/decodeBlock'],
    executions: 2500,
    coversAtLeast: 0.7,
    load: async () => (await import('./targets/xz.js')).xz,
  },
  // Each execution decodes some MiB, twice.
  xzSteps: {
    covers: ['archive/reading/decodeInSteps', 'archive/reading/byteReader', 'archive/reading/pipeSupply'],
    executions: 60,
    coversAtLeast: 0.7,
    load: async () => (await import('./targets/xz.js')).xzSteps,
  },
  tar: {
    covers: ['tar/', 'bytes/byteCursor', 'bytes/byteQueue'],
    executions: 4000,
    coversAtLeast: 0.82,
    load: async () => (await import('./targets/tar.js')).tar,
  },
  image: {
    covers: ['image/'],
    executions: 1200,
    coversAtLeast: 0.92,
    load: async () => (await import('./targets/image.js')).image,
  },
  manifest: {
    covers: ['archive/manifest/parse', 'archive/manifest/consistency', 'archive/manifest/paths', 'bytes/jsonShape'],
    executions: 5000,
    coversAtLeast: 0.9,
    load: async () => (await import('./targets/manifest.js')).manifest,
  },
  strip: {
    covers: ['strip/'],
    executions: 4000,
    coversAtLeast: 0.95,
    load: async () => (await import('./targets/strip.js')).stripper,
  },
  lzma2: {
    covers: ['settings/lzma2', 'bytes/size'],
    executions: 10000,
    coversAtLeast: 0.75,
    load: async () => (await import('./targets/text.js')).lzma2,
  },
  sizes: {
    covers: ['bytes/size', 'settings/duration'],
    executions: 20000,
    coversAtLeast: 0.97,
    load: async () => (await import('./targets/text.js')).sizes,
  },
  timestamps: {
    covers: ['settings/timestamp', 'settings/zones'],
    executions: 15000,
    coversAtLeast: 0.95,
    load: async () => (await import('./targets/text.js')).timestamps,
  },
  netrc: {
    covers: ['settings/netrc'],
    executions: 20000,
    coversAtLeast: 0.97,
    load: async () => (await import('./targets/text.js')).netrc,
  },
  makeflags: {
    covers: ['settings/makeflags'],
    executions: 20000,
    coversAtLeast: 0.97,
    load: async () => (await import('./targets/text.js')).makeflags,
  },
  fileList: {
    covers: ['settings/fileList'],
    executions: 1000,
    coversAtLeast: 0.5,
    load: async () => (await import('./targets/text.js')).fileList,
  },
  pax: {
    covers: ['tar/paxRecords'],
    executions: 20000,
    coversAtLeast: 0.97,
    load: async () => (await import('./targets/records.js')).pax,
  },
  actionResult: {
    covers: ['cache/remote/actionResult'],
    executions: 20000,
    coversAtLeast: 0.95,
    load: async () => (await import('./targets/records.js')).actionResult,
  },
  cacheEntry: {
    covers: ['cache/entry'],
    executions: 15000,
    coversAtLeast: 0.97,
    load: async () => (await import('./targets/records.js')).cacheEntry,
  },
  kbuildState: {
    covers: ['kbuild/state', 'kbuild/change'],
    executions: 3000,
    coversAtLeast: 0.65,
    load: async () => (await import('./targets/records.js')).kbuildState,
  },
  benchRuns: {
    covers: ['measure/store'],
    executions: 3000,
    coversAtLeast: 0.8,
    load: async () => (await import('./targets/records.js')).benchRuns,
  },
  blockDecoder: {
    covers: ['lzma/blockDecoder', 'lzma/chunk', 'lzma/rawDecoder'],
    executions: 3000,
    coversAtLeast: 0.8,
    load: async () => (await import('./targets/blockDecoder.js')).blockDecoder,
  },
  // The encoder itself is WebAssembly, which no coverage counts.
  radix: {
    covers: ['lzma/radix'],
    executions: 60,
    coversAtLeast: 0.85,
    load: async () => (await import('./targets/radix.js')).radixEncoder,
  },
};

/** Faults that are there to be found. */
export const PLANTED: Readonly<Record<string, TargetEntry>> = Object.fromEntries(
  (['maze', 'endless', 'slow', 'greedy', 'disagreeing'] as const).map(name => [
    name,
    {
      covers: ['../test/fuzz/planted'],
      executions: 0,
      coversAtLeast: 0,
      load: async () => (await import('./planted.js'))[name],
    },
  ]),
);
