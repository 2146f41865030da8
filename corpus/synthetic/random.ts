/**
 * A small seeded generator (mulberry32, by Tommy Ettinger, public domain): integer arithmetic only, so that every
 * machine and every Node version makes the same tree from the same seed. Not for secrets.
 */
export class Random {
  #state: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A generator of its own for one name: what one file draws never moves another file's bytes. */
  static of(seed: number, name: string): Random {
    let hash = (0x811c9dc5 ^ seed) | 0;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    const random = new Random(hash);
    random.next();
    return random;
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 to `bound` - 1. */
  below(bound: number): number {
    return this.next() % bound;
  }

  /** `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True `percent` times in a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)];
    if (chosen === undefined) throw new RangeError('Cannot pick from an empty list');
    return chosen;
  }
}
