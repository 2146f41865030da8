import { putAllRight } from '../flow/suddenEnd.js';
import { EXIT, exitCodeOf, report } from './exit.js';
import { limitHeapGrowth } from './heapGrowth.js';
import { dieOfSignals } from './signals.js';

/**
 * Runs a command line in a process of its own, and gives the exit code.
 *
 * @param run gives it, or throws what is to be told
 */
export async function startWith(
  args: readonly string[],
  run: (args: readonly string[]) => Promise<number>,
): Promise<number> {
  limitHeapGrowth();
  dieOfSignals();
  process.on('uncaughtException', error => {
    // Nobody can be told that nobody can be told. What was asked for does not depend on it.
    if (process.stderr.errored === error) return;
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
