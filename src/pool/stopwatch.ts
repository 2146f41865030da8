import { noWork, type WorkSeconds, type WorkStep } from './protocol.js';

/** Adds up where a task's time goes. It reaches the summary, never the archive. */
export class Stopwatch {
  readonly seconds: WorkSeconds = noWork();

  time<T>(step: WorkStep, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.seconds[step] += (performance.now() - start) / 1000;
    return result;
  }
}
