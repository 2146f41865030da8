import type { Piscina } from 'piscina';
import { fromFailure } from '../errors.js';
import type { Digested } from '../model/plan.js';
import type { TaskSpan } from '../model/trace.js';
import type { EncodedBlock } from '../xz/block.js';
import {
  type Answers,
  type ConfirmTask,
  type DecodeTask,
  type DigestBlockTask,
  type DigestTask,
  type EncodeTask,
  noWork,
  type Reply,
  type SharedTask,
  type Task,
  WORK_STEPS,
  type WorkSeconds,
} from './protocol.js';

/**
 * A worker allocates little in JavaScript, so with V8's own limit it would seldom collect what it holds outside the
 * heap. Worth 10 MiB at most over a whole kernel tree.
 */
const YOUNG_GENERATION_MIB = 2;

/** A task with its times, in milliseconds since 1970. */
export interface DoneTask {
  readonly task: Task;
  /** When it was handed to the pool. */
  readonly queued: number;
  readonly span: TaskSpan;
  readonly seconds: WorkSeconds;
}

/**
 * The worker threads of one pack: as many as jobs, started together when there is work for one and kept to the end. A
 * pack that finds everything in the cache starts none.
 *
 * A worker does one task at a time. Tasks are never cancelled once they run, since a thread must not be stopped inside
 * native code: who wants to stop sends no more tasks and closes the pool, which waits for those under way (a Block at
 * most, about a second).
 */
export class WorkerPool {
  readonly jobs: number;
  /** Seconds that all workers spent, by step. */
  readonly seconds: WorkSeconds = noWork();
  /** Told of every task that has succeeded; by default nobody is. */
  onTask: (done: DoneTask) => void = () => undefined;
  #piscina: Promise<Piscina> | null = null;

  /** @param jobs worker threads, at least 1 */
  constructor(jobs: number) {
    this.jobs = jobs;
  }

  /** Starts the threads, if they are not running; whoever knows that there will be work saves the wait for them. */
  start(): void {
    // A failure comes again with the first task.
    this.#threads().catch(() => undefined);
  }

  digest(task: DigestTask): Promise<readonly Digested[]> {
    return this.#run<'digest'>(task, []);
  }

  digestBlock(task: DigestBlockTask): Promise<string> {
    return this.#run<'digestBlock'>(task, []);
  }

  /** The bytes of a task's input are the worker's afterwards. */
  encode(task: EncodeTask): Promise<EncodedBlock> {
    const { input } = task;
    return this.#run<'encode'>(task, input.kind === 'bytes' ? [input.bytes.buffer as ArrayBuffer] : []);
  }

  /** The task's bytes are the worker's afterwards. */
  decode(task: DecodeTask): Promise<readonly Uint8Array[]> {
    return this.#run<'decode'>(task, [task.block.buffer as ArrayBuffer]);
  }

  /** Bytes of the task's input are copied, for a Block that is not confirmed has to be encoded. */
  confirm(task: ConfirmTask): Promise<boolean> {
    return this.#run<'confirm'>(task, []);
  }

  /** A piece of work on a shared Block. */
  share(task: SharedTask): Promise<Uint8Array> {
    return this.#run<'shared'>(task, []);
  }

  /** Waits for the tasks under way and ends the threads. */
  close(): Promise<void> {
    return this.#piscina === null ? Promise.resolve() : this.#piscina.then(piscina => piscina.close());
  }

  /** piscina is loaded with the first task: it is a third of what is loaded at the start. */
  #threads(): Promise<Piscina> {
    this.#piscina ??= import('piscina').then(
      ({ Piscina }) =>
        new Piscina({
          filename: new URL('./worker.js', import.meta.url).href,
          name: 'runTask',
          minThreads: this.jobs,
          maxThreads: this.jobs,
          idleTimeout: Number.POSITIVE_INFINITY,
          recordTiming: false,
          // Without it a task may overtake others, and the schedule of Blocks would be lost.
          stricterFIFO: true,
          resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
        }),
    );
    return this.#piscina;
  }

  async #run<K extends keyof Answers>(task: Task, transferList: ArrayBuffer[]): Promise<Answers[K]> {
    const piscina = await this.#threads();
    const queued = performance.timeOrigin + performance.now();
    const reply: Reply<K> = await piscina.run(task, { transferList });
    if (!reply.ok) throw fromFailure(reply.failure);
    for (const step of WORK_STEPS) this.seconds[step] += reply.seconds[step];
    this.onTask({ task, queued, span: reply.span, seconds: reply.seconds });
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
