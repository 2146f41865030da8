import { badXz, type Place, placeAfter } from '../../errors.js';

/** Room for what is waited for grows from here, in bytes. */
const FIRST_ROOM = 2 ** 16;

/**
 * Bytes that are read in one direction, with as many of them in view as are asked for. It takes twice the memory of the
 * most that were in view, and of a piece.
 */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array, void, undefined>;
  #room = new Uint8Array(FIRST_ROOM);
  /** The bytes in view are `#room` from `#from` to `#to`. */
  #from = 0;
  #to = 0;
  #place: Place;

  /** @param start where the first byte lies */
  constructor(pieces: AsyncIterator<Uint8Array, void, undefined>, start: Place) {
    this.#pieces = pieces;
    this.#place = start;
  }

  /** Where the next byte lies. */
  get place(): Place {
    return this.#place;
  }

  /** Reads on until `size` bytes are in view, or all that there are. @returns how many are in view */
  async fill(size: number): Promise<number> {
    while (this.#to - this.#from < size) {
      const { done, value } = await this.#pieces.next();
      if (done === true) break;
      this.#append(value);
    }
    return this.#to - this.#from;
  }

  /**
   * Reads on until `size` bytes are in view.
   *
   * @param inside what the bytes belong to, for the message
   * @throws KheadersPackError `E_BAD_XZ` when there are fewer
   */
  async need(size: number, inside: string): Promise<void> {
    const found = await this.fill(size);
    if (found < size) throw badXz(placeAfter(this.#place, found), `the .xz data end early, inside ${inside}`);
  }

  /** Up to `size` of the bytes in view, `at` bytes from the next one. They change with the next `fill`. */
  view(at: number, size: number): Uint8Array {
    const from = Math.min(this.#to, this.#from + at);
    return this.#room.subarray(from, Math.min(this.#to, from + size));
  }

  /** Goes past bytes in view. */
  skip(size: number): void {
    if (size > this.#to - this.#from) throw new RangeError(`${size} bytes are not in view`);
    this.#from += size;
    this.#place = placeAfter(this.#place, size);
  }

  /** Goes past bytes in view, and gives them in a buffer of their own. */
  take(size: number): Uint8Array {
    const taken = this.view(0, size).slice();
    this.skip(size);
    return taken;
  }

  /** Bytes in view. */
  get inView(): number {
    return this.#to - this.#from;
  }

  #append(piece: Uint8Array): void {
    if (this.#to + piece.length > this.#room.length) this.#makeRoom(piece.length);
    this.#room.set(piece, this.#to);
    this.#to += piece.length;
  }

  /** Moves what is in view to the front; into twice the room when it is more than half of it, so that moves are few. */
  #makeRoom(size: number): void {
    const held = this.#room.subarray(this.#from, this.#to);
    const needed = held.length + size;
    const room = 2 * needed > this.#room.length ? new Uint8Array(2 * needed) : this.#room;
    // `set` copies rightly when both are the same buffer.
    room.set(held, 0);
    this.#room = room;
    this.#from = 0;
    this.#to = held.length;
  }
}
