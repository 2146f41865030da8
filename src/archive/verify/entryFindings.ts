import { printable } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { EntryComparison } from '../compare/entries.js';
import { type Gathered, gathered } from '../compare/gathered.js';

/** One of the two that were compared. */
export interface Side {
  /** What it is called in a sentence. */
  readonly called: string;
  readonly entries: readonly IndexedEntry[];
}

/** The differences between entries in sentences. */
export function entryFindings(comparison: EntryComparison, a: Side, b: Side): string[] {
  const { onlyA, onlyB, again, contents, fields, order } = comparison;
  return [
    ...gathered(onlyA, b.entries).map(onlyIn(a, again)),
    ...gathered(onlyB, a.entries).map(onlyIn(b, again)),
    ...contents.map(pair => `the contents of "${printable(pair.a.name)}" differ`),
    ...fields.map(({ field, from, to, count, example }) => {
      const where = count === 1 ? `"${printable(example)}"` : `${count} entries, such as "${printable(example)}"`;
      return `the ${field} of ${where}: ${from || 'none'} in ${a.called}, ${to || 'none'} in ${b.called}`;
    }),
    ...(order === null
      ? []
      : [
          `the order: ${order.moved} entries stand elsewhere, the first ` +
            `"${printable(order.first.a)}" in ${a.called}, "${printable(order.first.b)}" in ${b.called}`,
        ]),
  ];
}

function onlyIn({ called }: Side, again: EntryComparison['again']): (found: Gathered) => string {
  return ({ entry, below }) => {
    if (again.has(entry)) return `"${printable(entry.name)}" is in ${called} more often`;
    const others = below === 1 ? ' and the entry below it are' : ` and the ${below} entries below it are`;
    return `"${printable(entry.name)}"${below === 0 ? ' is' : others} in ${called} only`;
  };
}
