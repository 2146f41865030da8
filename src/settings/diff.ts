import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';
import { AMOUNT, type Kinds, requireKinds, TEXT } from './kinds.js';
import { DECODING_KINDS, resolveReading } from './reading.js';

/** What a caller may say of a comparison. */
export interface DiffOptions {
  /** The manifest of the first archive. Default: `ARCHIVE.manifest.json`, where that is there and of this archive. */
  manifestA?: string | undefined;
  manifestB?: string | undefined;
  /** How many changed files are shown. Default: 5. */
  limit?: string | number | undefined;
  /** Lines shown of each. Default: 40. */
  lines?: string | number | undefined;
  jobs?: string | number | undefined;
  memoryLimit?: string | number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ReadingSettings['onProgress'] | undefined;
  onNotice?: ReadingSettings['onNotice'] | undefined;
}

const DIFF_KINDS: Kinds<DiffOptions> = {
  ...DECODING_KINDS,
  manifestA: TEXT,
  manifestB: TEXT,
  limit: AMOUNT,
  lines: AMOUNT,
};

export interface DiffSettings {
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Changed files that are shown. */
  readonly filesShown: number;
  /** Lines shown of each. */
  readonly linesShown: number;
}

export interface DiffSide {
  readonly reading: ReadingSettings & { readonly source: { readonly kind: 'file' } };
  /** A manifest that has to be there, or null: then one beside the archive is taken, if it is the archive's. */
  readonly manifest: string | null;
  /** Where that one would be. */
  readonly besideIt: string;
}

/** What stands behind an archive's name where its manifest lies beside it. */
export const BESIDE = '.manifest.json';

/** @throws KheadersPackError of the `E_OPTION_*` kinds */
export function resolveDiff(a: string, b: string, options: DiffOptions, environment: Environment): DiffSettings {
  requireKinds(options, DIFF_KINDS);
  return {
    a: resolveSide(a, options.manifestA, options, environment),
    b: resolveSide(b, options.manifestB, options, environment),
    filesShown: resolveCount('--limit', options.limit, 5),
    linesShown: resolveCount('--lines', options.lines, 40),
  };
}

function resolveSide(
  archive: string,
  manifest: string | undefined,
  options: DiffOptions,
  environment: Environment,
): DiffSide {
  const { jobs, memoryLimit, signal, onProgress, onNotice } = options;
  const reading = resolveReading({ archive, jobs, memoryLimit, signal, onProgress, onNotice }, environment);
  const { source } = reading;
  if (source.kind !== 'file') {
    const expected = 'a file: a comparison reads an archive more than once';
    throw new KheadersPackError('E_OPTION_VALUE', { option: 'ARCHIVE', value: archive, expected });
  }
  return {
    reading: { ...reading, source },
    manifest: manifest === undefined ? null : resolvePath(environment.workingDirectory, manifest),
    besideIt: `${source.path}${BESIDE}`,
  };
}

/** A whole number; `all` where everything is wanted. */
function resolveCount(option: string, given: string | number | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const text = String(given);
  if (text === 'all') return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new KheadersPackError('E_OPTION_VALUE', { option, value: text, expected: 'a whole number, or all' });
}
