import { BACKSLASH, DOUBLE_QUOTE, FF, HASH, LESS, LF, PERCENT, SINGLE_QUOTE, SLASH, SPACE, TAB, VT } from './bytes.js';
import type { Output } from './output.js';

/** What becomes of blanks between tokens: left as they are, or one space for each run. */
export type Blanks = 'keep' | 'collapse';

const ORDINARY = 0;
const SPECIAL = 1;
const COLLAPSED = 2;
const LINE_END = 3;

const PLAIN = new Uint8Array(256).fill(ORDINARY);
PLAIN[LF] = LINE_END;
for (const byte of [SLASH, BACKSLASH, DOUBLE_QUOTE, SINGLE_QUOTE, HASH, PERCENT, LESS]) PLAIN[byte] = SPECIAL;
const COLLAPSING = PLAIN.slice();
for (const byte of [SPACE, TAB, VT, FF]) COLLAPSING[byte] = COLLAPSED;
const CLASSES: { readonly [B in Blanks]: Uint8Array } = { keep: PLAIN, collapse: COLLAPSING };

/**
 * Copies bytes from `from` on, and the ends of lines that need no trimming, up to the next byte that may need care: that is
 * most of a header, so this loop is where the time goes. Gives the position of that byte.
 */
export function copyOrdinary(source: Uint8Array, from: number, output: Output, blanks: Blanks): number {
  const classes = CLASSES[blanks];
  const out = output.bytes;
  const length = source.length;
  let at = from;
  let end = output.end;
  let last = output.last ?? LF;
  let lineStart = -1;
  for (; at < length; at++) {
    let byte = source[at] as number;
    const byteClass = classes[byte];
    if (byteClass !== ORDINARY) {
      if (byteClass === SPECIAL) break;
      if (byteClass === COLLAPSED) {
        if (last === SPACE) continue;
        byte = SPACE;
      } else {
        if (last <= SPACE) break;
        lineStart = end + 1;
      }
    }
    out[end++] = byte;
    last = byte;
  }
  output.end = end;
  if (lineStart >= 0) output.startLine(lineStart);
  return at;
}
