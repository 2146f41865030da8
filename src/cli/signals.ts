import { constants } from 'node:os';
import { removeTemporaryFiles } from '../archive/temporaryFiles.js';
import { returnTokens } from '../kbuild/jobserver.js';

/** All that ends a process by default and can be caught, but for faults of its own. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGUSR2'] as const;

/** Puts right what outlives the process: temporary files, and the tokens of make's jobserver. */
export function cleanUp(): void {
  removeTemporaryFiles();
  returnTokens();
}

/**
 * Cleans up on a signal and then dies of it, so that the parent sees 130, 143 or 129 (128 + number) and knows why.
 *
 * The process ends at once instead of unwinding: workers may be deep in native code for seconds, and stopping a thread
 * there is not safe, while the kernel may stop a process anywhere.
 */
export function dieOfSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      cleanUp();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      // Only a process that is its own init is still here: there, signals without a handler are ignored.
      process.exit(128 + constants.signals[signal]);
    });
  }
}
