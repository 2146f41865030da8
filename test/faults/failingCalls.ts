import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { unless } from '../support/tools.js';
import { type Known, placeFor, runIn } from './commands.js';
import { type Fault, wrongs } from './judge.js';
import type { Row } from './row.js';

/** Calls of the C library that are made to fail (`failing.c`), and with what; or that a signal comes just before. */
export const FAILING_CALLS = [
  { call: 'write', error: 'ENOSPC' },
  { call: 'write', error: 'EIO' },
  { call: 'fsync', error: 'EIO' },
  { call: 'close', error: 'EDQUOT' },
  { call: 'close', error: 'SIGINT' },
  { call: 'open', error: 'EMFILE' },
  { call: 'open', error: 'EACCES' },
  { call: 'mkdir', error: 'ENOSPC' },
  { call: 'rename', error: 'EACCES' },
  { call: 'rename', error: 'SIGTERM' },
  { call: 'read', error: 'EIO' },
  { call: 'opendir', error: 'EIO' },
] as const;
export type FailingCall = (typeof FAILING_CALLS)[number];

/** Builds the library that makes calls fail, and gives its path. */
export function buildShim(directory: string): string {
  const library = join(directory, 'failing.so');
  const source = join(PROJECT_ROOT, 'test/faults/failing.c');
  const { status, stderr } = spawnSync('gcc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']);
  if (status !== 0) throw new Error(`gcc cannot compile ${source}: ${stderr}`);
  return library;
}

/** A reason to skip where calls cannot be made to fail, else false. */
export function unlessShim(): string | false {
  return process.platform === 'linux' ? unless('gcc') : 'LD_PRELOAD with glibc is for Linux';
}

/** What calls fail: the first, how many from then on, with what, and below which directory. */
export interface Failing {
  readonly call: FailingCall['call'] | 'thread';
  readonly error: 'EAGAIN' | FailingCall['error'];
  /** Counted from 1; 0: none, they are counted only. */
  readonly at: number;
  readonly many: number;
  readonly under: string;
}

function isSignal(error: Failing['error']): error is Extract<Failing['error'], NodeJS.Signals> {
  return error.startsWith('SIG');
}

/** The environment that makes calls fail, and how many there were, and how many of them failed. */
export function failing(
  shim: string,
  counter: string,
  { call, error, at, many, under }: Failing,
): { readonly env: Readonly<Record<string, string>>; readonly counts: () => readonly [calls: number, failed: number] } {
  writeFileSync(counter, Buffer.alloc(8));
  const env = {
    LD_PRELOAD: shim,
    FAIL_CALL: call,
    FAIL_AT: String(at),
    FAIL_MANY: String(many),
    FAIL_ERRNO: String(isSignal(error) ? 0 : constants.errno[error]),
    FAIL_SIGNAL: String(isSignal(error) ? constants.signals[error] : 0),
    FAIL_UNDER: under,
    FAIL_COUNT: counter,
  };
  const counts = (): readonly [number, number] => {
    const bytes = readFileSync(counter);
    return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
  };
  return { env, counts };
}

/**
 * Makes calls of a command fail, one in each run: every one, or where they are many, `rounds` of them, the first and the last
 * among them. Calls below `under` count; where it is null, those below the command's own place.
 */
export async function failingCallRounds(
  known: Known,
  { call, error }: FailingCall,
  under: string | null,
  rounds: number,
  parent: string,
  shim: string,
  next: () => number,
): Promise<Row> {
  const wrong: string[] = [];
  let [runs, hits] = [0, 0];
  const runWith = async (at: number): Promise<number> => {
    const place = placeFor(known, parent);
    const many = 1;
    const { env, counts } = failing(shim, `${place.root}.count`, { call, error, at, many, under: under ?? place.root });
    const ended = await runIn(place, known, env);
    const [calls, failed] = counts();
    const fault: Fault = isSignal(error) && at > 0 ? { kind: 'signal', signal: error } : { kind: 'failure' };
    const found = wrongs(known, place, ended, fault);
    wrong.push(...found.map(what => `${call} ${at} of ${calls} fails with ${error}: ${what}`));
    place.remove();
    rmSync(`${place.root}.count`);
    if (at > 0) [runs, hits] = [runs + 1, hits + (failed > 0 ? 1 : 0)];
    return calls;
  };
  const calls = await runWith(0);
  for (const at of chosen(calls, rounds, next)) await runWith(at);
  return { fault: `${call}: ${error}`, command: known.name, runs, hits, wrong };
}

/** `count` of the numbers from 1 to `last`, in order. */
function chosen(last: number, count: number, next: () => number): number[] {
  const all = Array.from({ length: last }, (_, i) => i + 1);
  if (last <= count) return all;
  const picked = new Set([1, last].slice(0, count));
  while (picked.size < count) picked.add(1 + (next() % last));
  return [...picked].sort((a, b) => a - b);
}
