import { metadataOf } from '../plan/plan.js';
import type { EntriesInput } from '../pool/protocol.js';
import { entrySize } from '../tar/entryHeader.js';

/** Bytes of a part, more or less: it ends with an entry. */
const PART_SIZE = 2 ** 19;

/** The entries of a Block in parts that can be written apart, each with its place in the Block. */
export function partsOf(input: EntriesInput): { readonly at: number; readonly part: EntriesInput }[] {
  const { block, entries, mtime } = input;
  const parts: { at: number; part: EntriesInput }[] = [];
  let first = 0;
  /** Where the part and the entry after the last one begin in the Block; the first entry may begin before it. */
  let start = -block.skip;
  let end = start;
  entries.forEach((entry, i) => {
    end += entrySize(metadataOf(entry, mtime));
    if (end - start < PART_SIZE && i < entries.length - 1) return;
    const at = Math.max(0, start);
    const size = Math.min(end, block.size) - at;
    const planned = { first: block.first + first, end: block.first + i + 1, skip: at - start, size };
    parts.push({ at, part: { kind: 'entries', block: planned, entries: entries.slice(first, i + 1), mtime } });
    first = i + 1;
    start = end;
  });
  return parts;
}
