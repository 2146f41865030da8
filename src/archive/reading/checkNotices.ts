import { checkNameOf, checkOfId } from '../../xz/check.js';

/** What a person should know of a Check, or null. Said once per ID. */
export class CheckNotices {
  readonly #onNotice: (notice: string) => void;
  readonly #said = new Set<number>();

  constructor(onNotice: (notice: string) => void) {
    this.#onNotice = onNotice;
  }

  /** @param id a Stream's Check */
  see(id: number): void {
    if (checkOfId(id) !== null || this.#said.has(id)) return;
    this.#said.add(id);
    this.#onNotice(`Unsupported Check ${checkNameOf(id)}: the contents are decoded, and not verified`);
  }
}
