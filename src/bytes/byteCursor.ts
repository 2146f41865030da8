/**
 * Reads bytes that come in pieces of any size, from front to back, and copies only what lies across two pieces. What it
 * gives is good until more is asked for.
 */
export class ByteCursor {
  readonly #pieces: AsyncIterator<Uint8Array, unknown, undefined>;
  #piece: Uint8Array = new Uint8Array(0);
  #isEnded = false;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `size` bytes in one piece, or fewer where the bytes end before. */
  async take(size: number): Promise<Uint8Array> {
    const first = await this.some(size);
    if (first === null || first.length === size) return first ?? new Uint8Array(0);
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
  async some(size: number): Promise<Uint8Array | null> {
    while (this.#piece.length === 0) {
      if (this.#isEnded) return null;
      const { done, value } = await this.#pieces.next();
      if (done === true) this.#isEnded = true;
      else this.#piece = value;
    }
    const part = this.#piece.subarray(0, size);
    this.#piece = this.#piece.subarray(part.length);
    return part;
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
    this.#piece = new Uint8Array(0);
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#pieces.return?.();
  }
}
