import { stripKernel } from './kernel.js';

/** How much of a header is left out of the archive: see `kernel.ts`. */
export type StripMode = 'none' | 'kernel';

const STRIPPERS: { readonly [M in StripMode]: (source: Uint8Array) => Uint8Array } = {
  none: source => source,
  kernel: stripKernel,
};

/** The pure function that strips one header. Its result may share memory with its argument. */
export function stripperFor(mode: StripMode): (source: Uint8Array) => Uint8Array {
  return STRIPPERS[mode];
}
