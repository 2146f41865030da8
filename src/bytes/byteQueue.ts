/** Bytes that wait, in the order they came. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#length;
  }

  /** The bytes are the queue's from now on. */
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
    this.#require(size);
    const taken = new Uint8Array(size);
    let at = 0;
    for (const part of this.#parts(size)) {
      taken.set(part, at);
      at += part.length;
    }
    return taken;
  }

  /**
   * Takes the first `size` bytes in pieces, each of which is all of its buffer: as they came, but for those of which more
   * is wanted, and those whose buffer is somebody's.
   *
   * @throws RangeError when fewer wait
   */
  takePieces(size: number): Uint8Array[] {
    this.#require(size);
    return Array.from(this.#parts(size), part =>
      part.length === part.buffer.byteLength ? part : new Uint8Array(part),
    );
  }

  #require(size: number): void {
    if (size > this.#length) throw new RangeError(`${size} bytes wanted, ${this.#length} wait`);
  }

  *#parts(size: number): Generator<Uint8Array, void, undefined> {
    this.#length -= size;
    for (let left = size; left > 0; ) {
      const chunk = this.#chunks.shift() ?? new Uint8Array(0);
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length < chunk.length) this.#chunks.unshift(chunk.subarray(part.length));
      yield part;
    }
  }
}
