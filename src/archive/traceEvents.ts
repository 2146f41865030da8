import { printable } from '../bytes/bytePath.js';
import type { PackStage } from '../model/progress.js';
import type { Span, TraceEvent, TraceFile } from '../model/trace.js';
import type { DoneTask } from '../pool/pool.js';
import type { BlockInput, SharedWork, Task } from '../pool/protocol.js';

/** What a trace is made of. */
export interface Recorded {
  readonly tasks: DoneTask[];
  readonly writes: (Span & { readonly bytes: number })[];
}

interface Pack extends Recorded {
  readonly stages: readonly (Span & { readonly stage: PackStage })[];
  readonly jobs: number;
  /** Of the main thread, in milliseconds since 1970. */
  readonly timeOrigin: number;
}

const PROCESS = 1;
/** Rows of the picture that are not a worker's; workers have Node's thread numbers, which begin with 1. */
const STAGES_ROW = 0;
const WRITES_ROW = 10_000;

/** A task on the main thread's clock. */
interface Placed extends Span {
  readonly queued: number;
  readonly thread: number;
  readonly done: DoneTask;
}

/** The trace as JSON, an event a line, so that it can be looked at without a viewer too. */
export function traceText(pack: Pack): string {
  const { traceEvents, ...head } = traceOf(pack);
  const events = traceEvents.map(event => JSON.stringify(event)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"traceEvents":[\n${events}\n]}\n`;
}

export function traceOf(pack: Pack): TraceFile {
  const placed = pack.tasks.map((done): Placed => {
    const { thread, start, end } = done.span;
    const since = (time: number): number => time - pack.timeOrigin;
    return { queued: since(done.queued), start: since(start), end: since(end), thread, done };
  });
  const numbers = blockNumbers(pack);
  const threads = [...new Set(placed.map(({ thread }) => thread))].sort((a, b) => a - b);
  const blocks = placed.filter(({ done }) => done.task.kind === 'encode');
  return {
    displayTimeUnit: 'ms',
    otherData: { jobs: pack.jobs, utilisation: utilisation(pack, placed) },
    traceEvents: [
      named('process_name', STAGES_ROW, `kheaders-pack, ${pack.jobs} ${pack.jobs === 1 ? 'job' : 'jobs'}`),
      named('thread_name', STAGES_ROW, 'stages'),
      ...threads.map((thread, i) => named('thread_name', thread, `worker ${i + 1}`)),
      named('thread_name', WRITES_ROW, 'writes'),
      ...startUp(pack.stages),
      ...pack.stages.map(({ stage, start, end }) => lasting(stage, 'stage', STAGES_ROW, { start, end }, {})),
      ...placed.map(task => taskEvent(task, numbers)),
      ...pack.writes.map(({ start, end, bytes }) => lasting('write', 'write', WRITES_ROW, { start, end }, { bytes })),
      ...counter(
        'tasks waiting for a worker',
        placed.map(({ queued, start }) => ({ start: queued, end: start })),
      ),
      ...counter('Blocks waiting to be written', waitingBlocks(blocks, numbers, pack.writes)),
    ],
  };
}

/** What comes before the first stage: Node itself, our modules, options and trees. */
function startUp([first]: Pack['stages']): TraceEvent[] {
  return first === undefined ? [] : [lasting('start', 'stage', STAGES_ROW, { start: 0, end: first.start }, {})];
}

function taskEvent({ thread, start, end, queued, done }: Placed, numbers: ReadonlyMap<DoneTask, number>): TraceEvent {
  const { task } = done;
  const steps = Object.entries(done.seconds).filter(([, seconds]) => seconds > 0);
  const milliseconds = Object.fromEntries(steps.map(([step, seconds]) => [step, rounded(seconds * 1000)]));
  const waited = rounded(start - queued);
  const args = { ...argsOf(task, numbers.get(done)), waited, milliseconds };
  return lasting(nameOf(task, numbers.get(done)), task.kind, thread, { start, end }, args);
}

function nameOf(task: Task, number: number | undefined): string {
  switch (task.kind) {
    case 'digest':
      return 'read';
    case 'encode':
      return number === undefined ? 'Block' : `Block ${number}`;
    case 'shared':
      return sharedName(task.work);
    default:
      return task.kind;
  }
}

/** A part of a Block that all workers encode together. */
function sharedName(work: SharedWork): string {
  switch (work.kind) {
    case 'prepare':
      return `step ${work.step + 1}`;
    case 'slice':
      return `slice ${work.index + 1}`;
    default:
      return work.kind;
  }
}

function argsOf(task: Task, number: number | undefined): Readonly<Record<string, unknown>> {
  if (task.kind === 'digest') return { files: task.files.length };
  if (task.kind !== 'encode') return {};
  return number === undefined ? inputArgs(task.input) : { block: number, ...inputArgs(task.input) };
}

function inputArgs(input: BlockInput): Readonly<Record<string, unknown>> {
  if (input.kind !== 'entries') return input.kind === 'zeros' ? { bytes: input.size } : {};
  const first = input.entries[0];
  const from = first === undefined ? '' : printable(first.name);
  return { bytes: input.block.size, entries: input.entries.length, from };
}

/** Writes that are no Block's: Stream Header, Index, Stream Footer. */
const FRAME_WRITES = 3;

/**
 * The Blocks' numbers in the archive, from 1: tasks end in another order than that. They are known where every Block of
 * the archive is one task's: none came from the cache, none was encoded by all workers together.
 */
function blockNumbers({ tasks, writes }: Recorded): ReadonlyMap<DoneTask, number> {
  const places = tasks.flatMap(done => (done.task.kind === 'encode' ? [{ done, ...placeOf(done.task.input) }] : []));
  if (places.length !== writes.length - FRAME_WRITES) return new Map();
  places.sort((a, b) => a.first - b.first || a.skip - b.skip || a.done.queued - b.done.queued);
  return new Map(places.map(({ done }, i) => [done, i + 1]));
}

/** Where a Block begins in the plan. Those of an existing tar have no plan, but they are queued in order; the end of a tar is last. */
function placeOf(input: BlockInput): { first: number; skip: number } {
  if (input.kind === 'entries') return { first: input.block.first, skip: input.block.skip };
  return { first: input.kind === 'zeros' ? Number.MAX_SAFE_INTEGER : 0, skip: 0 };
}

/** From a Block's last byte made until its write begins. The first write is the Stream Header, what is over is Index and Footer. */
function waitingBlocks(
  blocks: readonly Placed[],
  numbers: ReadonlyMap<DoneTask, number>,
  writes: Pack['writes'],
): Span[] {
  return blocks.flatMap(({ done, end }) => {
    const number = numbers.get(done);
    const write = number === undefined ? undefined : writes[number];
    return write === undefined ? [] : [{ start: end, end: Math.max(end, write.start) }];
  });
}

/** How many of the spans there are at each time. */
function counter(name: string, spans: readonly Span[]): TraceEvent[] {
  const steps = spans.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  let value = 0;
  return steps
    .sort((a, b) => a.at - b.at || b.by - a.by)
    .map(({ at, by }) => {
      value += by;
      return { name, cat: 'queue', ph: 'C', ts: micros(at), pid: PROCESS, tid: STAGES_ROW, args: { count: value } };
    });
}

function utilisation({ stages, jobs }: Pack, tasks: readonly Placed[]): Record<string, number> {
  const shares = stages.flatMap(({ stage, start, end }) => {
    const within = tasks.filter(task => task.end > start && task.start < end);
    const busy = within.reduce((sum, task) => sum + Math.min(task.end, end) - Math.max(task.start, start), 0);
    return within.length === 0 ? [] : [[stage, Number((busy / (jobs * (end - start))).toFixed(4))] as const];
  });
  return Object.fromEntries(shares);
}

function lasting(
  name: string,
  cat: string,
  tid: number,
  { start, end }: Span,
  args: Readonly<Record<string, unknown>>,
): TraceEvent {
  return { name, cat, ph: 'X', ts: micros(start), dur: micros(end) - micros(start), pid: PROCESS, tid, args };
}

function named(what: string, tid: number, name: string): TraceEvent {
  return { name: what, cat: '__metadata', ph: 'M', ts: 0, pid: PROCESS, tid, args: { name } };
}

function micros(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(3));
}
