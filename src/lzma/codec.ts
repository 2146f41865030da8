import { KheadersPackError } from '../errors.js';
import type { Codec } from '../model/codec.js';
import { liblzma } from './liblzma.js';
import { radix } from './radix.js';

/** The codec that is used when none is named: a constant of the release, never probed. */
export const DEFAULT_CODEC = 'liblzma';

const CODECS: Readonly<Record<string, Codec>> = { liblzma, radix };

export const CODEC_NAMES: readonly string[] = Object.keys(CODECS);

/** @throws KheadersPackError `E_CODEC` when there is no such codec; there is no fallback */
export function codecNamed(name: string): Codec {
  const codec = Object.hasOwn(CODECS, name) ? CODECS[name] : undefined;
  if (codec !== undefined) return codec;
  throw new KheadersPackError('E_CODEC', { codec: name, reason: `expected one of ${CODEC_NAMES.join(', ')}` });
}
