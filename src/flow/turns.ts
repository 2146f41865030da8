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

/**
 * Does it with a turn for others when this one has lasted for so many milliseconds. Steps that take no time are not counted:
 * a turn costs as much as ten files of a walk.
 */
export async function inTurns<T>(steps: Steps<T>, milliseconds: number): Promise<T> {
  for (let since = performance.now(); ; ) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < milliseconds) continue;
    await setImmediate();
    since = performance.now();
  }
}
