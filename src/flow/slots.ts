/** Permission to keep one processor busy. Work that finds no slot free waits for one, first come, first served. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** As many slots as there is work: the number of workers is the only limit. */
export const UNLIMITED: Slots = { run: work => work() };

/** Slots that tell work which of them it has, from 0 on: no two at a time have the same. */
export interface NumberedSlots extends Slots {
  run<T>(work: (slot: number) => Promise<T>): Promise<T>;
}

/** So many pieces of work at a time. */
export function slots(count: number): NumberedSlots {
  const waiting: ((slot: number) => void)[] = [];
  const free = Array.from({ length: count }, (_, slot) => slot);
  return {
    async run(work) {
      // Whoever leaves hands its slot over.
      const slot = free.pop() ?? (await new Promise<number>(resolve => waiting.push(resolve)));
      try {
        return await work(slot);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(slot);
        else next(slot);
      }
    },
  };
}

/** One piece of work at a time. */
export function oneSlot(): Slots {
  return slots(1);
}
