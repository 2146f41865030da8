/** Permission to keep one processor busy. Work that finds no slot free waits for one, first come, first served. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** As many slots as there is work: the number of workers is the only limit. */
export const UNLIMITED: Slots = { run: work => work() };

/** So many pieces of work at a time. */
export function slots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(work) {
      if (free > 0) free--;
      // Whoever leaves hands its slot over.
      else await new Promise<void>(resolve => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}

/** One piece of work at a time. */
export function oneSlot(): Slots {
  return slots(1);
}
