import { type Slots, slots } from '../../flow/slots.js';
import { decodeBlockInBackground } from '../../pool/decodeBlock.js';
import type { WorkerPool } from '../../pool/pool.js';
import type { DecodeTask } from '../../pool/protocol.js';

/** Blocks under way or waiting for their turn, for each worker. */
const BLOCKS_PER_JOB = 3;
/**
 * Bytes of content that libuv's threads decode. Nothing has to start for it, and nothing to be handed over, but Checks are
 * this thread's work: for more than this, workers are worth it.
 */
const BACKGROUND_SIZE = 64 * 2 ** 20;
/** libuv has no more, unless UV_THREADPOOL_SIZE says so. */
const BACKGROUND_THREADS = 4;

/** Where Blocks are decoded, always with `src/pool/decodeBlock.ts`: on workers, or on libuv's threads. */
export interface Decoding {
  /** How many Blocks may be under way or wait for their turn. */
  readonly window: number;
  /** The task's bytes are taken over. */
  decode(task: DecodeTask): Promise<readonly Uint8Array[]>;
}

/** The threads that decode an open archive. Workers start when there is work for them, and stay until it is closed. */
export class DecodingThreads {
  readonly #jobs: number;
  readonly #background: Slots;
  #pool: Promise<WorkerPool> | null = null;

  /** @param jobs threads at most, at least 1 */
  constructor(jobs: number) {
    this.#jobs = jobs;
    this.#background = slots(Math.min(jobs, BACKGROUND_THREADS));
  }

  /** For Blocks that are known: no worker starts that would have none of them. @param bytes of their contents */
  forKnown(blocks: number, bytes: number): Decoding {
    const jobs = Math.min(this.#jobs, blocks);
    const window = jobs * BLOCKS_PER_JOB;
    if (bytes <= BACKGROUND_SIZE) return { window, decode: task => this.#inBackground(task) };
    const pool = this.#start(jobs);
    return { window, decode: async task => (await pool).decode(task) };
  }

  /** For Blocks that come from a pipe: nobody knows yet how many. */
  forUnknown(): Decoding {
    let bytes = 0;
    const decode = async (task: DecodeTask): Promise<readonly Uint8Array[]> => {
      bytes += task.record.uncompressedSize;
      if (bytes <= BACKGROUND_SIZE) return this.#inBackground(task);
      return (await this.#start(this.#jobs)).decode(task);
    };
    return { window: this.#jobs * BLOCKS_PER_JOB, decode };
  }

  /** Waits for the Blocks that workers have under way and ends them. */
  async close(): Promise<void> {
    await (await this.#pool)?.close();
  }

  #inBackground(task: DecodeTask): Promise<readonly Uint8Array[]> {
    return decodeBlockInBackground(task, this.#background);
  }

  #start(jobs: number): Promise<WorkerPool> {
    this.#pool ??= startPool(jobs);
    return this.#pool;
  }
}

/** Workers and what runs them are loaded late: most archives do without. */
async function startPool(jobs: number): Promise<WorkerPool> {
  const { WorkerPool } = await import('../../pool/pool.js');
  return new WorkerPool(jobs);
}
