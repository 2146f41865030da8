import { parseSize } from '../bytes/size.js';
import { KheadersPackError } from '../errors.js';
import { presetOptions, radixPresetOptions } from '../lzma/presets.js';
import type { Lzma2Options } from '../model/lzma2.js';
import { DICTIONARY_SIZE_MAX, DICTIONARY_SIZE_MIN, roundDictionarySize } from '../xz/lzma2Filter.js';

/** What busybox's xz reads at most, in bytes. */
export const DICTIONARY_SIZE_PORTABLE = 64 * 2 ** 20;

/** Literal context and literal position bits together. */
export const LC_LP_MAX = 4;
/** Bytes. */
export const NICE_LENGTH_MAX = 273;

const DEFAULT_PRESET = '6';
/** Shorter matches are found otherwise, and are never skipped over. */
const NICE_MIN_RADIX = 8;
const KEYS = 'preset, dict, lc, lp, pb, mode, nice, mf, depth';

/** What each codec lets be chosen. */
interface Dialect {
  readonly preset: (level: number, extreme: boolean) => Lzma2Options;
  /** Bytes. */
  readonly dictionarySizeMax: number;
  readonly modes: readonly Lzma2Options['mode'][];
  readonly finders: readonly Lzma2Options['matchFinder'][];
  readonly depthMax: number;
  /** What else may be said of the match finder and its depth, and with what. */
  readonly elsewhere: string;
}

const LIBLZMA: Dialect = {
  preset: presetOptions,
  dictionarySizeMax: DICTIONARY_SIZE_MAX,
  modes: ['fast', 'normal'],
  finders: ['hc3', 'hc4', 'bt2', 'bt3', 'bt4'],
  depthMax: 2 ** 31 - 1,
  elsewhere: '',
};
/** Its match finder has no depth to choose. */
const RADIX: Dialect = {
  preset: radixPresetOptions,
  dictionarySizeMax: DICTIONARY_SIZE_PORTABLE,
  modes: ['fast', 'normal', 'max'],
  finders: ['radix'],
  depthMax: 0,
  elsewhere: ', or --codec liblzma beside it',
};

/** What `--preset`, `--lzma2`, `--allow-large-dictionary` say, and the block size, which bounds the default dictionary. */
export interface Lzma2Choice {
  readonly preset: string | undefined;
  readonly lzma2: string | undefined;
  readonly allowLargeDictionary: boolean;
  readonly codec: string;
  readonly blockSize: number;
}

/**
 * The LZMA2 options of a command line, in xz's own syntax. A dictionary larger than a Block would only cost memory, so
 * unless `dict=` names one it is as large as the preset's or the block size, whichever is smaller.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`, `E_OPTION_CONFLICT`
 */
export function resolveLzma2(choice: Lzma2Choice): Lzma2Options {
  const given = parsePairs(choice.lzma2 ?? '');
  const presetInside = given.get('preset');
  if (choice.preset !== undefined && presetInside !== undefined) {
    const reason = 'both name a preset';
    throw new KheadersPackError('E_OPTION_CONFLICT', { first: '--preset', second: '--lzma2 preset=', reason });
  }
  const dialect = dialectOf(choice.codec);
  const base = parsePreset(dialect, choice.preset ?? presetInside ?? DEFAULT_PRESET, presetInside === undefined);
  const options: Lzma2Options = {
    dictionarySize: dictionarySize(given.get('dict'), base.dictionarySize, dialect, choice),
    lc: integer(given, 'lc', 0, 4, base.lc),
    lp: integer(given, 'lp', 0, 4, base.lp),
    pb: integer(given, 'pb', 0, 4, base.pb),
    mode: oneOf(given, 'mode', dialect.modes, base.mode),
    niceLength: integer(given, 'nice', 2, NICE_LENGTH_MAX, base.niceLength),
    matchFinder: oneOf(given, 'mf', dialect.finders, base.matchFinder, dialect.elsewhere),
    depth: integer(given, 'depth', 0, dialect.depthMax, base.depth, dialect.elsewhere),
  };
  requireFitting(options);
  return options;
}

function parsePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of text.split(',').filter(part => part !== '')) {
    const [key = '', value = ''] = pair.split(/=(.*)/s);
    if (!KEYS.split(', ').includes(key) || value === '')
      throw invalid('--lzma2', pair, `KEY=VALUE with KEY one of ${KEYS}`);
    pairs.set(key, value);
  }
  return pairs;
}

function parsePreset(dialect: Dialect, text: string, isOption: boolean): Lzma2Options {
  const match = /^([0-9])(e?)$/.exec(text);
  if (match === null) throw invalid(isOption ? '--preset' : '--lzma2 preset=', text, '0 to 9, or 0e to 9e');
  return dialect.preset(Number(match[1]), match[2] === 'e');
}

function dictionarySize(
  given: string | undefined,
  ofPreset: number,
  { dictionarySizeMax }: Dialect,
  choice: Lzma2Choice,
): number {
  if (given === undefined) return roundDictionarySize(Math.min(ofPreset, choice.blockSize));
  const size = parseSize(given);
  if (size === undefined || size < DICTIONARY_SIZE_MIN || size > DICTIONARY_SIZE_MAX) {
    throw invalid('--lzma2 dict=', given, 'a size from 4KiB to 1536MiB');
  }
  if (size > dictionarySizeMax) {
    throw invalid('--lzma2 dict=', given, 'at most 64MiB, or --codec liblzma and --allow-large-dictionary beside it');
  }
  if (size > DICTIONARY_SIZE_PORTABLE && !choice.allowLargeDictionary) {
    const expected = 'at most 64MiB, which is what busybox reads, or --allow-large-dictionary beside it';
    throw invalid('--lzma2 dict=', given, expected);
  }
  return roundDictionarySize(size);
}

/** By the name of a codec that there is. */
export function dialectOf(codec: string): Dialect {
  return codec === 'radix' ? RADIX : LIBLZMA;
}

/** The shortest nice length in bytes that a match finder takes. */
export function niceLengthMin(finder: Lzma2Options['matchFinder']): number {
  return finder === 'radix' ? NICE_MIN_RADIX : Number(finder.slice(2));
}

/** liblzma's own conditions between the options. */
function requireFitting(options: Lzma2Options): void {
  if (options.lc + options.lp > LC_LP_MAX) {
    throw invalid('--lzma2', `lc=${options.lc},lp=${options.lp}`, `lc + lp of at most ${LC_LP_MAX}`);
  }
  const shortest = niceLengthMin(options.matchFinder);
  if (options.niceLength < shortest) {
    throw invalid('--lzma2 nice=', String(options.niceLength), `at least ${shortest} with mf=${options.matchFinder}`);
  }
}

function integer(
  given: ReadonlyMap<string, string>,
  key: string,
  min: number,
  max: number,
  base: number,
  elsewhere = '',
): number {
  const text = given.get(key);
  if (text === undefined) return base;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const expected = min === max ? String(min) : `a whole number from ${min} to ${max}`;
  throw invalid(`--lzma2 ${key}=`, text, `${expected}${elsewhere}`);
}

function oneOf<T extends string>(
  given: ReadonlyMap<string, string>,
  key: string,
  allowed: readonly T[],
  base: T,
  elsewhere = '',
): T {
  const text = given.get(key);
  if (text === undefined) return base;
  const value = allowed.find(candidate => candidate === text);
  if (value !== undefined) return value;
  const expected = allowed.length === 1 ? String(allowed[0]) : `one of ${allowed.join(', ')}`;
  throw invalid(`--lzma2 ${key}=`, text, `${expected}${elsewhere}`);
}

function invalid(option: string, value: string, expected: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_VALUE', { option, value, expected });
}
