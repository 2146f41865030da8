import { xorshift } from '../bytes/xorshift.js';

/** Choices that follow from a seed. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    // xorshift stays at 0 for ever.
    this.#next = xorshift(Math.max(1, seed >>> 0));
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return this.#next() % limit;
  }

  /** True once in `times` times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Mostly small, now and then up to `limit - 1`. */
  small(limit: number): number {
    return this.below(1 + this.below(limit));
  }
}
