import { putAllRight } from '../flow/suddenEnd.js';
import { EXIT, exitCodeOf, report } from './exit.js';
import { limitHeapGrowth } from './heapGrowth.js';
import { dieOfSignals } from './signals.js';

/**
 * Milliseconds after which heaps are limited, or when this thread is next idle: threads have started by then, and heaps are
 * small still (`diff` of 30,000 headers: 59 MB). V8 takes the code that Node has of its own modules for the flags alone that
 * it was made with, so a thread that starts afterwards takes 77 ms instead of 38 until it runs.
 */
const HEAP_LIMITED_AFTER = 300;

/**
 * Runs a command line in a process of its own, and gives the exit code.
 *
 * @param run gives it, or throws what is to be told
 */
export async function startWith(
  args: readonly string[],
  run: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  setTimeout(limitHeapGrowth, HEAP_LIMITED_AFTER).unref();
  dieOfSignals();
  // Nobody can be told that nobody can be told. What was asked for does not depend on it.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', error => {
    putAllRight();
    report(error);
    process.exit(EXIT.trouble);
  });
  try {
    return await run(args);
  } catch (error) {
    report(error);
    return exitCodeOf(error);
  }
}
