/**
 * Loaded into a child by `verify --vary`, before the program and in each of its threads: makes what must not matter
 * different. Directories are read in another order, and Blocks arrive in another one, because some files take longer to
 * open. What is changed is said by KHEADERS_PACK_VARY, as JSON (`Disturbance`).
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread, threadId } from 'node:worker_threads';
import { DISTURBANCE_VARIABLE, type Disturbance } from './vary/disturbance.js';

/** One opening in so many takes longer, by up to so many milliseconds. */
const DELAYED = 48;
const DELAY_MAX = 40;

const { umask, directories, arrivals } = JSON.parse(process.env[DISTURBANCE_VARIABLE] ?? '{}') as Partial<Disturbance>;

/** Numbers from 0 to 2^32 - 1 by a linear congruence: the same seed gives the same disturbance. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

if (umask !== undefined && isMainThread) process.umask(umask);

if (directories !== undefined) {
  const next = numbersFrom(directories);
  const original = fs.readdirSync as (...args: unknown[]) => unknown[];
  const shuffled = (...args: unknown[]): unknown[] =>
    original(...args)
      .map(entry => ({ entry, key: next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ entry }) => entry);
  fs.readdirSync = shuffled as typeof fs.readdirSync;
}

if (arrivals !== undefined && !isMainThread) {
  const next = numbersFrom(arrivals * 1_000 + threadId);
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const original = fs.openSync;
  fs.openSync = (...args) => {
    if ((next() >>> 8) % DELAYED === 0) Atomics.wait(clock, 0, 0, (next() >>> 8) % DELAY_MAX);
    return original(...args);
  };
}

syncBuiltinESMExports();
