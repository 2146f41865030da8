import { Worker } from 'node:worker_threads';
import type { Budget, Report } from './fuzzer.js';

/**
 * Fuzzing under watch. The thread puts each input into shared memory before it reads it; where nothing moves for too long,
 * or the thread dies, that input is the finding.
 */
export interface FuzzTask {
  readonly name: string;
  readonly budget: Budget;
  readonly seed: number;
  readonly shared: { readonly input: SharedArrayBuffer; readonly state: SharedArrayBuffer };
}

/** What the state holds: how many inputs there were, the size of the last, and whether it is being read. */
export const COUNT = 0;
export const SIZE = 1;
export const IS_READING = 2;
const STATE_SIZE = 3;

/** Bytes of an input that are kept. */
const INPUT_MAX = 2 ** 20;
/** Seconds in which an input has to be read on a machine that is busy with other things; a hundredth of one is usual. */
const STUCK = 120;
/** MiB that the thread's JavaScript may take. */
const HEAP_MAX = 512;

/** @param stuck seconds in which an input has to be read */
export function fuzzWatched(name: string, budget: Budget, seed: number, stuck = STUCK): Promise<Report> {
  const shared = {
    input: new SharedArrayBuffer(INPUT_MAX),
    state: new SharedArrayBuffer(STATE_SIZE * Int32Array.BYTES_PER_ELEMENT),
  };
  const workerData: FuzzTask = { name, budget, seed, shared };
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX },
  });
  const state = new Int32Array(shared.state);
  return new Promise(resolve => {
    let [seen, since] = [0, performance.now()];
    const watch = setInterval(() => {
      const count = Atomics.load(state, COUNT);
      if (count !== seen || Atomics.load(state, IS_READING) === 0) [seen, since] = [count, performance.now()];
      else if (performance.now() - since > stuck * 1000) end(`it is not read within ${stuck} s`);
    }, 500);
    const end = (reason: string): void => {
      clearInterval(watch);
      void worker.terminate();
      const input = new Uint8Array(shared.input).slice(0, Atomics.load(state, SIZE));
      resolve({ ...NOTHING, executions: Atomics.load(state, COUNT), findings: [{ reason, input }] });
    };
    worker.once('message', (report: Report) => {
      clearInterval(watch);
      resolve(report);
    });
    worker.once('error', error => end(`the thread died: ${error.stack ?? error}`));
  });
}

const NOTHING: Report = { executions: 0, read: 0, corpus: 0, compared: 0, covered: 0, missing: [], findings: [] };
