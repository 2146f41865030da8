import type { Extent } from '../../pool/decodeProtocol.js';

/** Which slots of a decoder hold a content that is decoded, or that somebody looks at. */
export class Slots {
  readonly #used = new Set<number>();
  /** The one that all have of whose contents only excerpts are wanted: they come one after the other, and nobody looks at it. */
  #shared = { slot: 0, users: 0 };

  get used(): number {
    return this.#used.size;
  }

  /** The first that is free. */
  take(extent: Extent): number {
    if (extent === 'all') return this.#takeFirst();
    if (this.#shared.users === 0) this.#shared.slot = this.#takeFirst();
    this.#shared.users++;
    return this.#shared.slot;
  }

  free(slot: number, extent: Extent): void {
    if (extent === 'all' || --this.#shared.users === 0) this.#used.delete(slot);
  }

  #takeFirst(): number {
    let slot = 0;
    while (this.#used.has(slot)) slot++;
    this.#used.add(slot);
    return slot;
  }
}
