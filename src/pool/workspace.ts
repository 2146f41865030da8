import { releasable, release } from '../bytes/releasable.js';

/** Files up to this many bytes share one buffer. */
const SMALL_FILE = 2 ** 20;

/**
 * The buffers of a worker thread. They serve one task after the other, because buffers made anew for each task pile up
 * faster than they are collected (490 MiB instead of 250 over a whole kernel tree). Only the memory is kept: no task
 * reads what an earlier one left there.
 *
 * A large file gets a buffer of its own, which is given back before the encoder needs the room.
 */
export class Workspace {
  readonly #small = new Uint8Array(SMALL_FILE);
  #large = new Uint8Array(0);
  #block = new Uint8Array(0);

  /** Room for a file, with whatever bytes are in it, until the next call or `releaseFile`. */
  fileRoom(size: number): Uint8Array {
    this.releaseFile();
    if (size <= SMALL_FILE) return this.#small.subarray(0, size);
    this.#large = releasable(size);
    return this.#large;
  }

  releaseFile(): void {
    release(this.#large);
  }

  /** Room for a Block's tar bytes, all zero, until the next call. */
  blockRoom(size: number): Uint8Array {
    if (this.#block.length < size) this.#block = new Uint8Array(size);
    return this.#block.subarray(0, size).fill(0);
  }
}
