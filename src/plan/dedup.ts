import type { BytePath } from '../bytes/bytePath.js';
import type { PlannedEntry } from '../model/plan.js';

/**
 * Regular files with the same content as an earlier one become hard links to it. Empty files stay as they are: a link
 * would save nothing. A link is the same file, so its mode has to be the same as well.
 */
export class DuplicateLinker {
  /** By mode, then by digest. */
  readonly #firstWith = new Map<number, Map<string, BytePath>>();

  /** @param entry the next one in the archive's order */
  link(entry: PlannedEntry): PlannedEntry {
    if (entry.kind !== 'regular' || entry.size === 0) return entry;
    const { name, mode, source } = entry;
    const firstWith = this.#ofMode(mode);
    const target = firstWith.get(source.digest);
    if (target !== undefined) return { kind: 'hardlink', name, mode, target };
    firstWith.set(source.digest, name);
    return entry;
  }

  #ofMode(mode: number): Map<string, BytePath> {
    const known = this.#firstWith.get(mode);
    if (known !== undefined) return known;
    const made = new Map<string, BytePath>();
    this.#firstWith.set(mode, made);
    return made;
  }
}
