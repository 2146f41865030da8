import type { PackStage } from '../model/progress.js';
import type { StageTimes } from '../model/summary.js';
import type { Span } from '../model/trace.js';

type Times = Record<PackStage, number>;

/** Wall-clock and processor time of each stage. They go to the summary, never into the archive. */
export class StageClock {
  /** Every stage that has ended, in milliseconds since the time origin. */
  readonly spans: (Span & { readonly stage: PackStage })[] = [];
  readonly #start = performance.now();
  readonly #cpuStart = cpuSeconds();
  readonly #seconds: Times = { walk: 0, scan: 0, plan: 0, compress: 0 };
  readonly #cpuSeconds: Times = { walk: 0, scan: 0, plan: 0, compress: 0 };

  async time<T>(stage: PackStage, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const cpuStart = cpuSeconds();
    const result = await work();
    const end = performance.now();
    this.spans.push({ stage, start, end });
    this.#seconds[stage] += (end - start) / 1000;
    this.#cpuSeconds[stage] += cpuSeconds() - cpuStart;
    return result;
  }

  seconds(): StageTimes {
    return { ...this.#seconds, total: (performance.now() - this.#start) / 1000 };
  }

  cpuSeconds(): StageTimes {
    return { ...this.#cpuSeconds, total: cpuSeconds() - this.#cpuStart };
  }
}

/** Of the whole process, all threads, user and system. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
