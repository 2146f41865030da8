import { setImmediate } from 'node:timers/promises';

/**
 * Synchronous work in pieces: a generator that yields nothing but a chance for others. Signals are taken between turns of
 * the event loop alone, and so is everything else that must not wait for a slow file system.
 */
export type Steps<T> = Generator<void, T, undefined>;

/** Does all of it in one go. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it with a turn for others after every so many steps. */
export async function inTurns<T>(steps: Steps<T>, every: number): Promise<T> {
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (count % every === 0) await setImmediate();
  }
}
