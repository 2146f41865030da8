/** Mistakes of typing that a word is still recognised with. */
const MISTAKES = 2;

/** The word that was most likely meant, or null where none is near. */
export function nearest(typed: string, words: readonly string[]): string | null {
  const [best] = words
    .map(word => ({ word, mistakes: mistakesBetween(typed, word) }))
    .filter(({ word, mistakes }) => mistakes <= MISTAKES && mistakes < word.length - 1)
    .sort((a, b) => a.mistakes - b.mistakes);
  return best?.word ?? null;
}

/** Letters left out, added, replaced, or swapped with the next: the restricted Damerau-Levenshtein distance. */
function mistakesBetween(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const at = (of: readonly number[], index: number): number => of[index] ?? Number.POSITIVE_INFINITY;
      row[j] = Math.min(
        at(previous, j) + 1,
        at(row, j - 1) + 1,
        at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwap ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
