import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { fromFailure } from '../errors.js';
import { type Slots, slots } from '../flow/slots.js';
import type { Digested } from '../model/plan.js';
import type { TaskSpan } from '../model/trace.js';
import type { EncodedBlock } from '../xz/block.js';
import {
  type Answers,
  type ConfirmTask,
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
import { workerError } from './workerError.js';

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
 * A worker does one task at a time; the tasks that wait for a worker wait here, and piscina gets one when it has a worker for
 * it. Tasks are never cancelled once they run, since a thread must not be stopped inside native code: who wants to stop
 * sends no more tasks and closes the pool, which waits for those under way (a Block at most, about a second).
 *
 * A worker that ends by itself, because its memory ran out say, takes its task with it, and the pool is of no use from then
 * on: that task and all that wait fail with `E_WORKER`, those that other workers do come to their end. piscina would start
 * another thread in its place, and let tasks wait for ever where that one does not start either.
 */
export class WorkerPool {
  readonly jobs: number;
  /** Seconds that all workers spent, by step. */
  readonly seconds: WorkSeconds = noWork();
  /** Told of every task that has succeeded; by default nobody is. */
  onTask: (done: DoneTask) => void = () => undefined;
  readonly #slots: Slots;
  readonly #underWay = new Set<Promise<unknown>>();
  #piscina: Promise<Piscina> | null = null;
  /** Threads that are still loading. One that is ended then leaves open what it is reading (Node 20). */
  #loading = 0;
  #onLoaded: () => void = () => undefined;
  /** Why a worker ended by itself, if one did. */
  #death: unknown = null;
  #isClosing = false;

  /** @param jobs worker threads, at least 1 */
  constructor(jobs: number) {
    this.jobs = jobs;
    this.#slots = slots(jobs);
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
    return this.#run<'encode'>(
      task,
      input.kind === 'bytes' ? input.pieces.map(({ buffer }) => buffer as ArrayBuffer) : [],
    );
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
  async close(): Promise<void> {
    this.#isClosing = true;
    // piscina itself would wait for some of them, and no longer than 30 seconds.
    await Promise.allSettled(this.#underWay);
    // Threads that could not be started need no end, and whoever wanted them knows.
    const piscina = await this.#piscina?.catch(() => null);
    if (!piscina) return;
    await this.#haveLoaded(piscina);
    await piscina.close();
  }

  async #haveLoaded({ threads }: Piscina): Promise<void> {
    // Threads without a task do not keep the process.
    for (const thread of threads) thread.ref();
    while (this.#loading > 0 && this.#death === null) {
      await new Promise<void>(resolve => {
        this.#onLoaded = resolve;
      });
    }
  }

  /** piscina is loaded with the first task: it is a third of what is loaded at the start. */
  #threads(): Promise<Piscina> {
    this.#piscina ??= this.#startThreads();
    return this.#piscina;
  }

  async #startThreads(): Promise<Piscina> {
    const { Piscina } = await import('piscina');
    try {
      const piscina = new Piscina({
        filename: fileURLToPath(new URL('./threadEntry.cjs', import.meta.url)),
        name: 'runTask',
        minThreads: this.jobs,
        maxThreads: this.jobs,
        idleTimeout: Number.POSITIVE_INFINITY,
        recordTiming: false,
        // Without it a task may overtake others, and the schedule of Blocks would be lost.
        stricterFIFO: true,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
      });
      this.#loading = this.jobs;
      piscina.on('message', () => {
        this.#loading--;
        this.#onLoaded();
      });
      piscina.on('workerDestroy', () => {
        if (this.#loading === 0 && this.#isClosing) return;
        this.#death ??= new Error('it ended by itself');
        this.#onLoaded();
      });
      // A worker that fails while it has no task. Without a listener it would be the end of the process.
      piscina.on('error', error => {
        this.#death = error;
        this.#onLoaded();
      });
      return piscina;
    } catch (error) {
      throw workerError(error);
    }
  }

  async #run<K extends keyof Answers>(task: Task, transferList: ArrayBuffer[]): Promise<Answers[K]> {
    const piscina = await this.#threads();
    const queued = performance.timeOrigin + performance.now();
    const answer = this.#slots.run(() => this.#onWorker<Reply<K>>(piscina, task, transferList));
    this.#underWay.add(answer);
    const reply = await answer.finally(() => this.#underWay.delete(answer));
    if (!reply.ok) throw fromFailure(reply.failure);
    for (const step of WORK_STEPS) this.seconds[step] += reply.seconds[step];
    this.onTask({ task, queued, span: reply.span, seconds: reply.seconds });
    return reply.answer;
  }

  async #onWorker<R>(piscina: Piscina, task: Task, transferList: ArrayBuffer[]): Promise<R> {
    if (this.#death !== null) throw workerError(this.#death);
    try {
      return await piscina.run(task, { transferList });
    } catch (error) {
      // piscina tells first that the worker is gone, then that its task is.
      throw this.#death === null ? error : workerError(error);
    }
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
