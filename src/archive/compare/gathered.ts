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
  const shared = new Set(other.flatMap(({ name }) => directoriesOf(name)));
  const found: { readonly entry: IndexedEntry; below: number }[] = [];
  const directories = new Map<string, { below: number }>();
  for (const entry of only) {
    const top = directoriesOf(entry.name).find(name => directories.has(name));
    const directory = directories.get(top ?? '');
    if (directory !== undefined) {
      directory.below++;
      continue;
    }
    const first = { entry, below: 0 };
    found.push(first);
    if (entry.name.endsWith('/') && !shared.has(entry.name)) directories.set(entry.name, first);
  }
  return found;
}

/** The directories that a name lies in, from the outside in, each with its slash. */
function directoriesOf(name: string): string[] {
  const directories: string[] = [];
  for (let at = name.indexOf('/'); at !== -1 && at < name.length - 1; at = name.indexOf('/', at + 1)) {
    directories.push(name.slice(0, at + 1));
  }
  return directories;
}
