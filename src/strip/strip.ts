import type { StripMode } from '../model/settings.js';
import { stripComments } from './comments.js';
import { stripKernel } from './kernel.js';
import { copyWhole } from './output.js';

/**
 * Strips one header into `out`, which is at least as long, and returns the part of it that was filled. `out` may be
 * `source` itself: what is written is never ahead of what was read.
 */
export type Stripper = (source: Uint8Array, out: Uint8Array) => Uint8Array;

const STRIPPERS: { readonly [M in StripMode]: Stripper } = {
  none: copyWhole,
  kernel: stripKernel,
  comments: (source, out) => stripComments(source, out, 'keep'),
  tokens: (source, out) => stripComments(source, out, 'collapse'),
};

/** A pure function of the source's bytes. Only `none` keeps `__LINE__`; `comments` and `tokens` keep every token. */
export function stripperFor(mode: StripMode): Stripper {
  return STRIPPERS[mode];
}
