import { constants } from 'node:os';
import { putAllRight, whenFirstPending } from '../flow/suddenEnd.js';

/** All that ends a process by default and can be caught, but for faults of its own. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGUSR2'] as const;

const INIT = 1;

/**
 * From the moment on that there is something to put right, puts it right on a signal and then dies of it, so that the
 * parent sees 130, 143 or 129 (128 + number) and knows why. Until then a signal does what it does to any program: a
 * handler would have to wait for whatever the main thread does, such as a walk over a slow file server.
 *
 * The process ends at once instead of unwinding: workers may be deep in native code for seconds, and stopping a thread
 * there is not safe, while the kernel may stop a process anywhere.
 */
export function dieOfSignals(): void {
  whenFirstPending(listen);
  // Signals without a handler are ignored by a process that is its own init.
  if (process.pid === INIT) listen();
}

function listen(): void {
  whenFirstPending(() => undefined);
  for (const signal of SIGNALS) process.once(signal, () => dieOf(signal));
  // With a listener, what would be too large (ulimit -f) fails with EFBIG, and is told as any failure to write.
  process.on('SIGXFSZ', () => undefined);
}

/** Ends the process as the signal does, all put right before. */
export function dieOf(signal: NodeJS.Signals): never {
  putAllRight();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Only init is still here.
  process.exit(128 + constants.signals[signal]);
}
