/**
 * When things happened in a pack. Times are milliseconds since the main thread's time origin, shortly after the process began; a
 * worker's clock has an origin of its own and is brought to the main thread's.
 */

/** A stage of the pack, or a write of the archive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A task as the worker saw it. */
export interface TaskSpan extends Span {
  /** Node's number of the worker thread. */
  readonly thread: number;
}

/**
 * An event of the Chrome trace format ("Trace Event Format", section "Event Phases"), as Perfetto and chrome://tracing read it:
 * X has a length, C is the value of a counter from then on, M names a process or thread. Times are in microseconds.
 */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'X' | 'C' | 'M';
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The JSON object form of the format. */
export interface TraceFile {
  readonly displayTimeUnit: 'ms';
  readonly otherData: {
    readonly jobs: number;
    /** For each stage that workers have tasks in, the share of `jobs` x its length that they were busy. */
    readonly utilisation: Readonly<Record<string, number>>;
  };
  readonly traceEvents: readonly TraceEvent[];
}
