import { threadId } from 'node:worker_threads';
import type { OpenBlock, SharedBlock, SharedMemory } from '../model/codec.js';
import type { Lzma2Options } from '../model/lzma2.js';
import { attempt, instantiate, type RadixExports, radixModule, refused } from './radixModule.js';

/**
 * The memory that workers share, in this order: the counters, each place's scratch and output, the counts of the match
 * table, the Block's bytes and padding, then for each of its bytes eight of the match table and four of the lists. Pages that
 * a small Block does not reach are never touched, and of the lists those alone that the largest round needs: half, unless
 * most of the Block is made of very few words.
 */
const PAGE = 65_536;
/** A memory's addresses have 32 bits. */
const PAGES_MAX = 65_536;
const ALIGNMENT = 4096;
/** Bytes at the start that AssemblyScript keeps for itself. */
const COUNTERS_AT = 4096;
/** Int32: for each step how many of its parts were taken. */
const COUNTERS_SIZE = ALIGNMENT;
/** Zeros behind the Block's bytes, which a match's end or a word may run into. */
const TEXT_PADDING = 128;
/** Positions have 26 bits. */
export const BLOCK_SIZE_MAX = 2 ** 26;

const SLICE_SIZE = 2 ** 20;
/** Of a slice that cannot be compressed: its bytes, a header for every 64 KiB at most, and a chunk that was tried. */
const OUTPUT_SIZE = 2 * SLICE_SIZE + 4 * PAGE;

/** How often lists are placed and refined, each time in the same memory (`assembly/rounds.ts`). */
const ROUNDS = 2;
const STEPS_BEFORE = 2;
/** Units that a worker takes at once: in small Blocks a unit is done as soon as the call for it. */
const UNITS_TAKEN = 16;
/**
 * The steps of the preparation: count, add up (`assembly/sort.ts`), then in each round place, and refine
 * (`assembly/refine.ts`).
 */
export const STEPS = STEPS_BEFORE + 2 * ROUNDS;

/**
 * What the parser is told of each effort (`assembly/effort.ts`), beside the nice length: look-ahead inside nice
 * matches, literals in a tail, the margin within which second arrivals are followed, the margin by which a node is passed over, symbols
 * between renewals of prices.
 */
const EFFORTS: Readonly<Record<Lzma2Options['mode'], readonly [number, number, number, number, number]>> = {
  fast: [0, 1, 0, 16, 512],
  normal: [32, 2, 64, 32, 128],
  max: [272, 2, 512, 128, 64],
};

/** Slices of 1 MiB or a little more, of equal size: the cut is content. */
export function slicesOf(size: number): number {
  return size === 0 ? 0 : Math.max(1, Math.floor(size / SLICE_SIZE));
}

let reserved = 0;

/**
 * Places for as many workers as fit, which are some hundreds. A worker has one while it does a piece of work, so that more
 * workers may take turns.
 *
 * @throws KheadersPackError `E_CODEC` when there is no room for it
 */
export function reserve(blockSizeMax: number, workers: number): SharedMemory {
  const module = radixModule();
  // The sizes are the module's to say; it needs a memory to say them.
  const probe = instantiate(module, sharedMemory(1));
  const workerSize = aligned(probe.scratchSize.value + OUTPUT_SIZE);
  const countsSize = aligned(probe.countsSize.value + 4 * (ROUNDS + 1));
  const withoutPlaces = layoutOf({ workers: 0, workerSize, countsSize }, blockSizeMax).end;
  const fitting = Math.floor((PAGES_MAX * PAGE - withoutPlaces) / workerSize);
  const sizes = { workers: Math.min(workers, fitting), blockSizeMax, workerSize, countsSize };
  const pages = Math.ceil(layoutOf(sizes, blockSizeMax).end / PAGE);
  const memory = sharedMemory(pages);
  return { id: `${threadId}.${++reserved}`, module, memory, ...sizes };
}

/** V8 reserves ten GiB of addresses for each, whatever its size. */
function sharedMemory(pages: number): WebAssembly.Memory {
  return attempt(() => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
}

export function begin(memory: SharedMemory, size: number): SharedBlock {
  counters(memory).fill(0, 0, STEPS);
  return { memory, size };
}

export function bytesOf(block: SharedBlock): Uint8Array {
  return new Uint8Array(block.memory.memory.buffer, layoutOf(block.memory, block.size).text, block.size);
}

/** This thread's instance for each memory. */
const instances = new Map<string, RadixExports>();

export function open(block: SharedBlock, place: number): OpenBlock {
  const { memory, size } = block;
  if (place >= memory.workers) throw new RangeError(`Memory for ${memory.workers} workers`);
  const exports = instances.get(memory.id) ?? setUp(memory);
  const at = layoutOf(memory, size);
  const scratch = at.scratch + place * memory.workerSize;
  new Uint8Array(memory.memory.buffer, at.text + size, TEXT_PADDING).fill(0);
  exports.openBlock(at.text, size, at.lists, at.matches, at.counts, scratch);
  return new Opened(block, exports, scratch + exports.scratchSize.value);
}

function setUp(memory: SharedMemory): RadixExports {
  const exports = instantiate(memory.module, memory.memory);
  instances.set(memory.id, exports);
  return exports;
}

/** Lets go of memory that no Block of this thread will lie in any more. */
export function forget(memory: SharedMemory): void {
  instances.delete(memory.id);
}

class Opened implements OpenBlock {
  readonly bytes: Uint8Array;
  readonly #block: SharedBlock;
  readonly #exports: RadixExports;
  readonly #out: number;

  constructor(block: SharedBlock, exports: RadixExports, out: number) {
    this.bytes = bytesOf(block);
    this.#block = block;
    this.#exports = exports;
    this.#out = out;
  }

  prepare(step: number): void {
    const exports = this.#exports;
    if (step >= STEPS_BEFORE) exports.beginRound((step - STEPS_BEFORE) >> 1);
    if (step === 0) this.#each(step, exports.parts.value, part => exports.countPart(part));
    else if (step === 1) this.#each(step, 1, () => exports.addUpCounts(ROUNDS));
    else if ((step - STEPS_BEFORE) % 2 === 0) this.#each(step, exports.parts.value, part => exports.placePart(part));
    else {
      const from = exports.unitsFrom();
      const to = from + exports.unitsOf();
      this.#each(step, Math.ceil((to - from) / UNITS_TAKEN), taken => {
        const first = from + UNITS_TAKEN * taken;
        exports.refineUnits(first, Math.min(to, first + UNITS_TAKEN));
      });
    }
  }

  /** Does the parts of a step that no other worker has taken. */
  #each(step: number, parts: number, work: (part: number) => void): void {
    const taken = counters(this.#block.memory);
    for (let part = Atomics.add(taken, step, 1); part < parts; part = Atomics.add(taken, step, 1)) work(part);
  }

  encodeSlice(index: number, options: Lzma2Options): Uint8Array {
    const { size, memory } = this.#block;
    const slices = slicesOf(size);
    const start = Math.floor((size * index) / slices);
    const end = Math.floor((size * (index + 1)) / slices);
    const { lc, lp, pb, dictionarySize } = options;
    requireValid(options);
    this.#exports.setEffort(options.niceLength, ...EFFORTS[options.mode]);
    // WebAssembly's addresses have a sign in JavaScript, from 2 GiB on.
    const codedEnd = this.#exports.encodeSlice(start, end, this.#out, lc, lp, pb, dictionarySize) >>> 0;
    return new Uint8Array(memory.memory.buffer, this.#out, codedEnd - this.#out).slice();
  }
}

/** The encoder takes what it is told; a wrong value would reach beyond its tables. */
function requireValid({ lc, lp, pb, niceLength }: Lzma2Options): void {
  const isValid = lc >= 0 && lp >= 0 && lc + lp <= 4 && pb >= 0 && pb <= 4 && niceLength >= 8 && niceLength <= 273;
  if (!isValid) throw refused(`it has no options lc=${lc}, lp=${lp}, pb=${pb}, nice=${niceLength}`);
}

interface Layout {
  readonly scratch: number;
  readonly counts: number;
  readonly text: number;
  readonly matches: number;
  readonly lists: number;
  readonly end: number;
}

type Sizes = Pick<SharedMemory, 'workers' | 'workerSize' | 'countsSize'>;

/** Where everything lies, for a Block of `size` bytes. */
export function layoutOf({ workers, workerSize, countsSize }: Sizes, size: number): Layout {
  const scratch = COUNTERS_AT + COUNTERS_SIZE;
  const counts = scratch + workers * workerSize;
  const text = counts + countsSize;
  const matches = text + aligned(size + TEXT_PADDING);
  const lists = matches + aligned(8 * size);
  return { scratch, counts, text, matches, lists, end: lists + aligned(4 * size) };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function counters(memory: SharedMemory): Int32Array {
  return new Int32Array(memory.memory.buffer, COUNTERS_AT, COUNTERS_SIZE / 4);
}
