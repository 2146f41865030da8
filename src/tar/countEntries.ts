import type { Excerpt, Gap } from '../bytes/excerpt.js';
import { Piece } from '../bytes/piece.js';
import { AfterEnd } from './afterEnd.js';
import { EntryDecoder } from './entryDecoder.js';
import { TarFault } from './fault.js';

/**
 * Counts the entries of a tar by excerpts of it (`TarSkimmer`), which may lack something. What it counts is what `readTar`
 * gives for the whole tar, to its end and without a fault.
 *
 * @throws TarFault where the tar is damaged, or something is missing: only the whole tar can tell which
 */
export async function countEntries(excerpts: AsyncIterable<Excerpt>): Promise<number> {
  const decoder = new EntryDecoder(0);
  let behind: AfterEnd | null = null;
  let offset = 0;
  let count = 0;
  for await (const excerpt of excerpts) {
    const finder = new ExcerptFinder(excerpt, offset);
    offset += excerpt.length;
    if (behind === null) {
      const { entries, isEnd } = entriesIn(finder, decoder);
      count += entries;
      if (isEnd) behind = new AfterEnd(decoder.offset);
    }
    behind?.push(finder.rest(decoder.offset));
  }
  if (behind === null) throw missing(offset);
  behind.finish();
  return count;
}

/** Goes on with what an excerpt has. */
function entriesIn(finder: ExcerptFinder, decoder: EntryDecoder): { entries: number; isEnd: boolean } {
  for (let entries = 0; ; ) {
    const plain = finder.plainAt(decoder.offset);
    if (plain !== null) {
      if (!decoder.passMembers(plain.size)) throw missing(decoder.offset);
      entries += plain.members;
      continue;
    }
    const at = finder.find(decoder.offset, decoder.wanted);
    if (at === null) return { entries, isEnd: false };
    const decoded = decoder.accept(finder.piece, at);
    if (decoded === 'end') return { entries, isEnd: true };
    if (decoded !== 'more') entries++;
  }
}

/** Finds in an excerpt what lies where in the tar; ever further behind. */
class ExcerptFinder {
  readonly piece: Piece;
  readonly #gaps: readonly Gap[];
  #next = 0;
  /** Index in the piece of the tar's first byte, were it there: mostly less than 0. */
  #base: number;

  /** @param offset of the excerpt's first byte in the tar */
  constructor({ bytes, gaps }: Excerpt, offset: number) {
    this.piece = new Piece(bytes);
    this.#gaps = gaps;
    this.#base = -offset;
  }

  /** The gap with plain members that begins at `offset` in the tar, or null. */
  plainAt(offset: number): Gap | null {
    const at = this.#indexOf(offset);
    const gap = this.#gaps[this.#next];
    return gap !== undefined && gap.at === at && gap.members > 0 ? gap : null;
  }

  /**
   * Where `size` bytes lie in the piece that lie at `offset` in the tar; null where another excerpt has them.
   *
   * @throws TarFault where one of them is left out, or they lie in two excerpts
   */
  find(offset: number, size: number): number | null {
    const at = this.#indexOf(offset);
    const gap = this.#gaps[this.#next];
    const { length } = this.piece.bytes;
    if (at + size <= (gap?.at ?? length)) return at;
    if (gap === undefined && at >= length) return null;
    throw missing(offset);
  }

  /** All that lies at `offset` and behind, or from the excerpt's start on, where that comes later. */
  rest(offset: number): Uint8Array {
    const at = Math.max(0, this.#indexOf(offset));
    if (this.#next < this.#gaps.length) throw missing(offset);
    return this.piece.bytes.subarray(at);
  }

  /** Where `offset` lies in the piece; at the index of a gap, at its start. */
  #indexOf(offset: number): number {
    for (;;) {
      const at = this.#base + offset;
      const gap = this.#gaps[this.#next];
      if (gap === undefined || at <= gap.at) return at;
      this.#base -= gap.length;
      if (this.#base + offset < gap.at) throw missing(offset);
      this.#next++;
    }
  }
}

function missing(offset: number): TarFault {
  return new TarFault(offset, 'something is missing');
}
