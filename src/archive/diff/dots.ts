import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';

/** The entries of two archives, named alike. */
export interface NamedAlike {
  readonly a: readonly IndexedEntry[];
  readonly b: readonly IndexedEntry[];
  /** The archive whose names begin with `./`, where the other's do not. */
  readonly dotted: 'A' | 'B' | null;
}

/**
 * Entries whose names are one where they lie in one place: of an archive of `.` all begin with `./`, of one of what is in it
 * none do. The top itself is an entry of the former alone.
 */
export function namedAlike(a: readonly IndexedEntry[], b: readonly IndexedEntry[]): NamedAlike {
  if (areDotted(a) && areBare(b)) return { a: withoutTop(a), b: b.map(dotted), dotted: 'A' };
  if (areDotted(b) && areBare(a)) return { a: a.map(dotted), b: withoutTop(b), dotted: 'B' };
  return { a, b, dotted: null };
}

function areDotted(entries: readonly IndexedEntry[]): boolean {
  return entries.length > 0 && entries.every(({ name }) => name.startsWith('./'));
}

function areBare(entries: readonly IndexedEntry[]): boolean {
  return entries.length > 0 && !entries.some(({ name }) => name === '.' || name.startsWith('./'));
}

function withoutTop(entries: readonly IndexedEntry[]): IndexedEntry[] {
  return entries.filter(({ name }) => name !== './');
}

function dotted(entry: IndexedEntry): IndexedEntry {
  const linkname = entry.typeflag === '1' ? behindDot(entry.linkname) : entry.linkname;
  return { ...entry, name: behindDot(entry.name), linkname };
}

function behindDot(name: BytePath): BytePath {
  return fromLatin1(`./${name}`);
}
