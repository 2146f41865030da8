import { type BytePath, fromLatin1 } from '../../bytes/bytePath.js';
import { pathFilter } from '../../tree/patterns.js';
import { safePath } from './safePath.js';

export interface SelectionSettings {
  readonly patterns: readonly string[];
  /** Leading components that are taken off; entries with no more than these are left out. */
  readonly stripComponents: number;
  /** The directory of a bundle whose contents are wanted, or null for all. */
  readonly kernel: BytePath | null;
}

/** Which entries are wanted, and where they go. */
export class Selection {
  readonly isEverything: boolean;
  readonly #settings: SelectionSettings;
  readonly #matchers: { readonly pattern: string; readonly matches: (path: BytePath) => boolean }[];
  /** What was asked for and has not been met so far. */
  readonly #unmet: Set<string>;
  #kernelIsThere: boolean;

  constructor(settings: SelectionSettings) {
    this.#settings = settings;
    this.#matchers = settings.patterns.map(pattern => ({ pattern, matches: pathFilter([pattern], []) }));
    this.#unmet = new Set(settings.patterns);
    this.#kernelIsThere = settings.kernel === null;
    this.isEverything = settings.patterns.length === 0 && settings.stripComponents === 0 && settings.kernel === null;
  }

  /** Patterns that no entry has matched so far, and the kernel where it is not there. */
  get unmet(): readonly string[] {
    return this.#kernelIsThere ? [...this.#unmet] : [this.#settings.kernel ?? ''];
  }

  /**
   * Where an entry goes below the target; the empty path is the target itself, null what is not wanted.
   *
   * @throws Refusal for a wanted entry whose name is not safe
   */
  placeOf(name: BytePath): BytePath | null {
    const inside = this.#insideKernel(name === '' ? name : fromLatin1(name.replace(/^(?:\.\/+)+/, '') || '.'));
    if (inside === null || !this.#isMatched(inside)) return null;
    const path = safePath(inside);
    const { stripComponents } = this.#settings;
    if (stripComponents === 0) return path;
    const components = path.split('/');
    return components.length > stripComponents ? fromLatin1(components.slice(stripComponents).join('/')) : null;
  }

  #insideKernel(name: BytePath): BytePath | null {
    const { kernel } = this.#settings;
    if (kernel === null) return name;
    if (name !== kernel && !name.startsWith(`${kernel}/`)) return null;
    this.#kernelIsThere = true;
    return fromLatin1(name.slice(kernel.length + 1) || '.');
  }

  /** Every pattern is tried, so that each that matches something counts as met. */
  #isMatched(name: BytePath): boolean {
    if (this.#matchers.length === 0) return true;
    const path = fromLatin1(name.replace(/\/+$/, ''));
    const met = this.#matchers.filter(({ matches }) => matches(path));
    for (const { pattern } of met) this.#unmet.delete(pattern);
    return met.length > 0;
  }
}
