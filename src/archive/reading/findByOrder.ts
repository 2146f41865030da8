import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { largestOf } from '../../bytes/largest.js';
import type { ContainerBlock } from '../../model/container.js';
import type { Order } from '../../model/settings.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { SORT_KEYS } from '../../plan/order.js';
import { endOfArchiveSize } from '../../tar/entryHeader.js';
import { withoutDot } from './memberName.js';
import type { Member, MemberReader, Members } from './members.js';
import type { OpenArchive } from './open.js';
import { containerOf } from './wholeBlocks.js';

const TOP = fromLatin1('');

/** The order that most archives have comes first. */
const ORDERS = ['files-first', 'versions', 'gnu'] as const satisfies readonly Order[];
/** With fewer Blocks, reading all of them is as quick. */
const BLOCKS_MIN = 4;

/**
 * Finds members in archives whose entries are sorted and whose Blocks begin with an entry, as ours do: some Blocks are
 * decoded for their first entry, by bisection, and one is read through. What is not found that way may be there all the same.
 * A Block that may begin inside an entry, as of ours only those behind one of full size do, is not asked: that entry may be
 * a tar itself, whose entries are none of the archive's. For the same reason archives that do not end as ours do are not
 * searched; who makes one that does can cut it elsewhere all the same, and only who reads all of it sees that.
 */
export class OrderedSearch {
  readonly #archive: OpenArchive;
  readonly #reader: MemberReader;
  readonly #blocks: readonly ContainerBlock[];
  #endsAsOurs: Promise<boolean> | null = null;
  /** The entry that each Block begins with, as far as looked at; null for a Block that does not begin with one. */
  readonly #firstEntries = new Map<number, TarEntry | null>();
  /** Bytes of the largest Block. */
  readonly #fullSize: number;

  constructor(archive: OpenArchive, reader: MemberReader) {
    this.#archive = archive;
    this.#reader = reader;
    this.#blocks = containerOf(archive).blocks;
    this.#fullSize = largestOf(this.#blocks.map(({ uncompressedSize }) => uncompressedSize));
  }

  /** The members of these plain names that it finds. Directories are not searched for. */
  async find(names: ReadonlySet<BytePath>): Promise<Members> {
    const found = new Map<BytePath, Member>();
    if (this.#blocks.length < BLOCKS_MIN) return found;
    this.#endsAsOurs ??= endsAsOurs(this.#archive, this.#blocks);
    if (!(await this.#endsAsOurs)) return found;
    const left = new Set(names);
    for (const order of ORDERS) {
      await this.#findIn(name => keyOf(order, name), left, found);
      for (const name of found.keys()) left.delete(name);
      if (left.size === 0) break;
    }
    return found;
  }

  async #findIn(key: Key, names: ReadonlySet<BytePath>, found: Map<BytePath, Member>): Promise<void> {
    const sought: Sought[] = [];
    // What was added to a tar comes at its end, before the Block of zeros.
    await this.#firstEntry(this.#blocks.length - 2);
    for (const name of names) {
      const wanted = key(name);
      sought.push({ name, key: wanted, ...(await this.#blocksOf(key, wanted)) });
    }
    if (!this.#isSorted(key)) return;
    for (const search of together(sought)) {
      for (const [name, member] of await this.#readThrough(key, search)) found.set(name, member);
    }
  }

  /** Whether the Blocks that were looked at begin in this order. Where they do not, what is found need not be the first. */
  #isSorted(key: Key): boolean {
    let before = '';
    for (const [, entry] of [...this.#firstEntries].sort(([a], [b]) => a - b)) {
      if (entry === null) continue;
      const own = key(withoutDot(entry.name));
      if (own < before) return false;
      before = own;
    }
    return true;
  }

  /**
   * The member with this key is in a Block from first to last, or nowhere. Where a Block begins with it, another of its name
   * may end the Block before.
   */
  async #blocksOf(key: Key, wanted: string): Promise<{ readonly first: number; readonly last: number }> {
    let first = 0;
    let last = this.#blocks.length - 1;
    let beginsWithIt = 0;
    while (first < last) {
      const probe = await this.#firstEntryNear(Math.ceil((first + last) / 2), first, last);
      if (probe === null) break;
      const found = key(withoutDot(probe.entry.name));
      if (found < wanted) first = probe.block;
      else last = probe.block - 1;
      if (found === wanted) beginsWithIt = Math.max(beginsWithIt, probe.block);
    }
    return { first, last: Math.max(last, beginsWithIt) };
  }

  /** The first entry of the Block, or of one beside it in low + 1 .. high where it does not begin with one. */
  async #firstEntryNear(
    middle: number,
    low: number,
    high: number,
  ): Promise<{ readonly block: number; readonly entry: TarEntry } | null> {
    for (let block = middle; block > low; block--) {
      const entry = await this.#firstEntry(block);
      if (entry !== null) return { block, entry };
    }
    for (let block = middle + 1; block <= high; block++) {
      const entry = await this.#firstEntry(block);
      if (entry !== null) return { block, entry };
    }
    return null;
  }

  async #firstEntry(index: number): Promise<TarEntry | null> {
    const known = this.#firstEntries.get(index);
    if (known !== undefined) return known;
    if (this.#blocks[index - 1]?.uncompressedSize === this.#fullSize) return null;
    const { from, to } = this.#bytesOf(index, index);
    const found = await this.#reader.firstEntry(from, to);
    this.#firstEntries.set(index, found);
    return found;
  }

  #readThrough(key: Key, { first, last, names, lastKey }: Search): Promise<Members> {
    const { from, to } = this.#bytesOf(first, last);
    return this.#reader.inRange(from, to, { names, looksOn: ({ name }) => key(withoutDot(name)) <= lastKey });
  }

  #bytesOf(first: number, last: number): { readonly from: number; readonly to: number } {
    const end = this.#blocks[last];
    return {
      from: this.#blocks[first]?.uncompressedOffset ?? 0,
      to: end === undefined ? 0 : end.uncompressedOffset + end.uncompressedSize,
    };
  }
}

/** Whether the zeros at the end of the tar are a Block of their own. */
async function endsAsOurs(archive: OpenArchive, blocks: readonly ContainerBlock[]): Promise<boolean> {
  const last = blocks.at(-1);
  if (last === undefined || last.uncompressedSize !== endOfArchiveSize(last.uncompressedOffset)) return false;
  const end = last.uncompressedOffset + last.uncompressedSize;
  let isZero = true;
  for await (const piece of archive.readRange(last.uncompressedOffset, end)) isZero &&= piece.every(byte => byte === 0);
  return isZero;
}

/** What the entry of a name without `./` was sorted by. */
type Key = (name: BytePath) => string;

/** A member, and where it is, if it is anywhere: in a Block from first to last. */
interface Sought {
  readonly name: BytePath;
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** Members that are looked for in the same Blocks. */
interface Search {
  readonly names: Set<BytePath>;
  readonly first: number;
  last: number;
  /** The last of theirs. */
  lastKey: string;
}

/** One search for those that have a Block in common: no Block is decoded for two. */
function together(sought: readonly Sought[]): Search[] {
  const searches: Search[] = [];
  for (const { name, key, first, last } of [...sought].sort((a, b) => a.first - b.first)) {
    const before = searches.at(-1);
    if (before === undefined || first > before.last) {
      searches.push({ names: new Set([name]), first, last, lastKey: key });
      continue;
    }
    before.names.add(name);
    before.last = Math.max(before.last, last);
    if (key > before.lastKey) before.lastKey = key;
  }
  return searches;
}

/** The key that an entry was sorted by, if it was: its name without `./`; the slash of a directory stays. */
function keyOf(order: Order, name: BytePath): string {
  if (order !== 'versions') return SORT_KEYS[order](TOP, name);
  const slash = name.indexOf('/');
  if (slash === -1) return SORT_KEYS[order](name, TOP);
  return SORT_KEYS[order](fromLatin1(name.slice(0, slash)), fromLatin1(name.slice(slash + 1)));
}
