import { threadId } from 'node:worker_threads';
import type { TaskSpan } from '../model/trace.js';
import { noWork, type WorkSeconds, type WorkStep } from './protocol.js';

/** Adds up where a task's time goes. It reaches the summary, never the archive. */
export class Stopwatch {
  readonly seconds: WorkSeconds = noWork();
  readonly #start = performance.now();

  /** Milliseconds that steps took inside the one that is timed. */
  #inside = 0;

  /** A step inside another is taken from the other's time. */
  time<T>(step: WorkStep, work: () => T): T {
    const before = this.#inside;
    this.#inside = 0;
    const start = performance.now();
    const result = work();
    const taken = performance.now() - start;
    this.seconds[step] += (taken - this.#inside) / 1000;
    this.#inside = before + taken;
    return result;
  }

  /** From when the watch was made until now, on the clock that all threads share: milliseconds since 1970. */
  span(): TaskSpan {
    const { timeOrigin } = performance;
    return { thread: threadId, start: timeOrigin + this.#start, end: timeOrigin + performance.now() };
  }
}
