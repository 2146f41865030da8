import type { StripMode } from '../model/settings.js';
import { stripKernel } from './kernel.js';

const STRIPPERS: { readonly [M in StripMode]: (source: Uint8Array) => Uint8Array } = {
  none: source => source,
  kernel: stripKernel,
};

/** The pure function that strips one header. Its result may share memory with its argument. */
export function stripperFor(mode: StripMode): (source: Uint8Array) => Uint8Array {
  return STRIPPERS[mode];
}
