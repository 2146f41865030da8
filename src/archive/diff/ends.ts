import type { ArchiveIndex } from '../../model/archiveIndex.js';
import { roundUpRecord } from '../../tar/entryHeader.js';

/** Bytes behind the last entries of two tars: the zeros that end them, and pixz's index of the members. */
export interface Ends {
  readonly a: number;
  readonly b: number;
}

/** Null where the entries are followed by equally many bytes. */
export function differentEnds(a: ArchiveIndex, b: ArchiveIndex): Ends | null {
  const ends = { a: behindEntries(a), b: behindEntries(b) };
  return ends.a === ends.b ? null : ends;
}

function behindEntries({ tar, entries }: ArchiveIndex): number {
  const last = entries.at(-1);
  return tar.size - (last === undefined ? 0 : last.contentOffset + roundUpRecord(last.size));
}
