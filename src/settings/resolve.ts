import { resolve as resolvePath } from 'node:path';
import { formatSize, parseSize } from '../bytes/size.js';
import { KheadersPackError } from '../errors.js';
import { UNLIMITED } from '../flow/slots.js';
import { BLOCK_SIZE_MIN, codecNamed, DEFAULT_CODEC } from '../lzma/codec.js';
import type { Codec } from '../model/codec.js';
import type { CompressionSettings, ExecutionSettings, Settings } from '../model/settings.js';
import { resolveCache } from './cache.js';
import { choiceOf } from './choice.js';
import { CHECK_KINDS } from './choices.js';
import { requireCompatible } from './conflicts.js';
import type { Environment } from './environment.js';
import { resolveJobs } from './jobs.js';
import { resolveKernels } from './kernels.js';
import { requireKinds } from './kinds.js';
import { resolveLzma2 } from './lzma2.js';
import { PACK_KINDS, type PackOptions } from './options.js';
import { askedOutputs, resolveOutputs } from './outputs.js';
import { resolveContent } from './trees.js';
import { requireFileNames, requireListKept } from './written.js';

/**
 * The one way from what was said to what is known.
 *
 * @throws KheadersPackError of the `E_OPTION_*`, `E_TIMESTAMP`, `E_TREE`, `E_NO_TREE`, `E_ARCH` and `E_CODEC` kinds
 */
export function resolveSettings(options: PackOptions, environment: Environment): Settings {
  requireKinds(options, PACK_KINDS);
  requireCompatible(options);
  const compression = resolveCompression(options);
  const execution = resolveExecution(options, environment);
  if (options.fromTar !== undefined) {
    const tar = options.fromTar === '-' ? '-' : resolvePath(environment.workingDirectory, options.fromTar);
    return { kind: 'recompress', content: compression, execution: { ...execution, tar } };
  }
  requireListKept(options.filesFrom, execution, environment);
  const kernels = resolveKernels(options, environment);
  const content = { ...resolveContent(options, environment, kernels, execution.onNotice), ...compression };
  return { kind: 'pack', content, execution: { ...execution, trees: kernels.map(kernel => kernel.trees) } };
}

function resolveCompression(options: PackOptions): CompressionSettings {
  const codec = codecNamed(options.codec ?? DEFAULT_CODEC);
  const blockSize = resolveBlockSize(options.blockSize, codec);
  const lzma2 = resolveLzma2({
    preset: options.preset,
    lzma2: options.lzma2,
    allowLargeDictionary: options.allowLargeDictionary === true,
    codec: codec.id.name,
    blockSize,
  });
  const check = choiceOf('--check', options.check, CHECK_KINDS);
  return { blockSize, encoding: { codec: codec.id, lzma2, check } };
}

function resolveBlockSize(given: string | number | undefined, codec: Codec): number {
  const { default: usual, max } = codec.blockSize;
  if (given === undefined) return usual;
  const size = parseSize(String(given));
  if (size !== undefined && size >= BLOCK_SIZE_MIN && size <= max) return size;
  throw new KheadersPackError('E_OPTION_VALUE', {
    option: '--block-size',
    value: String(given),
    expected: `a size from ${formatSize(BLOCK_SIZE_MIN)} to ${formatSize(max)} with --codec ${codec.id.name}, such as 4MiB`,
  });
}

function resolveExecution(options: PackOptions, environment: Environment): ExecutionSettings {
  requireFileNames(askedOutputs(options), environment);
  return {
    jobs: resolveJobs(options.jobs, environment),
    slots: UNLIMITED,
    ...resolveOutputs(options, environment),
    cache: resolveCache(options, environment),
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    onNotice: options.onNotice ?? (() => undefined),
  };
}
