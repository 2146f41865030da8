import { largestOf } from '../../bytes/largest.js';
import { KheadersPackError } from '../../errors.js';
import { SLOT_MAX } from '../../lzma/blockDecoder.js';
import type { BlockRecord } from '../../xz/block.js';

/**
 * What reading takes, in bytes; the memory limit bounds each of the three lines, and nothing grows with the archive but
 * the first:
 *
 *     Records and Streams x 128
 *     the Blocks under way or waiting for their turn, at most 8 x jobs of them:
 *         Unpadded Size + 2 x Uncompressed Size + 1 MiB each
 *     or one Block that is too large for that: its dictionary + 16 MiB
 *
 * A Block that is decoded whole is held with its content and, by liblzma, a dictionary no larger than its content. What is
 * needed is computed, and compared with the limit, before anything is allocated; sizes are those that the Index states, or
 * that LZMA2 chunks add up to, before a byte is decoded. Beside the limit stand:
 *
 * - Node with our code: 50 MiB, and 15 for each thread;
 * - slots of each thread's decoder that hold no content now, at most three of 32 MiB and five of 8 MiB, which keep their memory
 *   until garbage is collected, and those of one decoder, which the next archive is given; one of 32 MiB where nobody looks at
 *   contents (`OpenArchive.skim`);
 * - Blocks that other threads have in hand when an archive is read once more (`entryCount`);
 * - what the C library keeps for later of what was given back: 96 MiB were never exceeded (`npm run load`);
 * - contents that `cat` holds until it prints them: at most 32 MiB;
 * - from a pipe, the next Block while its end is looked for: at most twice 32 MiB.
 */
const MIB = 2 ** 20;

/** A Block up to this many bytes, compressed and uncompressed, is decoded whole, beside others; a larger one in steps. */
export const WHOLE_BLOCK_MAX = SLOT_MAX;
/** The buffers of the steps in which LZMA2 data are decoded. */
export const STEPS_MEMORY = 16 * MIB;
/** A Record or a Stream with its place in the list. */
const LISTED = 128;

/**
 * Bytes that a Block takes that is decoded whole: itself, its content, a dictionary no larger than its content, and the
 * buffers of a step.
 */
export function wholeBlockMemory(record: BlockRecord): number {
  return record.unpaddedSize + 2 * record.uncompressedSize + STEPS_MEMORY / 16;
}

/** How many Blocks the limit lets be decoded at once, were each as large as the largest of these that is decoded whole. */
export function blocksAtOnce(blocks: readonly BlockRecord[], memoryLimit: number): number {
  const sizes = blocks.filter(block => isDecodedWhole(block, memoryLimit)).map(wholeBlockMemory);
  return Math.max(1, Math.floor(memoryLimit / Math.max(1, largestOf(sizes))));
}

/** Whether a Block is decoded whole, beside others. */
export function isDecodedWhole(record: BlockRecord, memoryLimit: number): boolean {
  const largest = Math.max(record.unpaddedSize, record.uncompressedSize);
  return largest <= WHOLE_BLOCK_MAX && wholeBlockMemory(record) <= memoryLimit;
}

/** Counts what the Indexes of an archive list against the memory limit, before it is listed. */
export class RecordBudget {
  readonly #path: string;
  readonly #limit: number;
  #needed = 0;

  constructor(path: string, limit: number) {
    this.#path = path;
    this.#limit = limit;
  }

  addStream(): void {
    this.addRecords(1);
  }

  addRecords(count: number): void {
    this.#needed += count * LISTED;
    requireMemory(this.#path, this.#needed, this.#limit);
  }
}

/** @throws KheadersPackError `E_MEMORY_LIMIT` */
export function requireMemory(path: string, needed: number, limit: number): void {
  if (needed > limit) throw new KheadersPackError('E_MEMORY_LIMIT', { path, needed: Math.ceil(needed), limit });
}
