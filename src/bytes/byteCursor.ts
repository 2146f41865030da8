import { Piece } from './piece.js';

const NOTHING = new Piece(new Uint8Array(0));

/**
 * Reads bytes that come in pieces of any size, from front to back, and copies only what lies across two pieces. What it
 * gives is good until more is asked for.
 */
export class ByteCursor {
  readonly #pieces: AsyncIterator<Uint8Array, unknown, undefined>;
  #piece = NOTHING;
  /** Bytes of the piece that have been given. */
  #given = 0;
  #isEnded = false;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `size` bytes where they are there in one piece, without waiting for anything; null where they are not. */
  ready(size: number): Buffer | null {
    return this.#piece.bytes.length - this.#given < size ? null : this.#give(size);
  }

  /** The piece in hand, `at` bytes of which have been given. */
  get piece(): Piece {
    return this.#piece;
  }

  get at(): number {
    return this.#given;
  }

  /** Passes over `size` bytes where they are there in one piece; false where they are not. */
  skipReady(size: number): boolean {
    if (this.#piece.bytes.length - this.#given < size) return false;
    this.#given += size;
    return true;
  }

  /** The next `size` bytes in one piece, or fewer where the bytes end before. */
  async take(size: number): Promise<Buffer> {
    const first = await this.some(size);
    if (first === null || first.length === size) return first ?? NOTHING.bytes;
    // A part may be gone once the next piece is asked for.
    const parts = [new Uint8Array(first)];
    let length = first.length;
    while (length < size) {
      const part = await this.some(size - length);
      if (part === null) break;
      parts.push(new Uint8Array(part));
      length += part.length;
    }
    return Buffer.concat(parts, length);
  }

  /** At least one and at most `size` bytes, as they lie; null at the end. */
  async some(size: number): Promise<Buffer | null> {
    while (this.#piece.bytes.length === this.#given) {
      if (this.#isEnded) return null;
      // The piece may be gone, or be another one, from here on.
      this.#piece = NOTHING;
      this.#given = 0;
      const { done, value } = await this.#pieces.next();
      if (done === true) this.#isEnded = true;
      else this.#piece = new Piece(value);
    }
    return this.#give(Math.min(size, this.#piece.bytes.length - this.#given));
  }

  /** Passes over `size` bytes; false where the bytes end before. */
  async skip(size: number): Promise<boolean> {
    for (let left = size; left > 0; ) {
      const part = await this.some(left);
      if (part === null) return false;
      left -= part.length;
    }
    return true;
  }

  /** Reads no further: whoever makes the bytes may clean up. */
  async close(): Promise<void> {
    this.#piece = NOTHING;
    this.#given = 0;
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#pieces.return?.();
  }

  #give(size: number): Buffer {
    const from = this.#given;
    this.#given += size;
    return this.#piece.bytes.subarray(from, this.#given);
  }
}
