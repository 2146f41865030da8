import type { DoneTask, WorkerPool } from '../pool/pool.js';
import type { Sink } from './sink.js';
import type { StageClock } from './stages.js';
import { type Recorded, traceText } from './traceEvents.js';

/** What watches a pack for `--trace`. Where no trace is wanted, the one that does nothing. */
export interface Trace {
  readonly onTask: (done: DoneTask) => void;
  /** The same sink, whose writes are noted. */
  watch(sink: Sink): Sink;
  /** Writes what was seen, before anything is final: a disk that is full for the trace must not leave a new archive and a failure. */
  write(jobs: number, clock: StageClock): Promise<void>;
}

const NO_TRACE: Trace = {
  onTask: () => undefined,
  watch: sink => sink,
  write: async () => undefined,
};

/** Watches the tasks of the pool from now on, where a trace is wanted; `sink` is where it goes. */
export function traceFor(sink: Sink | null, pool: WorkerPool): Trace {
  if (sink === null) return NO_TRACE;
  const trace = recordingTrace(sink);
  pool.onTask = trace.onTask;
  return trace;
}

function recordingTrace(file: Sink): Trace {
  const { tasks, writes }: Recorded = { tasks: [], writes: [] };
  return {
    onTask: done => {
      tasks.push(done);
    },
    watch: sink => ({
      ...sink,
      async write(bytes) {
        // Written, they are there no more.
        const { length } = bytes;
        const start = performance.now();
        await sink.write(bytes);
        writes.push({ start, end: performance.now(), bytes: length });
      },
    }),
    write: (jobs, clock) =>
      file.write(
        Buffer.from(traceText({ tasks, writes, stages: clock.spans, jobs, timeOrigin: performance.timeOrigin })),
      ),
  };
}
