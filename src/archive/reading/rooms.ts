import { discard } from '../../bytes/releasable.js';

/** Smaller contents are not worth the keeping: the C library uses their memory again by itself. */
const SIZE_MIN = 2 ** 20;

/**
 * The memory of contents that have been read, for those to come. New memory is given page by page when it is first
 * written, which takes a tenth of the time that decoding into it does.
 */
export class Rooms {
  readonly #free: ArrayBuffer[] = [];

  /** Memory for so many bytes or more; null where none is free. One that is too small goes, so that as many stay as were used. */
  take(size: number): ArrayBuffer | null {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= size);
    if (at !== -1) return this.#free.splice(at, 1)[0] ?? null;
    const small = this.#free.shift();
    if (small !== undefined) discard(new Uint8Array(small));
    return null;
  }

  /** The memory of a content that nobody looks at any more. */
  giveBack(content: Uint8Array): void {
    const { buffer } = content;
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= SIZE_MIN) this.#free.push(buffer);
    else discard(content);
  }

  clear(): void {
    for (const buffer of this.#free.splice(0)) discard(new Uint8Array(buffer));
  }
}
