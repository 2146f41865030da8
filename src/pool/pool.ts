import { Piscina } from 'piscina';
import { fromFailure } from '../errors.js';
import type { Digested } from '../model/plan.js';
import type { EncodedBlock } from '../xz/block.js';
import {
  type Answers,
  type DigestTask,
  type EncodeTask,
  noWork,
  type Reply,
  type SharedTask,
  WORK_STEPS,
  type WorkSeconds,
} from './protocol.js';

/**
 * A worker allocates little in JavaScript, so with V8's own limit it would seldom collect what it holds outside the
 * heap. Worth 10 MiB at most over a whole kernel tree.
 */
const YOUNG_GENERATION_MIB = 2;

/**
 * The worker threads of one pack: as many as jobs, started at once and kept to the end.
 *
 * A worker does one task at a time. Tasks are never cancelled once they run, since a thread must not be stopped inside
 * native code: who wants to stop sends no more tasks and closes the pool, which waits for those under way (a Block at
 * most, about a second).
 */
export class WorkerPool {
  readonly jobs: number;
  /** Seconds that all workers spent, by step. */
  readonly seconds: WorkSeconds = noWork();
  readonly #piscina: Piscina;

  /** @param jobs worker threads, at least 1 */
  constructor(jobs: number) {
    this.jobs = jobs;
    this.#piscina = new Piscina({
      filename: new URL('./worker.js', import.meta.url).href,
      name: 'runTask',
      minThreads: jobs,
      maxThreads: jobs,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
      // Without it a task may overtake others, and the schedule of Blocks would be lost.
      stricterFIFO: true,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
  }

  digest(task: DigestTask): Promise<readonly Digested[]> {
    return this.#run<'digest'>(task, []);
  }

  /** The bytes of a task's input are the worker's afterwards. */
  encode(task: EncodeTask): Promise<EncodedBlock> {
    const { input } = task;
    return this.#run<'encode'>(task, input.kind === 'bytes' ? [input.bytes.buffer as ArrayBuffer] : []);
  }

  /** A piece of work on a shared Block. */
  share(task: SharedTask): Promise<Uint8Array> {
    return this.#run<'shared'>(task, []);
  }

  /** Waits for the tasks under way and ends the threads. */
  close(): Promise<void> {
    return this.#piscina.close();
  }

  async #run<K extends keyof Answers>(
    task: DigestTask | EncodeTask | SharedTask,
    transferList: ArrayBuffer[],
  ): Promise<Answers[K]> {
    const reply: Reply<K> = await this.#piscina.run(task, { transferList });
    if (!reply.ok) throw fromFailure(reply.failure);
    for (const step of WORK_STEPS) this.seconds[step] += reply.seconds[step];
    return reply.answer;
  }
}

/** A pool for the length of `work`. */
export async function withPool<T>(jobs: number, work: (pool: WorkerPool) => Promise<T>): Promise<T> {
  const pool = new WorkerPool(jobs);
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
