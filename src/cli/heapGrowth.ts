import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * How much larger V8 may let a heap grow than what lives in it, in per cent, before it collects the old generation. By itself
 * it goes up to 300 where a program allocates fast, as we do until the plan is settled; collecting more often costs less than
 * can be measured. A V8 that did not know the flag would say so on standard error: a test asks.
 */
const HEAP_GROWING_PERCENT = 50;

/** For this process and its threads. Not for the library: the process is another program's there. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}

/** In a smaller heap there is nothing worth the time, in bytes. */
const WORTH_COLLECTING = 40 * 2 ** 20;

/**
 * Collects garbage now, and moves what lives together, where there may be much of it: before a stage in which this thread
 * allocates next to nothing, so that what the stage before left would stay beside all that others need. V8 gives `gc` to
 * contexts that are made after it was told to.
 */
export function collectGarbage(): void {
  if (getHeapStatistics().used_heap_size < WORTH_COLLECTING) return;
  setFlagsFromString('--expose-gc');
  setFlagsFromString('--compact-on-every-full-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect();
  setFlagsFromString('--no-compact-on-every-full-gc');
}
