/** `PIXZ_INDEX_MAGIC` of pixz's `pixz.h`, little-endian as all of its numbers. */
export const PIXZ_MAGIC = Uint8Array.of(0xa6, 0x4c, 0x32, 0x2e, 0xd6, 0x14, 0xae, 0xdb);
/** Bytes of the offset behind each name. */
const OFFSET_SIZE = 8;

/**
 * Follows the index that pixz writes behind a tar, unless it is told not to (`-t`), so that it can extract a member by
 * itself: its magic, for each member a name with a NUL behind it and an offset, and at the end an empty name and an
 * offset. It is no part of the tar, and all other programs pass over it.
 */
export class PixzIndex {
  #state: 'magic' | 'name' | 'offset' | 'end' = 'magic';
  /** Bytes taken of the magic, the name or the offset. */
  #taken = 0;
  #isLast = false;

  get isWhole(): boolean {
    return this.#state === 'end';
  }

  /** Takes the next bytes; false where one of them is none of an index. */
  accept(bytes: Uint8Array): boolean {
    return bytes.every(byte => this.#take(byte));
  }

  #take(byte: number): boolean {
    this.#taken++;
    switch (this.#state) {
      case 'magic':
        if (byte !== PIXZ_MAGIC[this.#taken - 1]) return false;
        if (this.#taken === PIXZ_MAGIC.length) this.#enter('name');
        return true;
      case 'name':
        if (byte !== 0) return true;
        this.#isLast = this.#taken === 1;
        this.#enter('offset');
        return true;
      case 'offset':
        if (this.#taken === OFFSET_SIZE) this.#enter(this.#isLast ? 'end' : 'name');
        return true;
      case 'end':
        return false;
    }
  }

  #enter(state: 'name' | 'offset' | 'end'): void {
    this.#state = state;
    this.#taken = 0;
  }
}
