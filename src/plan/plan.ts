import { fromLatin1 } from '../bytes/bytePath.js';
import type { Plan, PlannedBlock, PlannedEntry } from '../model/plan.js';
import type { ContentSettings } from '../model/settings.js';
import { type EntryMetadata, endOfArchiveSize, entrySize } from '../tar/entryHeader.js';
import { TYPEFLAGS } from '../tar/kinds.js';
import { DuplicateLinker } from './dedup.js';
import { entryOf, isRead, type Member, membersOf, type ReadFile } from './entries.js';
import { Splitter } from './split.js';

/** The version of the archive format: it moves when the same input and settings give other bytes. */
export const FORMAT_VERSION = 1;

const NO_LINK = fromLatin1('');

/** Settles what is written: which entries, in which order, in which Blocks. A function of its arguments alone. */
export function makePlan(files: readonly ReadFile[], content: ContentSettings): Plan {
  return new Planner(membersOf(files, content.order), content).plan();
}

/** Makes a plan from its start on, as far as files have been read: what a Block holds does not depend on later ones. */
export class Planner {
  readonly #members: readonly Member[];
  readonly #content: ContentSettings;
  readonly #splitter: Splitter;
  readonly #linker: DuplicateLinker | null;
  readonly #entries: PlannedEntry[] = [];
  readonly #blocks: PlannedBlock[] = [];
  #size = 0;

  /** @param members in the archive's order */
  constructor(members: readonly Member[], content: ContentSettings) {
    this.#members = members;
    this.#content = content;
    this.#splitter = new Splitter(content.blockSize);
    this.#linker = content.dedup ? new DuplicateLinker() : null;
  }

  /** Goes on up to the first file that has not been read. @returns the Blocks that are settled by now, and were not before */
  advance(): readonly PlannedBlock[] {
    const { strip, mtime } = this.#content;
    const settled = this.#blocks.length;
    for (;;) {
      const member = this.#members[this.#entries.length];
      if (member === undefined || !isRead(member)) return this.#blocks.slice(settled);
      const made = entryOf(member, strip);
      const entry = this.#linker?.link(made) ?? made;
      const bytes = entrySize(metadataOf(entry, mtime));
      for (const block of this.#splitter.add(entry.name, bytes)) this.#blocks.push(block);
      this.#entries.push(entry);
      this.#size += bytes;
    }
  }

  /** A settled Block's entries. */
  entriesOf({ first, end }: PlannedBlock): readonly PlannedEntry[] {
    return this.#entries.slice(first, end);
  }

  /** The whole plan, once all files have been read. The last call. */
  plan(): Plan {
    this.advance();
    this.#blocks.push(...this.#splitter.end());
    const endSize = endOfArchiveSize(this.#size);
    const { mtime } = this.#content;
    const [entries, blocks] = [this.#entries, this.#blocks];
    return { formatVersion: FORMAT_VERSION, mtime, entries, blocks, tarSize: this.#size + endSize, endSize };
  }
}

/** What the entry's header states: owner and group 0, one mtime for all. */
export function metadataOf(entry: PlannedEntry, mtime: number): EntryMetadata {
  const { name, mode } = entry;
  const typeflag = TYPEFLAGS[entry.kind];
  switch (entry.kind) {
    case 'directory':
      return { name, typeflag, mode, size: 0, mtime, linkname: NO_LINK };
    case 'regular':
      return { name, typeflag, mode, size: entry.size, mtime, linkname: NO_LINK };
    case 'symlink':
    case 'hardlink':
      return { name, typeflag, mode, size: 0, mtime, linkname: entry.target };
  }
}
