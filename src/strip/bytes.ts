/** Scans over C source bytes. All are pure, and linear in the bytes they pass. A scan that finds nothing gives -1. */

export const TAB = 0x09;
export const LF = 0x0a;
export const VT = 0x0b;
export const FF = 0x0c;
export const CR = 0x0d;
export const SPACE = 0x20;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const PERCENT = 0x25;
export const SINGLE_QUOTE = 0x27;
export const OPEN_PARENTHESIS = 0x28;
export const STAR = 0x2a;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const LESS = 0x3c;
const GREATER = 0x3e;
export const BACKSLASH = 0x5c;

const WORD = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$')) WORD[byte] = 1;

/** White space within a line. */
export function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === VT || byte === FF;
}

/** White space, line ends included. */
export function isWhite(byte: number | undefined): boolean {
  return isBlank(byte) || byte === LF || byte === CR;
}

/** A letter, digit, underscore or dollar sign. */
export function isWord(byte: number | undefined): boolean {
  return byte !== undefined && WORD[byte] === 1;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Past the line continuation that starts with the backslash at `at`. gcc and clang allow blanks between backslash and line end. */
export function spliceEnd(source: Uint8Array, at: number): number {
  let i = at + 1;
  while (isBlank(source[i])) i++;
  if (source[i] === CR) i++;
  return source[i] === LF ? i + 1 : -1;
}

/** Past all line continuations at `at`; `at` itself when there is none. */
export function skipSplices(source: Uint8Array, at: number): number {
  let i = at;
  while (source[i] === BACKSLASH) {
    const end = spliceEnd(source, i);
    if (end < 0) return i;
    i = end;
  }
  return i;
}

/** Past blanks and line continuations. */
export function skipBlanks(source: Uint8Array, at: number): number {
  let i = at;
  for (;;) {
    const start = i;
    while (isBlank(source[i]) || source[i] === 0) i++;
    i = skipSplices(source, i);
    if (i === start) return i;
  }
}

/** Past the block comment whose body starts at `at`. Line continuations may stand between its last star and slash. */
export function blockCommentEnd(source: Uint8Array, at: number): number {
  const length = source.length;
  for (let i = at; i < length; ) {
    if ((source[i++] as number) !== STAR) continue;
    const slash = source[i] === BACKSLASH ? skipSplices(source, i) : i;
    if (source[slash] === SLASH) return slash + 1;
  }
  return -1;
}

/** The end of the logical line that goes on at `at`: its line feed, the carriage return before that, or the end of the source. */
export function logicalLineEnd(source: Uint8Array, at: number): number {
  const length = source.length;
  let i = at;
  while (i < length && source[i] !== LF) {
    const end = source[i] === BACKSLASH ? spliceEnd(source, i) : -1;
    i = end < 0 ? i + 1 : end;
  }
  return i < length && i > at && source[i - 1] === CR ? i - 1 : i;
}

/** Past the literal that opens with the quote at `at`, or -1 when its line ends first. */
export function literalEnd(source: Uint8Array, at: number): number {
  const quote = source[at];
  const length = source.length;
  for (let i = at + 1; i < length; ) {
    const byte = source[i];
    if (byte === quote) return i + 1;
    if (byte === LF) return -1;
    i++;
    if (byte !== BACKSLASH) continue;
    const splice = spliceEnd(source, i - 1);
    if (splice >= 0) {
      i = splice;
      continue;
    }
    // The escaped byte is the first one after any continuation, and a line end cannot be escaped twice.
    i = skipSplices(source, i);
    if (i < length && source[i] !== LF && source[i] !== CR) i++;
  }
  return -1;
}

/** Past the `>` of the header name that opens at `at`, or -1 when its line ends first. */
export function headerNameEnd(source: Uint8Array, at: number): number {
  const end = logicalLineEnd(source, at);
  for (let i = at + 1; i < end; i++) if (source[i] === GREATER) return i + 1;
  return -1;
}

/** Whether a comment opens at `at`. */
export function isCommentAt(source: Uint8Array, at: number): boolean {
  if (source[at] !== SLASH) return false;
  const second = source[skipSplices(source, at + 1)];
  return second === STAR || second === SLASH;
}

/** Past the empty comments that follow each other from `at` on; `at` when there is none. */
export function emptyCommentsEnd(source: Uint8Array, at: number): number {
  let i = at;
  while (source[i] === SLASH && source[i + 1] === STAR && source[i + 2] === STAR && source[i + 3] === SLASH) i += 4;
  return i;
}

/** The first SPDX at or after `at`; the length of the source when there is none. */
export function spdxFrom(source: Uint8Array, at: number): number {
  const found = Buffer.from(source.buffer, source.byteOffset, source.byteLength).indexOf('SPDX', at);
  return found < 0 ? source.length : found;
}
