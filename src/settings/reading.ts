import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Progress } from '../model/progress.js';
import type { ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';

// STAND-IN: replaced at the merge by the reading side's own.
export interface ReadingOptions {
  archive: string | Readable;
  jobs?: string | number | undefined;
  memoryLimit?: string | number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  onNotice?: ((notice: string) => void) | undefined;
}

export function resolveReading(options: ReadingOptions, environment: Environment): ReadingSettings {
  const { archive } = options;
  return {
    source:
      typeof archive !== 'string'
        ? { kind: 'readable', readable: archive, name: 'the given readable' }
        : archive === '-'
          ? { kind: 'readable', readable: process.stdin, name: 'standard input' }
          : { kind: 'file', path: resolve(environment.workingDirectory, archive) },
    jobs: Number(options.jobs ?? environment.parallelism),
    memoryLimit: 192 * 2 ** 20,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    onNotice: options.onNotice ?? (() => undefined),
  };
}
