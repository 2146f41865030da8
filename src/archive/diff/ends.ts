import type { ArchiveIndex } from '../../model/archiveIndex.js';
import { roundUpRecord } from '../../tar/entryHeader.js';

/** Bytes behind the last entries of two tars: the zeros that end them, and pixz's index of the members. */
export interface Ends {
  readonly a: number;
  readonly b: number;
}

/**
 * Null where the entries are followed by equally many bytes, or end elsewhere: then what is between them differs, and the ends
 * follow from that.
 */
export function differentEnds(a: ArchiveIndex, b: ArchiveIndex): Ends | null {
  const end = endOfEntries(a);
  if (end !== endOfEntries(b) || a.tar.size === b.tar.size) return null;
  return { a: a.tar.size - end, b: b.tar.size - end };
}

function endOfEntries({ entries }: ArchiveIndex): number {
  const last = entries.at(-1);
  return last === undefined ? 0 : last.contentOffset + roundUpRecord(last.size);
}
