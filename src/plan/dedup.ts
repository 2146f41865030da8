import type { BytePath } from '../bytes/bytePath.js';
import type { PlannedEntry } from '../model/plan.js';

/**
 * Regular files with the same content as an earlier one become hard links to it. Empty files stay as they are: a link
 * would save nothing. A link is the same file, so its mode has to be the same as well.
 */
export class DuplicateLinker {
  readonly #firstWith = new Map<string, BytePath>();

  /** @param entry the next one in the archive's order */
  link(entry: PlannedEntry): PlannedEntry {
    if (entry.kind !== 'regular' || entry.size === 0) return entry;
    const key = `${entry.mode} ${entry.source.digest}`;
    const target = this.#firstWith.get(key);
    if (target !== undefined) return { kind: 'hardlink', name: entry.name, mode: entry.mode, target };
    this.#firstWith.set(key, entry.name);
    return entry;
  }
}
