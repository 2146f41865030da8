import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { largestOf } from '../../bytes/largest.js';
import type { ContainerBlock } from '../../model/container.js';
import type { Order } from '../../model/settings.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { SORT_KEYS } from '../../plan/order.js';
import { plainName, withoutDot } from './memberName.js';
import type { OpenArchive } from './open.js';
import { containerOf, findEntry } from './wholeBlocks.js';

const TOP = fromLatin1('');

/** The order that most archives have comes first. */
const ORDERS = ['files-first', 'versions', 'gnu'] as const satisfies readonly Order[];
/** With fewer Blocks, reading all of them is as quick. */
const BLOCKS_MIN = 4;

/**
 * Finds members in archives whose entries are sorted and whose Blocks begin with an entry, as ours do: some Blocks are
 * decoded for their first entry, by bisection, and one is read through. Nothing is taken for granted: what is not found
 * that way may be there all the same, and a Block that may begin inside an entry, as only Blocks behind one of full size do,
 * is not asked: that entry may be a tar itself, whose entries are none of the archive's.
 */
export class OrderedSearch {
  readonly #archive: OpenArchive;
  readonly #blocks: readonly ContainerBlock[];
  /** The entry that each Block begins with, as far as looked at; null for a Block that does not begin with one. */
  readonly #firstEntries = new Map<number, TarEntry | null>();
  /** Bytes of the largest Block. */
  readonly #fullSize: number;

  constructor(archive: OpenArchive) {
    this.#archive = archive;
    this.#blocks = containerOf(archive).blocks;
    this.#fullSize = largestOf(this.#blocks.map(({ uncompressedSize }) => uncompressedSize));
  }

  /** The member's entry, or null where the search does not find it. Directories are not searched for. */
  async find(name: BytePath): Promise<TarEntry | null> {
    if (this.#blocks.length < BLOCKS_MIN) return null;
    for (const order of ORDERS) {
      const found = await this.#findIn(name, entryName => keyOf(order, entryName));
      if (found !== null) return found;
    }
    return null;
  }

  async #findIn(name: BytePath, key: (name: BytePath) => string): Promise<TarEntry | null> {
    const wanted = key(plainName(name));
    // The member is in a Block from low to high, or nowhere.
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const probe = await this.#firstEntryNear(Math.ceil((low + high) / 2), low, high);
      if (probe === null) break;
      if (key(withoutDot(probe.entry.name)) <= wanted) low = probe.block;
      else high = probe.block - 1;
    }
    return this.#readThrough(low, high, name, key, wanted);
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
    const found = await this.#entriesOf(index, index, () => true);
    this.#firstEntries.set(index, found);
    return found;
  }

  #readThrough(
    first: number,
    last: number,
    name: BytePath,
    key: (name: BytePath) => string,
    wanted: string,
  ): Promise<TarEntry | null> {
    let isPast = false;
    const member = plainName(name);
    return this.#entriesOf(first, last, entry => {
      isPast = key(withoutDot(entry.name)) > wanted;
      return isPast || plainName(entry.name) === member;
    }).then(entry => (isPast ? null : entry));
  }

  /** The first entry that begins in these Blocks and is looked for, or null. */
  /** The first entry that begins in these Blocks and is looked for, or null: they may begin inside an entry, or end inside one. */
  #entriesOf(first: number, last: number, isLookedFor: (entry: TarEntry) => boolean): Promise<TarEntry | null> {
    const from = this.#blocks[first]?.uncompressedOffset ?? 0;
    const end = this.#blocks[last];
    const to = end === undefined ? 0 : end.uncompressedOffset + end.uncompressedSize;
    return findEntry(this.#archive, from, to, isLookedFor);
  }
}

/** The key that an entry was sorted by, if it was: its name without `./`; the slash of a directory stays. */
function keyOf(order: Order, name: BytePath): string {
  if (order !== 'versions') return SORT_KEYS[order](TOP, name);
  const slash = name.indexOf('/');
  if (slash === -1) return SORT_KEYS[order](name, TOP);
  return SORT_KEYS[order](fromLatin1(name.slice(0, slash)), fromLatin1(name.slice(slash + 1)));
}
