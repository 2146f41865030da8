import type { BytePath } from '../../bytes/bytePath.js';
import { Patterns } from '../../tree/patterns.js';
import { plainName } from './memberName.js';

/** What patterns ask for, and which of them have found nothing. Without patterns everything is wanted. */
export class Wanted {
  readonly isEverything: boolean;
  readonly #patterns: Patterns;
  readonly #unmet: Set<string>;

  /** @param patterns see `tree/patterns.ts` */
  constructor(patterns: readonly string[]) {
    this.isEverything = patterns.length === 0;
    this.#patterns = new Patterns(patterns);
    this.#unmet = new Set(patterns);
  }

  /** Patterns that nothing has matched so far. */
  get unmet(): readonly string[] {
    return [...this.#unmet];
  }

  /** @param name a member's, however it is written */
  isWanted(name: BytePath): boolean {
    if (this.isEverything) return true;
    const met = this.#patterns.matching(plainName(name));
    for (const pattern of met) this.#unmet.delete(pattern);
    return met.length > 0;
  }
}
