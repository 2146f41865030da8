/** Which slots of a decoder hold a content that somebody writes or looks at. */
export class Slots {
  readonly #used = new Set<number>();

  get used(): number {
    return this.#used.size;
  }

  /** The first that is free. */
  take(): number {
    let slot = 0;
    while (this.#used.has(slot)) slot++;
    this.#used.add(slot);
    return slot;
  }

  free(slot: number): void {
    this.#used.delete(slot);
  }
}
