import type { ExecutionSettings } from '../model/settings.js';
import type { DoneTask, WorkerPool } from '../pool/pool.js';
import { openSink, type Sink } from './sink.js';
import type { StageClock } from './stages.js';
import { type Recorded, traceText } from './traceEvents.js';
import { withSink } from './write.js';

/** What watches a pack for `--trace`. Where no trace is wanted, the one that does nothing. */
interface Trace {
  readonly onTask: (done: DoneTask) => void;
  /** The same sink, whose writes are noted. */
  watch(sink: Sink): Sink;
  /** Writes what was seen. The file is final once the archive is. */
  write(jobs: number, clock: StageClock): Promise<void>;
}

const NO_TRACE: Trace = {
  onTask: () => undefined,
  watch: sink => sink,
  write: async () => undefined,
};

/** `withSink` with a trace of the work, where one is wanted. */
export async function tracedSink<T>(
  execution: ExecutionSettings,
  pool: WorkerPool,
  clock: StageClock,
  work: (sink: Sink) => Promise<T>,
): Promise<T> {
  return traced(execution.trace, trace => {
    pool.onTask = trace.onTask;
    return withSink(execution, async sink => {
      const result = await work(trace.watch(sink));
      // Before the archive is final: a disk that is full for the trace must not leave a new archive and a failure.
      await trace.write(pool.jobs, clock);
      return result;
    });
  });
}

/**
 * A trace for the length of `work`, whole in its file or not there at all: when `work` fails, the file is as it was before. It is
 * opened first, so that one that cannot be written fails before the work is done.
 *
 * @throws KheadersPackError `E_WRITE`, and what `work` throws
 */
async function traced<T>(path: string | null, work: (trace: Trace) => Promise<T>): Promise<T> {
  if (path === null) return work(NO_TRACE);
  const file = await openSink({ kind: 'file', path });
  try {
    const result = await work(recordingTrace(file));
    await file.commit();
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
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
        const start = performance.now();
        await sink.write(bytes);
        writes.push({ start, end: performance.now(), bytes: bytes.length });
      },
    }),
    write: (jobs, clock) =>
      file.write(
        Buffer.from(traceText({ tasks, writes, stages: clock.spans, jobs, timeOrigin: performance.timeOrigin })),
      ),
  };
}
