/** Permission to keep one processor busy. Work that finds no slot free waits for one, first come, first served. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** As many slots as there is work: the number of workers is the only limit. */
export const UNLIMITED: Slots = { run: work => work() };

/** One piece of work at a time. */
export function oneSlot(): Slots {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const result = last.then(work);
      last = result.catch(() => undefined);
      return result;
    },
  };
}
