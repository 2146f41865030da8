import { TarFault } from './fault.js';
import { PixzIndex } from './pixzIndex.js';

/**
 * Follows what lies behind the end of a tar: only zeros may, and pixz's index. GNU tar takes anything there without a word,
 * and so reads the first of two tars that were joined with `cat`.
 */
export class AfterEnd {
  readonly #index = new PixzIndex();
  #isIndex = false;
  /** Where the zeros have ended so far. */
  #offset: number;

  /** @param offset in the tar, of the first byte behind its end */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** @throws TarFault when there are other bytes */
  push(bytes: Uint8Array): void {
    const other = this.#isIndex ? 0 : firstNonZero(bytes);
    if (!this.#isIndex) this.#offset += other === -1 ? bytes.length : other;
    if (other === -1) return;
    this.#isIndex = true;
    if (!this.#index.accept(bytes.subarray(other))) throw this.#otherBytes();
  }

  /** @throws TarFault when the index is not whole */
  finish(): void {
    if (this.#isIndex && !this.#index.isWhole) throw this.#otherBytes();
  }

  #otherBytes(): TarFault {
    const words = 'other bytes than zeros follow the end of the archive, such as those of another tar';
    return new TarFault(this.#offset, words);
  }
}

/** Index of the first byte that is not zero, or -1. */
function firstNonZero(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return i;
  return -1;
}
