import { createHash } from 'node:crypto';
import type { Sized } from '../../model/archiveIndex.js';

/** A part of a file, in bytes. */
export interface Range {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Takes the digest of a file, and of parts of it that do not overlap, while its bytes pass by. */
export class RangeHasher {
  readonly #whole = createHash('sha256');
  readonly #ranges: readonly Range[];
  /** Of the ranges that were passed whole, in their order. */
  readonly digests: string[] = [];
  #part = createHash('sha256');
  #at = 0;

  /** @param ranges in ascending order, none empty */
  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
  }

  update(bytes: Uint8Array): void {
    this.#whole.update(bytes);
    const end = this.#at + bytes.length;
    for (let range = this.#current(); range !== undefined && range.from < end; range = this.#current()) {
      const from = Math.max(range.from - this.#at, 0);
      this.#part.update(bytes.subarray(from, Math.min(range.to, end) - this.#at));
      if (range.to > end) break;
      this.digests.push(this.#part.digest('hex'));
      this.#part = createHash('sha256');
    }
    this.#at = end;
  }

  /** What passed by in all. Once only. */
  whole(): Sized {
    return { size: this.#at, sha256: this.#whole.digest('hex') };
  }

  #current(): Range | undefined {
    return this.#ranges[this.digests.length];
  }
}
