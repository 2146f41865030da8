import { fromLatin1 } from '../bytes/bytePath.js';
import type { Plan, PlannedBlock, PlannedEntry } from '../model/plan.js';
import type { ContentSettings } from '../model/settings.js';
import { type EntryMetadata, endOfArchiveSize, entrySize } from '../tar/entryHeader.js';
import { linkDuplicates } from './dedup.js';
import { entriesOf, type ReadFile } from './entries.js';
import { Splitter } from './split.js';

/** The version of the archive format: it moves when the same input and settings give other bytes. */
export const FORMAT_VERSION = 1;

const NO_LINK = fromLatin1('');

/** Settles what is written: which entries, in which order, in which Blocks. A function of its arguments alone. */
export function makePlan(files: readonly ReadFile[], content: ContentSettings): Plan {
  const ordered = entriesOf(files, content.order, content.strip);
  const entries = content.dedup ? linkDuplicates(ordered) : ordered;
  const splitter = new Splitter(content.blockSize);
  const blocks: PlannedBlock[] = [];
  let size = 0;
  for (const entry of entries) {
    const bytes = entrySize(metadataOf(entry, content.mtime));
    for (const block of splitter.add(entry.name, bytes)) blocks.push(block);
    size += bytes;
  }
  blocks.push(...splitter.end());
  const endSize = endOfArchiveSize(size);
  return { formatVersion: FORMAT_VERSION, mtime: content.mtime, entries, blocks, tarSize: size + endSize, endSize };
}

/** What the entry's header states: owner and group 0, one mtime for all. */
export function metadataOf(entry: PlannedEntry, mtime: number): EntryMetadata {
  const { name, mode } = entry;
  switch (entry.kind) {
    case 'directory':
      return { name, typeflag: '5', mode, size: 0, mtime, linkname: NO_LINK };
    case 'regular':
      return { name, typeflag: '0', mode, size: entry.size, mtime, linkname: NO_LINK };
    case 'symlink':
      return { name, typeflag: '2', mode, size: 0, mtime, linkname: entry.target };
    case 'hardlink':
      return { name, typeflag: '1', mode, size: 0, mtime, linkname: entry.target };
  }
}
