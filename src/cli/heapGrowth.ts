import { setFlagsFromString } from 'node:v8';

/**
 * How much larger V8 may let a heap grow than what lives in it, in per cent, before it collects the old generation. By itself
 * it goes up to 300 where a program allocates fast, as we do until the plan is settled; collecting more often costs less than
 * can be measured. A V8 that did not know the flag would say so on standard error: a test asks.
 */
const HEAP_GROWING_PERCENT = 50;

/** For this process, and the threads that it will start. Not for the library: the process is another program's there. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}
