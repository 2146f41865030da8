/**
 * The runs of a sweep on disk: one JSON value a line, the first says what was measured, each further one is a run. A line is added
 * as a run ends, so that a sweep that is interrupted, or killed, keeps what it has; half a line at the end is passed over.
 */
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { nullable, number, object, record, type Shape, text } from '../bytes/jsonShape.js';
import { KheadersPackError, systemReason } from '../errors.js';
import type { Run } from './result.js';

export interface RunStore {
  /** The runs of a contender so far. */
  runsOf(name: string): readonly Run[];
  add(name: string, run: Run): void;
}

/** What must be the same for runs to belong together. */
export interface SweepIdentity {
  readonly schema: 'kheaders-pack/bench-runs/1';
  readonly version: string;
  readonly tarDigest: string;
  /** Threads of the peers. */
  readonly jobs: number;
}

export function memoryStore(): RunStore {
  const runs = new Map<string, Run[]>();
  return {
    runsOf: name => runs.get(name) ?? [],
    add: (name, run) => {
      runs.set(name, [...(runs.get(name) ?? []), run]);
    },
  };
}

interface StoredRun {
  readonly name: string;
  readonly run: Run;
}

const STORED_RUN: Shape<StoredRun> = object<StoredRun>({
  name: text,
  run: object<Run>({
    seconds: number,
    cpuSeconds: number,
    peakMemory: number,
    bytes: number,
    tarBytes: number,
    digest: text,
    decodeSeconds: nullable(number),
    stages: nullable(record(number)),
  }),
});

/**
 * The runs of a file, which is made where it does not exist yet.
 *
 * @throws KheadersPackError `E_RUNS` when the file has runs of something else, or is no file of runs; `E_READ`, `E_WRITE`
 */
export function fileStore(path: string, identity: SweepIdentity): RunStore {
  const store = memoryStore();
  const { lines, bytes, rest } = existsSync(path) ? wholeLines(path) : NOTHING;
  const [head, ...runs] = lines.map(line => parsed(line, path));
  if (head !== undefined && !isDeepStrictEqual(head, identity)) throw foreign(path);
  for (const stored of runs) {
    const { name, run } = storedRun(stored, path);
    store.add(name, run);
  }
  const append = (value: unknown): void => attempt(path, () => appendFileSync(path, `${JSON.stringify(value)}\n`));
  // Somebody's file without a single line is not to be cut off, but our own first line may have come half.
  if (head === undefined && !JSON.stringify(identity).startsWith(rest)) throw foreign(path);
  if (rest !== '') attempt(path, () => truncateSync(path, bytes));
  if (head === undefined) append(identity);
  return {
    runsOf: store.runsOf,
    add: (name, run) => {
      store.add(name, run);
      append({ name, run });
    },
  };
}

const NOTHING = { lines: [], bytes: 0, rest: '' };

/** The lines that end, how many bytes they take, and what follows them. */
function wholeLines(path: string): { lines: string[]; bytes: number; rest: string } {
  try {
    const text = readFileSync(path);
    const bytes = text.lastIndexOf('\n') + 1;
    const lines = text.toString('utf8', 0, bytes).split('\n');
    return { lines: lines.slice(0, -1), bytes, rest: text.toString('utf8', bytes) };
  } catch (error) {
    throw new KheadersPackError('E_READ', { path, reason: systemReason(error) }, { cause: error });
  }
}

function parsed(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw foreign(path, error);
  }
}

function storedRun(value: unknown, path: string): StoredRun {
  try {
    return STORED_RUN(value, '');
  } catch (error) {
    throw foreign(path, error);
  }
}

function foreign(path: string, cause?: unknown): KheadersPackError {
  return new KheadersPackError('E_RUNS', { path }, { cause });
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new KheadersPackError('E_WRITE', { path, reason: systemReason(error) }, { cause: error });
  }
}
