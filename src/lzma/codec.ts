import { largestOf } from '../bytes/largest.js';
import { KheadersPackError } from '../errors.js';
import type { Codec } from '../model/codec.js';
import { liblzma } from './liblzma.js';
import { radix } from './radix.js';

/** The codec that is used when none is named: a constant of the release, never probed. */
export const DEFAULT_CODEC = 'radix';

/** Bytes of a Block at least, whatever the codec. */
export const BLOCK_SIZE_MIN = 4096;

const CODECS: Readonly<Record<string, Codec>> = { radix, liblzma };

export const CODEC_NAMES: readonly string[] = Object.keys(CODECS);

/** Bytes of a Block at most, with the codec that takes the largest. */
export const BLOCK_SIZE_MAX = largestOf(Object.values(CODECS).map(codec => codec.blockSize.max));

/** @throws KheadersPackError `E_CODEC` when there is no such codec; there is no fallback */
export function codecNamed(name: string): Codec {
  const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : undefined;
  if (codec !== undefined) return codec;
  throw new KheadersPackError('E_CODEC', { codec: name, reason: `expected one of ${CODEC_NAMES.join(', ')}` });
}

/**
 * The name of the codec that fills its chunks to this size; null where none does. What was ended for another reason, a
 * Block's only chunk for one, says nothing.
 *
 * @param coded bytes of an LZMA chunk behind its header
 */
export function codecByChunk(coded: number): string | null {
  const codec = Object.values(CODECS).find(({ fullChunk: { min, max } }) => coded >= min && coded <= max);
  return codec?.id.name ?? null;
}
