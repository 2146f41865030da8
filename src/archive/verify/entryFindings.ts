import { printable } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { EntryComparison } from '../compare/entries.js';

/** The differences between entries in sentences; `a` and `b` are what the two sides are called. */
export function entryFindings(comparison: EntryComparison, { a, b }: { a: string; b: string }): string[] {
  const { onlyA, onlyB, contents, fields, order } = comparison;
  const only = (side: string, entries: readonly IndexedEntry[]): string[] =>
    entries.map(({ name }) => `"${printable(name)}" is in ${side} only`);
  return [
    ...only(a, onlyA),
    ...only(b, onlyB),
    ...contents.map(pair => `the contents of "${printable(pair.a.name)}" differ`),
    ...fields.map(({ field, from, to, count, example }) => {
      const where = count === 1 ? `"${printable(example)}"` : `${count} entries, such as "${printable(example)}"`;
      return `the ${field} of ${where}: ${from || 'none'} in ${a}, ${to || 'none'} in ${b}`;
    }),
    ...(order === null
      ? []
      : [
          `the order: ${order.moved} entries stand elsewhere, the first ` +
            `"${printable(order.first.a)}" in ${a}, "${printable(order.first.b)}" in ${b}`,
        ]),
  ];
}
