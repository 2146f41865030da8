import type { Lzma2Options } from '../model/lzma2.js';

/** Dictionary sizes of presets 0 to 9 as powers of two (xz's manual, "Compression preset levels"). */
const DICTIONARY_POWERS = [18, 20, 21, 22, 22, 23, 23, 24, 25, 26] as const;
const FAST_DEPTHS = [4, 8, 24, 48] as const;

/**
 * The options of a preset as liblzma 5.2 sets them (`lzma_lzma_preset`), but for lc=4 and pb=0, which suit text: they
 * save 0.5 % on kernel headers.
 *
 * @param level 0 to 9
 * @param extreme the `e` of `6e`
 */
export function presetOptions(level: number, extreme: boolean): Lzma2Options {
  const power = DICTIONARY_POWERS[level];
  if (power === undefined) throw new RangeError(`No preset ${level}`);
  const text = { dictionarySize: 2 ** power, lc: 4, lp: 0, pb: 0 } as const;
  if (extreme) {
    const strongest = level !== 3 && level !== 5;
    return {
      ...text,
      mode: 'normal',
      matchFinder: 'bt4',
      niceLength: strongest ? 273 : 192,
      depth: strongest ? 512 : 0,
    };
  }
  const depth = FAST_DEPTHS[level];
  if (depth !== undefined) {
    return {
      ...text,
      mode: 'fast',
      matchFinder: level === 0 ? 'hc3' : 'hc4',
      niceLength: level <= 1 ? 128 : 273,
      depth,
    };
  }
  return {
    ...text,
    mode: 'normal',
    matchFinder: 'bt4',
    niceLength: level === 4 ? 16 : level === 5 ? 32 : 64,
    depth: 0,
  };
}

/** Bytes that the radix encoder's distances reach at most. */
const RADIX_DICTIONARY = 2 ** 26;

/**
 * The radix encoder's presets: 0 to 3 are fast, 4 to 6 normal, 7 to 9 and every `e` max. Presets of one kind are the
 * same. The dictionary is as large as a Block.
 */
export function radixPresetOptions(level: number, extreme: boolean): Lzma2Options {
  const common = { dictionarySize: RADIX_DICTIONARY, lc: 4, lp: 0, pb: 0, matchFinder: 'radix', depth: 0 } as const;
  if (extreme || level >= 7) return { ...common, mode: 'max', niceLength: 273 };
  if (level >= 4) return { ...common, mode: 'normal', niceLength: 128 };
  return { ...common, mode: 'fast', niceLength: 32 };
}
