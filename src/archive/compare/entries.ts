import { type BytePath, fromLatin1, printable } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { FieldDifference } from '../../model/diffReport.js';

/** How the entries of two tars differ. Entries are paired by their names; of equal names the n-th with the n-th. */
export interface EntryComparison {
  readonly onlyA: readonly IndexedEntry[];
  readonly onlyB: readonly IndexedEntry[];
  /** Those of both of whose name the other tar has an entry, and fewer. */
  readonly again: ReadonlySet<IndexedEntry>;
  /** Pairs whose contents differ, in A's order. A hard link's content is its target's. */
  readonly contents: readonly EntryPair[];
  /** Fields of the entry headers, by field and the two values. */
  readonly fields: readonly FieldChange[];
  readonly order: OrderChange | null;
  /** Pairs in all. */
  readonly paired: number;
}

export interface EntryPair {
  readonly a: IndexedEntry;
  readonly b: IndexedEntry;
  /** The entries that hold the contents: themselves, what they are hard links to, or null. */
  readonly holderA: IndexedEntry | null;
  readonly holderB: IndexedEntry | null;
}

/** A header field that went from one value to another, in `count` entries. */
export interface FieldChange {
  readonly field: ComparedField;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** The first entry's name. */
  readonly example: BytePath;
  /** Whether it is where hard links lead to. */
  readonly isOfHardLinks: boolean;
}

/** The entries of both are not in one order. */
export interface OrderChange {
  /** How many entries would have to move. */
  readonly moved: number;
  /** The first entry of A that stands elsewhere in B, and what stands there. */
  readonly first: { readonly a: BytePath; readonly b: BytePath };
}

const COMPARED = [
  'typeflag',
  'linkname',
  'devmajor',
  'devminor',
  'mode',
  'mtime',
  'uid',
  'gid',
  'uname',
  'gname',
  'format',
] as const;
export type ComparedField = (typeof COMPARED)[number];

export function compareEntries(a: readonly IndexedEntry[], b: readonly IndexedEntry[]): EntryComparison {
  if (areAlike(a, b)) {
    return { onlyA: [], onlyB: [], again: new Set(), contents: [], fields: [], order: null, paired: a.length };
  }
  const [keyedA, keyedB] = [keyed(a), keyed(b)];
  const [holdersA, holdersB] = [holdersOf(a), holdersOf(b)];
  const onlyA = [...keyedA].filter(([key]) => !keyedB.has(key)).map(([, entry]) => entry);
  const onlyB = [...keyedB].filter(([key]) => !keyedA.has(key)).map(([, entry]) => entry);
  const again = new Set([
    ...onlyA.filter(({ name }) => keyedB.has(name)),
    ...onlyB.filter(({ name }) => keyedA.has(name)),
  ]);
  const contents: EntryPair[] = [];
  const fields = new Map<string, FieldChange & { count: number }>();
  for (const [key, entry] of keyedA) {
    const other = keyedB.get(key);
    if (other === undefined) continue;
    const [holderA, holderB] = [holdersA.get(entry) ?? null, holdersB.get(other) ?? null];
    if ((holderA?.sha256 ?? null) !== (holderB?.sha256 ?? null))
      contents.push({ a: entry, b: other, holderA, holderB });
    for (const field of COMPARED) {
      if (entry[field] !== other[field]) note(fields, field, entry, other);
    }
  }
  const shared = [...keyedA.keys()].filter(key => keyedB.has(key));
  const order = compareOrder(
    shared,
    [...keyedB.keys()].filter(key => keyedA.has(key)),
    keyedA,
  );
  return { onlyA, onlyB, again, contents, fields: [...fields.values()], order, paired: shared.length };
}

/** A changed field as reports have it. */
export function stated({ field, from, to, count, example }: FieldChange): FieldDifference {
  return { field, from, to, count, example: printable(example) };
}

/** Whether nothing differs that an entry header states, nor any content. */
export function isSame(comparison: EntryComparison): boolean {
  const { onlyA, onlyB, contents, fields, order } = comparison;
  return onlyA.length + onlyB.length + contents.length + fields.length === 0 && order === null;
}

/** Whether the entries are the same one after the other, as `verify` mostly finds them: nothing has to be looked up then. */
function areAlike(a: readonly IndexedEntry[], b: readonly IndexedEntry[]): boolean {
  return a.length === b.length && a.every((entry, i) => isAlike(entry, b[i]));
}

function isAlike(a: IndexedEntry, b: IndexedEntry | undefined): boolean {
  return (
    b !== undefined && a.name === b.name && a.sha256 === b.sha256 && COMPARED.every(field => a[field] === b[field])
  );
}

/** By name; of entries with one name all but the first have their number behind it, after a character that is no byte. */
function keyed(entries: readonly IndexedEntry[]): Map<string, IndexedEntry> {
  const byKey = new Map<string, IndexedEntry>();
  const seen = new Map<string, number>();
  for (const entry of entries) {
    const count = seen.get(entry.name) ?? 0;
    seen.set(entry.name, count + 1);
    byKey.set(count === 0 ? entry.name : `${entry.name}\u0100${count}`, entry);
  }
  return byKey;
}

/** The entry that holds each entry's content, hard links followed; null where there is none before it. */
function holdersOf(entries: readonly IndexedEntry[]): Map<IndexedEntry, IndexedEntry | null> {
  const byName = new Map<BytePath, IndexedEntry | null>();
  const holders = new Map<IndexedEntry, IndexedEntry | null>();
  for (const entry of entries) {
    const holder = entry.typeflag === '1' ? (byName.get(entry.linkname) ?? null) : entry;
    byName.set(entry.name, holder);
    holders.set(entry, holder);
  }
  return holders;
}

function note(
  fields: Map<string, FieldChange & { count: number }>,
  field: ComparedField,
  a: IndexedEntry,
  b: IndexedEntry,
): void {
  // That one is a hard link and the other not says so by its typeflag.
  if (field === 'linkname' && a.typeflag !== b.typeflag) return;
  const [from, to] = [fieldText(field, a), fieldText(field, b)];
  const isOfHardLinks = field === 'linkname' && a.typeflag === '1';
  const key = `${field}\0${from}\0${to}\0${isOfHardLinks}`;
  const known = fields.get(key);
  if (known === undefined) fields.set(key, { field, from, to, count: 1, example: a.name, isOfHardLinks });
  else fields.set(key, { ...known, count: known.count + 1 });
}

function fieldText(field: ComparedField, entry: IndexedEntry): string {
  const value = entry[field];
  if (typeof value === 'string') return printable(fromLatin1(value));
  return field === 'mode' ? value.toString(8).padStart(4, '0') : String(value);
}

function compareOrder(
  a: readonly string[],
  b: readonly string[],
  entries: ReadonlyMap<string, IndexedEntry>,
): OrderChange | null {
  const at = a.findIndex((key, i) => key !== b[i]);
  if (at === -1) return null;
  const nameOf = (key: string | undefined): BytePath => entries.get(key ?? '')?.name ?? fromLatin1('');
  const placeInB = new Map(b.map((key, i) => [key, i]));
  const moved = a.length - longestIncreasing(a.map(key => placeInB.get(key) ?? 0));
  return { moved, first: { a: nameOf(a[at]), b: nameOf(b[at]) } };
}

/** Length of the longest increasing subsequence: `tails[k]` is the least end of those of length k + 1. */
function longestIncreasing(values: readonly number[]): number {
  const tails: number[] = [];
  for (const value of values) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tails[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    tails[low] = value;
  }
  return tails.length;
}
