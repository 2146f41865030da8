/** Bytes that wait, in the order they came. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /**
   * Takes the first `size` bytes, in a buffer of their own that may be transferred.
   *
   * @throws RangeError when fewer wait
   */
  take(size: number): Uint8Array {
    if (size > this.#length) throw new RangeError(`${size} bytes wanted, ${this.#length} wait`);
    const taken = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const chunk = this.#chunks.shift() ?? new Uint8Array(0);
      const part = chunk.subarray(0, size - at);
      taken.set(part, at);
      at += part.length;
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(part.length));
    }
    this.#length -= size;
    return taken;
  }
}
