import { setImmediate } from 'node:timers/promises';
import { discard } from '../../bytes/releasable.js';
import { KheadersPackError } from '../../errors.js';
import { decodeBlock } from '../../pool/decodeBlock.js';
import type { WorkerPool } from '../../pool/pool.js';
import type { DecodeTask } from '../../pool/protocol.js';
import { Stopwatch } from '../../pool/stopwatch.js';
import { Rooms } from './rooms.js';

/**
 * Blocks under way or waiting for their turn, for each thread. Of small ones, some take their reader much longer than
 * others; of large ones, more would be more memory alone.
 */
const SMALL_BLOCKS_PER_JOB = 6;
const LARGE_BLOCKS_PER_JOB = 3;
/** Bytes of content, in the middle, from which Blocks are large. */
const LARGE_BLOCK = 2 ** 23;
/** Bytes of content for which no worker is worth its start. */
const DECODED_HERE = 64 * 2 ** 20;
/** The Block that a worker does, and the next: while this thread decodes, it gives out none. */
const TASKS_PER_WORKER = 2;

/** The Uncompressed Data of a Block, in pieces. */
type Content = readonly Uint8Array[];

interface Queued {
  readonly reader: symbol;
  readonly task: DecodeTask;
  resolve(content: Content | Promise<Content>): void;
  reject(reason: unknown): void;
}

/**
 * The threads that decode an open archive: this one, and workers beside it, one fewer than jobs. Workers start when there
 * is enough work for them, and stay until it is closed. Blocks wait in one queue, of which workers take the first; so does
 * this thread whenever its reader waits for a Block, and so also while workers start. All decode with
 * `src/pool/decodeBlock.ts`.
 *
 * In a turn of its event loop this thread decodes one Block, so that signals and answers are heard in between.
 */
export class DecodingThreads {
  readonly #jobs: number;
  readonly #queue: Queued[] = [];
  readonly #rooms = new Rooms();
  #starting: Promise<void> | null = null;
  #pool: WorkerPool | null = null;
  /** Readers that wait for a Block. */
  #readers = 0;
  #isTurnTaken = false;
  /** Until workers are on their way, this thread has that to do. */
  #isStarting = false;

  /** @param jobs threads at most, at least 1 */
  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /**
   * For Blocks that are known: no more workers start than there are Blocks.
   *
   * @param bytes of their contents
   * @param atOnce how many there is memory for, at least 1
   */
  forKnown(blocks: number, bytes: number, atOnce: number): Decoding {
    const jobs = bytes <= DECODED_HERE ? 1 : Math.min(this.#jobs, blocks, atOnce);
    if (jobs > 1) this.#start(jobs - 1);
    const perJob = bytes / blocks < LARGE_BLOCK ? SMALL_BLOCKS_PER_JOB : LARGE_BLOCKS_PER_JOB;
    // Alone, this thread decodes a Block when its reader has read the one before.
    return this.#decoding(jobs === 1 ? 1 : jobs * perJob, () => undefined);
  }

  /** For Blocks that come from a pipe: nobody knows yet how many. */
  forUnknown(): Decoding {
    let bytes = 0;
    return this.#decoding(this.#jobs * SMALL_BLOCKS_PER_JOB, task => {
      bytes += task.record.uncompressedSize;
      if (bytes > DECODED_HERE && this.#jobs > 1) this.#start(this.#jobs - 1);
    });
  }

  /** Waits for the Blocks that workers have under way and ends them. */
  async close(): Promise<void> {
    await this.#starting;
    await this.#pool?.close();
    this.#rooms.clear();
  }

  #decoding(window: number, onTask: (task: DecodeTask) => void): Decoding {
    const reader = Symbol();
    return {
      window,
      decode: task => {
        onTask(task);
        return this.#enqueue(task, reader);
      },
      help: next => this.#help(next),
      drop: () => this.#drop(reader),
      giveBack: content => this.#rooms.giveBack(content),
    };
  }

  #start(workers: number): void {
    if (this.#starting !== null) return;
    this.#isStarting = true;
    this.#starting = this.#startWorkers(workers);
  }

  /** Workers and what runs them are loaded late: most archives do without. Where they cannot be, this thread does it all. */
  async #startWorkers(workers: number): Promise<void> {
    try {
      const { WorkerPool } = await import('../../pool/pool.js');
      this.#pool = new WorkerPool(workers, TASKS_PER_WORKER);
      this.#pool.onLoaded = () => this.#giveOut();
      await this.#pool.start();
    } catch {
      // Nobody needs to know: what is to be decoded is decoded.
    } finally {
      this.#isStarting = false;
      this.#giveOut();
    }
  }

  #enqueue(task: DecodeTask, reader: symbol): Promise<Content> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ reader, task, resolve, reject });
      this.#giveOut();
    });
  }

  /** Gives `next`, for which its reader waits; this thread decodes meanwhile. */
  async #help<T>(next: Promise<T>): Promise<T> {
    this.#readers++;
    this.#giveOut();
    return next.finally(() => this.#readers--);
  }

  #drop(reader: symbol): void {
    const kept: Queued[] = [];
    for (const queued of this.#queue.splice(0)) {
      if (queued.reader === reader) queued.reject(new KheadersPackError('E_ABORTED', {}));
      else kept.push(queued);
    }
    this.#queue.push(...kept);
  }

  #giveOut(): void {
    while (this.#pool !== null && this.#pool.room > 0) {
      const first = this.#queue.shift();
      if (first === undefined) return;
      const content = this.#pool.decode(this.#withRoom(first.task));
      first.resolve(content);
      content.then(
        () => this.#giveOut(),
        () => this.#giveOut(),
      );
    }
    if (this.#readers > 0 && this.#queue.length > 0 && !this.#isTurnTaken && !this.#isStarting)
      void this.#decodeInTurn();
  }

  #withRoom(task: DecodeTask): DecodeTask {
    return { ...task, room: this.#rooms.take(task.record.uncompressedSize) };
  }

  async #decodeInTurn(): Promise<void> {
    this.#isTurnTaken = true;
    await setImmediate();
    this.#isTurnTaken = false;
    const first = this.#readers > 0 ? this.#queue.shift() : undefined;
    if (first === undefined) return;
    try {
      first.resolve(decodeBlock(this.#withRoom(first.task), new Stopwatch()));
      discard(first.task.block);
    } catch (error) {
      first.reject(error);
    }
    this.#giveOut();
  }
}

/** Where one reader's Blocks are decoded. */
export interface Decoding {
  /** How many Blocks may be under way or wait for their turn. */
  readonly window: number;
  /** The task's bytes are taken over. */
  decode(task: DecodeTask): Promise<Content>;
  /** Gives what the reader waits for, and has this thread decode until it is there. */
  help<T>(next: Promise<T>): Promise<T>;
  /** Forgets the Blocks that nobody has begun, for a reader that reads no further: each fails with `E_ABORTED`. */
  drop(): void;
  /** Takes back the memory of a piece that was read, for the contents of further Blocks. */
  giveBack(content: Uint8Array): void;
}
