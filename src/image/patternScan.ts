import type { RandomAccess } from '../archive/reading/archiveFile.js';

/** Bytes looked at together. */
const WINDOW_SIZE = 2 ** 22;
/** Bytes before a pattern, and from its start on, that it is judged by. */
const CONTEXT = 32;
/** Places of one pattern that are kept: a file that is made of them must not fill the memory. */
const PLACES_MAX = 2 ** 20;

/** Some bytes to look for. */
export interface Pattern {
  /** At most 32 of them. */
  readonly bytes: Buffer;
  /**
   * Whether a place counts.
   *
   * @param window bytes of the file around it, 32 before it and from it on, as far as there are
   * @param at where in the window the pattern begins
   */
  isWanted(window: Buffer, at: number): boolean;
}

/** Where each of the patterns begins in a file, in one pass over it: its first 2^20 places that are wanted. */
export async function findPatterns(file: RandomAccess, patterns: readonly Pattern[]): Promise<number[][]> {
  const found: number[][] = patterns.map(() => []);
  for (let from = 0; from < file.size; from += WINDOW_SIZE) {
    const start = Math.max(0, from - CONTEXT);
    const piece = await file.read(start, Math.min(file.size, from + WINDOW_SIZE + CONTEXT));
    const window = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (const [i, pattern] of patterns.entries()) notePlaces(window, start, from, pattern, found[i] ?? []);
  }
  return found;
}

/** What begins before `from` or a window behind it is another window's. @param start where the window lies in the file */
function notePlaces(window: Buffer, start: number, from: number, pattern: Pattern, places: number[]): void {
  const end = from - start + WINDOW_SIZE;
  let at = window.indexOf(pattern.bytes, from - start);
  for (; at >= 0 && at < end && places.length < PLACES_MAX; at = window.indexOf(pattern.bytes, at + 1)) {
    if (pattern.isWanted(window, at)) places.push(start + at);
  }
}
