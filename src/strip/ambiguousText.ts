import { BACKSLASH, CR, DOUBLE_QUOTE, isBlank, isWhite, LF, SINGLE_QUOTE, SLASH, STAR, skipSplices } from './bytes.js';

const TRIGRAPH_BACKSLASH = '??/';

/** The UTF-8 byte order mark. */
export const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * Whether compilers part ways on where lines end in the whole file, or on what its first token is when text before it goes:
 * a carriage return alone, a NUL between a backslash and the line end, a trigraph for such a backslash, a byte order mark
 * that is not the first thing.
 */
export function isAmbiguousFile(source: Uint8Array): boolean {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return (
    bytes.indexOf(BYTE_ORDER_MARK, 1) >= 0 ||
    hasAt(bytes, CR, at => bytes[at + 1] !== LF) ||
    hasAt(bytes, 0, at => isBetweenBackslashAndLineEnd(bytes, at)) ||
    hasAt(bytes, TRIGRAPH_BACKSLASH, at => isBeforeLineEndOrSlash(bytes, at + TRIGRAPH_BACKSLASH.length))
  );
}

function hasAt(bytes: Buffer, sought: number | string, isMet: (at: number) => boolean): boolean {
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) if (isMet(at)) return true;
  return false;
}

function isBetweenBackslashAndLineEnd(source: Uint8Array, nul: number): boolean {
  let before = nul - 1;
  while (isBlank(source[before])) before--;
  return source[before] === BACKSLASH && isBeforeLineEndOrSlash(source, nul);
}

/** Whether a line end follows, or what may be a comment, which would leave a line end. */
function isBeforeLineEndOrSlash(source: Uint8Array, at: number): boolean {
  let i = at;
  while (isBlank(source[i]) || source[i] === 0) i++;
  return i >= source.length || isWhite(source[i]) || source[i] === SLASH;
}

/** Whether a block comment that opens in `from` to `to` may go on past `to`, wherever literals are thought to be. */
export function mayLeaveCommentOpen(source: Uint8Array, from: number, to: number): boolean {
  let isOpen = false;
  for (let i = from; i + 1 < to; i++) {
    if (source[i] === STAR && source[i + 1] === SLASH) isOpen = false;
    if (source[i] !== SLASH) continue;
    const star = skipSplices(source, i + 1);
    if (star >= to || source[star] !== STAR) continue;
    isOpen = true;
    i = star;
  }
  return isOpen;
}

/** Whether a comment or a literal would open in `from` to `to` if that were no header name. */
export function mayHoldCommentOrLiteral(source: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = source[i];
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE || byte === BACKSLASH) return true;
    if (byte === SLASH && (source[i + 1] === SLASH || source[i + 1] === STAR)) return true;
  }
  return false;
}
