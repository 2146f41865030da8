import { threadId } from 'node:worker_threads';
import type { TaskSpan } from '../model/trace.js';
import { noWork, type WorkSeconds, type WorkStep } from './protocol.js';

/** Adds up where a task's time goes. It reaches the summary, never the archive. */
export class Stopwatch {
  readonly seconds: WorkSeconds = noWork();
  readonly #start = performance.now();

  time<T>(step: WorkStep, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.seconds[step] += (performance.now() - start) / 1000;
    return result;
  }

  /** From when the watch was made until now, on the clock that all threads share: milliseconds since 1970. */
  span(): TaskSpan {
    const { timeOrigin } = performance;
    return { thread: threadId, start: timeOrigin + this.#start, end: timeOrigin + performance.now() };
  }
}
