import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { ReadingSettings } from '../model/reading.js';
import type { Environment } from './environment.js';
import { AMOUNT, FLAG, type Kinds, requireKinds, TEXT } from './kinds.js';
import { PACK_KINDS, type PackOptions } from './options.js';
import { type ReadingOptions, resolveReading } from './reading.js';

/** What a caller may say of a verification. With trees, pack's content options say how they were packed. */
export interface VerifyOptions
  extends Omit<PackOptions, 'output' | 'manifest' | 'sha256sums' | 'provenance' | 'fromTar'> {
  /** A manifest to compare with, and to rebuild by. */
  manifest?: string | undefined;
  /** The container and its Checks alone, whatever is inside. */
  container?: boolean | undefined;
  /** Contents alone are compared: how they were compressed does not matter. */
  contents?: boolean | undefined;
  /** Stop at the first difference. */
  first?: boolean | undefined;
  memoryLimit?: string | number | undefined;
}

const { output, sha256sums, provenance, fromTar, ...SHARED } = PACK_KINDS;
const VERIFY_KINDS: Kinds<VerifyOptions> = {
  ...SHARED,
  manifest: TEXT,
  container: FLAG,
  contents: FLAG,
  first: FLAG,
  memoryLimit: AMOUNT,
};

export interface VerifySettings {
  readonly mode: 'container' | 'integrity' | 'reproduction';
  readonly reading: ReadingSettings;
  readonly manifest: string | null;
  readonly contents: boolean;
  readonly first: boolean;
}

/** Content options of pack by which nothing is rebuilt where a manifest has them all. */
const CONTENT_OPTIONS = [
  ['arch', '--arch'],
  ['profile', '--profile'],
  ['symvers', '--symvers'],
  ['filesFrom', '--files-from'],
  ['nul', '--null'],
  ['include', '--include'],
  ['exclude', '--exclude'],
  ['compat', '--compat'],
  ['strip', '--strip'],
  ['order', '--order'],
  ['dedup', '--no-dedup'],
  ['mtime', '--mtime'],
  ['codec', '--codec'],
  ['preset', '--preset'],
  ['lzma2', '--lzma2'],
  ['allowLargeDictionary', '--allow-large-dictionary'],
  ['blockSize', '--block-size'],
  ['check', '--check'],
] as const;

/** @throws KheadersPackError of the `E_OPTION_*` kinds */
export function resolveVerify(
  archive: ReadingOptions['archive'],
  options: VerifyOptions,
  environment: Environment,
): VerifySettings {
  requireKinds(options, VERIFY_KINDS);
  const { jobs, memoryLimit, signal, onProgress, onNotice } = options;
  const hasTrees = (options.trees ?? []).length > 0;
  requireCompatible(options, hasTrees);
  return {
    mode: options.container === true ? 'container' : hasTrees ? 'reproduction' : 'integrity',
    reading: resolveReading({ archive, jobs, memoryLimit, signal, onProgress, onNotice }, environment),
    manifest: options.manifest === undefined ? null : resolvePath(environment.workingDirectory, options.manifest),
    contents: options.contents === true,
    first: options.first === true,
  };
}

function requireCompatible(options: VerifyOptions, hasTrees: boolean): void {
  const given = CONTENT_OPTIONS.find(([key]) => options[key] !== undefined);
  if (options.container === true) {
    const reason = 'it looks at the container alone';
    if (hasTrees) throw conflict('--container', 'TREE', reason);
    if (options.manifest !== undefined) throw conflict('--container', '--manifest', reason);
  }
  if (!hasTrees) {
    const reason = 'it says how a TREE is rebuilt';
    if (given !== undefined) throw conflict(given[1], 'no TREE', reason);
    if (options.objtree !== undefined) throw conflict('--objtree', 'no TREE', reason);
    if (options.contents === true) throw conflict('--contents', 'no TREE', reason);
    if (options.first === true) throw conflict('--first', 'no TREE', reason);
  }
  if (options.manifest !== undefined && given !== undefined) {
    throw conflict('--manifest', given[1], 'the manifest says how the archive was made');
  }
}

function conflict(first: string, second: string, reason: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_CONFLICT', { first, second, reason });
}
