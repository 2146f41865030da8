import { decodeBlock } from '../../pool/decodeBlock.js';
import type { WorkerPool } from '../../pool/pool.js';
import type { DecodeTask } from '../../pool/protocol.js';
import { Stopwatch } from '../../pool/stopwatch.js';

/** Blocks under way or waiting for their turn, for each worker. */
const BLOCKS_PER_JOB = 3;
/** Content that this thread decodes by itself: it is done before a worker has started. Bytes. */
const FEW = 4 * 2 ** 20;

/** Where Blocks are decoded: always by `decodeBlock`, on workers or in this thread. */
export interface Decoding {
  /** How many Blocks may be under way or wait for their turn. */
  readonly window: number;
  /** The task's bytes are taken over. */
  decode(task: DecodeTask): Promise<readonly Uint8Array[]>;
}

/** The worker threads of an open archive. They start when there is work for them, and stay until it is closed. */
export class DecodingThreads {
  readonly #jobs: number;
  #pool: Promise<WorkerPool> | null = null;

  /** @param jobs worker threads at most, at least 1 */
  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /** For Blocks that are known: none starts that would have none of them. @param bytes of their contents */
  forKnown(blocks: number, bytes: number): Decoding {
    if (blocks < 2 || bytes <= FEW) return { window: 1, decode: here };
    const jobs = Math.min(this.#jobs, blocks);
    const pool = this.#start(jobs);
    return { window: jobs * BLOCKS_PER_JOB, decode: async task => (await pool).decode(task) };
  }

  /** For Blocks that come from a pipe: the first few are decoded in this thread. */
  forUnknown(): Decoding {
    let bytes = 0;
    const decode = async (task: DecodeTask): Promise<readonly Uint8Array[]> => {
      bytes += task.record.uncompressedSize;
      return bytes <= FEW ? here(task) : (await this.#start(this.#jobs)).decode(task);
    };
    return { window: this.#jobs * BLOCKS_PER_JOB, decode };
  }

  /** Waits for the Blocks under way and ends the threads. */
  async close(): Promise<void> {
    await (await this.#pool)?.close();
  }

  #start(jobs: number): Promise<WorkerPool> {
    this.#pool ??= startPool(jobs);
    return this.#pool;
  }
}

async function here(task: DecodeTask): Promise<readonly Uint8Array[]> {
  return decodeBlock(task, new Stopwatch());
}

/** Threads and what runs them are loaded late: a small archive does without. */
async function startPool(jobs: number): Promise<WorkerPool> {
  const { WorkerPool } = await import('../../pool/pool.js');
  return new WorkerPool(jobs);
}
