import type { BytePath } from '../bytes/bytePath.js';
import type { PlannedBlock } from '../model/plan.js';

/**
 * Where an archive is cut into Blocks.
 *
 * Blocks end between entries and hold at most `blockSize` bytes. From a Block's start, the cut falls on the one entry
 * start, among those that lie between half and the whole of `blockSize` ahead, whose name has the lowest hash. The
 * choice depends on nothing but the names and sizes within one block size, so a change moves the cuts beside it and no
 * others: two archives that agree from some cut on have the same Blocks from there. The hash makes the chosen entry the
 * same one from many starts, which is how the cuts find back to each other.
 *
 * An entry larger than `blockSize` starts a Block and is cut every `blockSize` bytes from its first entry header; the
 * rest of it starts a Block that goes on as any other. Only such entries are cut inside.
 */

/** The share of a block size, counted from a Block's start, that is free of cuts. */
const SHORTEST = 0.5;
const NONE: readonly PlannedBlock[] = [];

/**
 * Takes entries one by one and gives Blocks as soon as they are settled, so that it serves a plan and a stream alike.
 * It never looks further than `blockSize` bytes ahead.
 */
export class Splitter {
  readonly #blockSize: number;
  /** Entries from the current Block's first on. */
  readonly #waiting: { size: number; name: BytePath }[] = [];
  #first = 0;
  #skip = 0;
  /** Bytes waiting, without those skipped. */
  #bytes = 0;

  /** @param blockSize bytes, at least 1 */
  constructor(blockSize: number) {
    this.#blockSize = blockSize;
  }

  /** @param size bytes of the entry with its headers and padding */
  add(name: BytePath, size: number): readonly PlannedBlock[] {
    const settled = size > this.#blockSize ? this.end() : NONE;
    this.#waiting.push({ size, name });
    this.#bytes += size;
    if (this.#bytes <= this.#blockSize) return settled;
    const blocks = [...settled];
    while (this.#bytes > this.#blockSize) blocks.push(this.#cut());
    return blocks;
  }

  /** The Blocks of what is still waiting. */
  end(): readonly PlannedBlock[] {
    return this.#bytes > 0 ? [this.#take(this.#waiting.length, this.#bytes)] : NONE;
  }

  #cut(): PlannedBlock {
    const shortest = this.#blockSize * SHORTEST;
    let at = -this.#skip;
    let best: { count: number; at: number; hash: number } | null = null;
    let furthest: { count: number; at: number } | null = null;
    for (let count = 0; count < this.#waiting.length; count++) {
      const entry = this.#waiting[count];
      if (entry === undefined || at > this.#blockSize) break;
      if (count > 0) {
        furthest = { count, at };
        if (at >= shortest) {
          const hash = hashOf(entry.name);
          if (best === null || hash < best.hash) best = { count, at, hash };
        }
      }
      at += entry.size;
    }
    const chosen = best ?? furthest;
    return chosen === null ? this.#takeInside() : this.#take(chosen.count, chosen.at);
  }

  /** A Block of the `count` first entries that wait, `size` bytes without those skipped. */
  #take(count: number, size: number): PlannedBlock {
    const cut = { first: this.#first, end: this.#first + count, skip: this.#skip, size };
    this.#waiting.splice(0, count);
    this.#first += count;
    this.#skip = 0;
    this.#bytes -= size;
    return cut;
  }

  /** A Block of `blockSize` bytes out of the one large entry that waits. */
  #takeInside(): PlannedBlock {
    const cut = { first: this.#first, end: this.#first + 1, skip: this.#skip, size: this.#blockSize };
    this.#skip += this.#blockSize;
    this.#bytes -= this.#blockSize;
    return cut;
  }
}

/** 32-bit FNV-1a with MurmurHash3's finaliser, which makes the order of hashes independent of the names' last bytes. */
function hashOf(name: BytePath): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
