import type { StripMode } from '../model/settings.js';
import { stripKernel } from './kernel.js';

/**
 * Strips one header into `out`, which is at least as long, and returns the part of it that was filled. `out` may be
 * `source` itself: what is written is never ahead of what was read.
 */
export type Stripper = (source: Uint8Array, out: Uint8Array) => Uint8Array;

const STRIPPERS: { readonly [M in StripMode]: Stripper } = {
  none: copy,
  kernel: stripKernel,
};

/** A pure function of the source's bytes. */
export function stripperFor(mode: StripMode): Stripper {
  return STRIPPERS[mode];
}

function copy(source: Uint8Array, out: Uint8Array): Uint8Array {
  if (out !== source) out.set(source);
  return out.subarray(0, source.length);
}
