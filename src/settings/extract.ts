import { resolve } from 'node:path';
import { fromUtf8, toJson } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { ExtractSettings, WrittenKind } from '../model/extract.js';
import type { Environment } from './environment.js';
import { AMOUNT, CALLBACK, FLAG, type Kinds, requireKinds, TEXT, TEXTS } from './kinds.js';
import { READING_KINDS, type ReadingOptions, resolveReading } from './reading.js';

/** What a caller or a command line may say about an extraction. */
export interface ExtractOptions extends ReadingOptions {
  /** The directory to extract into; it is made if only it is missing. Default: the working directory. */
  directory?: string | undefined;
  /** What to extract, as in `pack`'s `include`. Default: everything. */
  patterns?: readonly string[] | undefined;
  /** Leading components to take off names. Default: 0. */
  stripComponents?: string | number | undefined;
  /** The kernel of a bundle whose files to extract, without its directory. Default: everything. */
  kernel?: string | undefined;
  /** Refuses names that differ in case or Unicode normalisation alone. Default: only where the target does not tell them apart. */
  portable?: boolean | undefined;
  /** Makes symbolic links that lead out of the target, too. They are never followed. Default: false. */
  outsideLinks?: boolean | undefined;
  /** Called with each entry that is in the target, as soon as it is. */
  onWritten?: ((written: Written) => void) | undefined;
}

const EXTRACT_KINDS: Kinds<ExtractOptions> = {
  ...READING_KINDS,
  directory: TEXT,
  patterns: TEXTS,
  stripComponents: AMOUNT,
  kernel: TEXT,
  portable: FLAG,
  outsideLinks: FLAG,
  onWritten: CALLBACK,
};

/** An entry in the target; its path is relative to it, with `pathBase64` beside it where its bytes are not UTF-8. */
export interface Written {
  readonly kind: WrittenKind;
  readonly path: string;
  readonly pathBase64?: string;
}

/** @throws KheadersPackError `E_OPTION_VALUE` */
export function resolveExtract(options: ExtractOptions, environment: Environment): ExtractSettings {
  requireKinds(options, EXTRACT_KINDS);
  const { onWritten } = options;
  return {
    reading: resolveReading(options, environment),
    target: resolve(environment.workingDirectory, options.directory ?? '.'),
    patterns: options.patterns ?? [],
    stripComponents: resolveCount(options.stripComponents),
    kernel: resolveKernel(options.kernel),
    isPortable: options.portable === true,
    allowsOutsideLinks: options.outsideLinks === true,
    umask: environment.umask,
    onWritten: onWritten === undefined ? () => undefined : ({ kind, path }) => onWritten({ kind, ...toJson(path) }),
  };
}

function resolveCount(given: string | number | undefined): number {
  const text = String(given ?? 0);
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const expected = 'a whole number from 0 to 9999';
  throw new KheadersPackError('E_OPTION_VALUE', { option: '--strip-components', value: text, expected });
}

function resolveKernel(given: string | undefined): ExtractSettings['kernel'] {
  if (given === undefined) return null;
  const name = given.replace(/^\.\//, '').replace(/\/$/, '');
  if (name !== '' && name !== '.' && name !== '..' && !name.includes('/')) return fromUtf8(name);
  const expected = 'the name of a directory at the top of the archive';
  throw new KheadersPackError('E_OPTION_VALUE', { option: '--kernel', value: given, expected });
}
