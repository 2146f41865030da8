import type { IndexedEntry } from '../../model/archiveIndex.js';

/** An entry, and how many it stands for that lie below it. */
export interface Gathered {
  readonly entry: IndexedEntry;
  readonly below: number;
}

/**
 * The entries that one side has only. A directory of which the other side has nothing stands for all that follows in it: a
 * kernel that is missing from a bundle is one finding instead of five thousand.
 */
export function gathered(only: readonly IndexedEntry[], other: readonly IndexedEntry[]): Gathered[] {
  if (only.length === 0) return [];
  const others = other.map(({ name }) => name).sort();
  const found: { readonly entry: IndexedEntry; below: number }[] = [];
  const directories = new Directories();
  for (const entry of only) {
    const directory = directories.outermostOf(entry.name);
    if (directory !== undefined) {
      directory.below++;
      continue;
    }
    const first = { entry, below: 0 };
    found.push(first);
    if (entry.name.endsWith('/') && !hasAny(others, entry.name)) directories.add(entry.name, first);
  }
  return found;
}

/** Whether any of the names, which are sorted, lies in the directory. */
function hasAny(names: readonly string[], directory: string): boolean {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') <= directory) low = middle + 1;
    else high = middle;
  }
  return names[low]?.startsWith(directory) === true;
}

/** Directories that stand for what is in them. Only names of their lengths are looked up: one may be a megabyte of slashes. */
class Directories {
  readonly #byName = new Map<string, { below: number }>();
  /** Ascending. */
  #lengths: number[] = [];

  add(name: string, found: { below: number }): void {
    this.#byName.set(name, found);
    if (!this.#lengths.includes(name.length)) this.#lengths = [...this.#lengths, name.length].sort((a, b) => a - b);
  }

  outermostOf(name: string): { below: number } | undefined {
    for (const length of this.#lengths) {
      if (length >= name.length) return undefined;
      const found = name[length - 1] === '/' ? this.#byName.get(name.slice(0, length)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
