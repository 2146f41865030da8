import { type BytePath, withoutSlashes } from '../../bytes/bytePath.js';
import { pathFilter } from '../../tree/patterns.js';
import { withoutDot } from './memberName.js';

/** What patterns ask for, and which of them have found nothing. Without patterns everything is wanted. */
export class Wanted {
  readonly isEverything: boolean;
  readonly #matchers: { readonly pattern: string; readonly matches: (path: BytePath) => boolean }[];
  readonly #unmet: Set<string>;

  /** @param patterns see `tree/patterns.ts` */
  constructor(patterns: readonly string[]) {
    this.isEverything = patterns.length === 0;
    this.#matchers = patterns.map(pattern => ({ pattern, matches: pathFilter([pattern], []) }));
    this.#unmet = new Set(patterns);
  }

  /** Patterns that nothing has matched so far. */
  get unmet(): readonly string[] {
    return [...this.#unmet];
  }

  /** @param name a member's, with or without `./` before and a slash behind it */
  isWanted(name: BytePath): boolean {
    if (this.isEverything) return true;
    const path = withoutSlashes(withoutDot(name));
    // Every pattern is tried, so that each that matches something counts as met.
    const met = this.#matchers.filter(({ matches }) => matches(path));
    for (const { pattern } of met) this.#unmet.delete(pattern);
    return met.length > 0;
  }
}
