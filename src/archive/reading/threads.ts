import { setImmediate } from 'node:timers/promises';
import { KheadersPackError } from '../../errors.js';
import type { BlockToDecode, Extent, PieceOf } from '../../pool/decodeProtocol.js';
import { DecodeThread } from '../../pool/decodeThread.js';
import { BlockContent } from './blockContent.js';
import { DecodingHere } from './decodingHere.js';
import { Slots } from './slots.js';

/**
 * Blocks under way or waiting for their turn, for each thread, and for large ones and this thread as many slots of a decoder. Of
 * small ones, some take their reader much longer than others; of large ones, more would be memory alone.
 */
const SMALL_BLOCKS_PER_JOB = 8;
const LARGE_BLOCKS_PER_JOB = 3;
/** Small ones that another thread may have decoded before they are read: while this one writes files, it gets ahead. */
const SMALL_BLOCKS_AHEAD = 14;
/** Bytes of content from which Blocks are large. */
const LARGE_BLOCK = 2 ** 23;
/** Bytes of content for which no other thread is worth its start. */
const DECODED_HERE = 16 * 2 ** 20;
/**
 * The Block that a thread does, and of small ones the next: while this one decodes a piece, it gives out none. Who has a large
 * one waiting is the last to be done, so it comes when the one before is nearly done (`DecodeThread`).
 */
const SMALL_BLOCKS_PER_THREAD = 2;
const LARGE_BLOCKS_PER_THREAD = 1;

/** A Block that nobody has begun. */
interface Queued {
  readonly block: BlockToDecode;
  readonly extent: Extent;
  readonly content: BlockContent;
  /** What to do when its content is over: where it lies is known by whoever begins it. */
  onOver: () => void;
}

interface OtherThread {
  readonly thread: DecodeThread;
  readonly slots: Slots;
}

/**
 * The threads that decode an open archive: this one, and others beside it, one fewer than jobs. Those start when there is
 * enough work for them, and stay until it is closed. Blocks wait in one queue, of which threads take the first; so does
 * this one whenever its reader waits, and so also while others start. All decode with `src/pool/decodeBlock.ts`, and hand a
 * content over while they decode it.
 *
 * In a turn of its event loop this thread decodes a piece, so that signals and answers are heard in between.
 */
export class DecodingThreads {
  readonly #jobs: number;
  readonly #queue: Queued[] = [];
  /** Contents whose reader waits for a piece. */
  readonly #waitedFor = new Set<BlockContent>();
  readonly #others: OtherThread[] = [];
  readonly #here = new DecodingHere();
  #isTurnTaken = false;

  /** @param jobs threads at most, at least 1 */
  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /**
   * For Blocks that are known.
   *
   * @param bytes of their contents
   * @param threads to decode them with, this one among them; at least 1
   */
  forKnown<E extends Extent>(blocks: number, bytes: number, threads: number, extent: E): Decoding<E> {
    const jobs = bytes <= DECODED_HERE ? 1 : Math.min(this.#jobs, threads);
    this.#start(jobs - 1);
    // Alone, this thread decodes a Block when its reader has read the one before.
    return this.#decoding(extent, jobs === 1 ? 1 : jobs * blocksPerJob(bytes / blocks), () => undefined);
  }

  /** For Blocks that come from a pipe: nobody knows yet how many. */
  forUnknown<E extends Extent>(extent: E): Decoding<E> {
    let bytes = 0;
    return this.#decoding(extent, this.#jobs * SMALL_BLOCKS_PER_JOB, ({ record }) => {
      bytes += record.uncompressedSize;
      if (bytes > DECODED_HERE) this.#start(this.#jobs - 1);
    });
  }

  /** Waits for the Blocks that other threads have under way and ends them. Nobody reads any more. */
  async close(): Promise<void> {
    for (const { content } of this.#takeQueued(() => true)) content.fail(new KheadersPackError('E_ABORTED', {}));
    await Promise.all(this.#others.map(({ thread }) => thread.close()));
    this.#here.close();
  }

  #decoding<E extends Extent>(extent: E, window: number, onBlock: (block: BlockToDecode) => void): Decoding<E> {
    const contents = new Set<BlockContent>();
    return {
      extent,
      window,
      decode: block => {
        onBlock(block);
        const content: BlockContent<PieceOf[E]> = new BlockContent({
          onWait: isWaiting => this.#wait(content, isWaiting),
          onOver: () => {
            contents.delete(content);
            queued.onOver();
          },
        });
        const queued: Queued = { block, extent, content, onOver: () => undefined };
        contents.add(content);
        this.#queue.push(queued);
        this.#giveOut();
        return content.read();
      },
      drop: () => {
        // First those that nobody has begun, so that no slot that becomes free is given to them.
        const queued = this.#takeQueued(content => contents.has(content));
        for (const content of [...contents]) content.drop(new KheadersPackError('E_ABORTED', {}));
        for (const { content } of queued) content.end();
        this.#here.leaveForgotten();
      },
    };
  }

  #start(others: number): void {
    try {
      while (this.#others.length < others) {
        this.#others.push({ thread: new DecodeThread(() => this.#giveOut()), slots: new Slots() });
      }
    } catch {
      // Nobody needs to know: what is to be decoded is decoded, by those that there are.
    }
  }

  #wait(content: BlockContent, isWaiting: boolean): void {
    if (isWaiting) this.#waitedFor.add(content);
    else this.#waitedFor.delete(content);
    this.#giveOut();
  }

  #takeQueued(isTaken: (content: BlockContent) => boolean): Queued[] {
    const queued = this.#queue.splice(0);
    this.#queue.push(...queued.filter(({ content }) => !isTaken(content)));
    return queued.filter(({ content }) => isTaken(content));
  }

  #giveOut(): void {
    for (let [queued] = this.#queue; queued !== undefined; [queued] = this.#queue) {
      const free = this.#freeThread(queued);
      if (free === undefined) break;
      this.#queue.shift();
      const { thread, slots } = free;
      const slot = slots.take(queued.extent);
      queued.onOver = () => {
        slots.free(slot, queued.extent);
        this.#giveOut();
      };
      thread.decode(queued.block, slot, queued.extent, queued.content);
    }
    if (!this.#isTurnTaken && this.#waitedFor.size > 0 && (this.#here.hasBegun || this.#nextHere() !== -1)) {
      void this.#takeTurn();
    }
  }

  /** The thread with the fewest Blocks that could take this one. */
  #freeThread({ block }: Queued): OtherThread | undefined {
    return this.#others
      .filter(
        ({ thread, slots }) =>
          thread.state === 'running' && thread.blocks < ordersOf(block) && slots.used < slotsAhead(block),
      )
      .sort((a, b) => a.thread.blocks - b.thread.blocks)[0];
  }

  /**
   * Which Block of the queue this thread would begin, or -1: the first that threads that start are not going to take, for who
   * reads had better not decode what it reads. While contents that nobody has read yet take its slots, it is one that
   * somebody waits for.
   */
  #nextHere(): number {
    const starting = this.#others.filter(({ thread }) => thread.state === 'starting').length;
    const [first] = this.#queue;
    if (first === undefined) return -1;
    const own = ordersOf(first.block) * starting;
    if (own >= this.#queue.length) return -1;
    if (this.#here.slots.used < blocksPerJob(first.block.record.uncompressedSize)) return own;
    return this.#queue.findIndex(({ content }) => this.#waitedFor.has(content));
  }

  async #takeTurn(): Promise<void> {
    this.#isTurnTaken = true;
    await setImmediate();
    this.#isTurnTaken = false;
    if (this.#waitedFor.size > 0) this.#decodeHere();
    this.#giveOut();
  }

  #decodeHere(): void {
    if (!this.#here.hasBegun) {
      const at = this.#nextHere();
      const [queued] = at === -1 ? [] : this.#queue.splice(at, 1);
      if (queued === undefined) return;
      queued.onOver = this.#here.begin(queued.block, queued.extent, queued.content);
    }
    this.#here.step();
  }
}

/** @param bytes of a Block's content */
function isLarge(bytes: number): boolean {
  return bytes >= LARGE_BLOCK;
}

/** @param bytes of a Block's content */
function blocksPerJob(bytes: number): number {
  return isLarge(bytes) ? LARGE_BLOCKS_PER_JOB : SMALL_BLOCKS_PER_JOB;
}

function slotsAhead({ record }: BlockToDecode): number {
  return isLarge(record.uncompressedSize) ? LARGE_BLOCKS_PER_JOB : SMALL_BLOCKS_AHEAD;
}

/** How many Blocks a thread may have, this one and such as this one. */
function ordersOf({ record }: BlockToDecode): number {
  return isLarge(record.uncompressedSize) ? LARGE_BLOCKS_PER_THREAD : SMALL_BLOCKS_PER_THREAD;
}

/** Where one reader's Blocks are decoded. */
export interface Decoding<E extends Extent> {
  readonly extent: E;
  /** How many Blocks may be under way or wait for their turn. */
  readonly window: number;
  /** The Block's bytes are taken over. Its content in order, each piece until the next is asked for. */
  decode(block: BlockToDecode): AsyncGenerator<PieceOf[E], void, undefined>;
  /** Forgets the Blocks of a reader that reads no further, or is to: reading one fails with `E_ABORTED`. */
  drop(): void;
}
