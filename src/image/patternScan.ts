import type { RandomAccess } from '../archive/reading/archiveFile.js';

/** Bytes looked at together. */
const WINDOW_SIZE = 2 ** 22;

/** Where each of the patterns begins in a file, in one pass over it. Patterns are a few bytes long. */
export async function findPatterns(file: RandomAccess, patterns: readonly Buffer[]): Promise<number[][]> {
  const found: number[][] = patterns.map(() => []);
  const overlap = Math.max(...patterns.map(pattern => pattern.length)) - 1;
  for (let from = 0; from < file.size; from += WINDOW_SIZE) {
    const piece = await file.read(from, Math.min(file.size, from + WINDOW_SIZE + overlap));
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    for (const [i, pattern] of patterns.entries()) {
      // What begins in the overlap is the next window's.
      for (let at = bytes.indexOf(pattern); at >= 0 && at < WINDOW_SIZE; at = bytes.indexOf(pattern, at + 1)) {
        found[i]?.push(from + at);
      }
    }
  }
  return found;
}
