import { KheadersPackError } from '../errors.js';
import type { Lzma2Options } from '../model/lzma2.js';
import type { CodecId } from '../model/settings.js';
import { liblzma } from './liblzma.js';

/**
 * An LZMA2 encoder. Given the same input and options, every build of the same version makes the same bytes: `id` is
 * part of what an archive's bytes depend on.
 */
export interface Codec {
  readonly id: CodecId;
  /** Encodes `input` as LZMA2 data, end marker included: the Compressed Data of one Block, in pieces. */
  encode(input: Uint8Array, options: Lzma2Options): readonly Uint8Array[];
}

/** The codec that is used when none is named: a constant of the release, never probed. */
export const DEFAULT_CODEC = 'liblzma';

const CODECS: Readonly<Record<string, Codec>> = { liblzma };

export const CODEC_NAMES: readonly string[] = Object.keys(CODECS);

/** @throws KheadersPackError `E_CODEC` when there is no such codec; there is no fallback */
export function codecNamed(name: string): Codec {
  const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : undefined;
  if (codec !== undefined) return codec;
  throw new KheadersPackError('E_CODEC', { codec: name, reason: `expected one of ${CODEC_NAMES.join(', ')}` });
}
