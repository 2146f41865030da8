import type { Lzma2Options } from './lzma2.js';
import type { CodecId } from './settings.js';

/**
 * An LZMA2 encoder. Given the same input and options, every build of the same version makes the same bytes: `id` is
 * part of what an archive's bytes depend on.
 */
export interface Codec {
  readonly id: CodecId;
  /** Encodes `input` as LZMA2 data, end marker included: the Compressed Data of one Block, in pieces. */
  encode(input: Uint8Array, options: Lzma2Options): readonly Uint8Array[];
}
