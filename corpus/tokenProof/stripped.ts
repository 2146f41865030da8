import type { StripMode } from '../../src/model/settings.js';
import { stripperFor } from '../../src/strip/strip.js';

/** The source in one mode, in memory of its own. */
export function stripped(source: Uint8Array, mode: StripMode): Uint8Array {
  return stripperFor(mode)(source, new Uint8Array(source.length));
}
