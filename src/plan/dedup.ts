import type { BytePath } from '../bytes/bytePath.js';
import type { PlannedEntry } from '../model/plan.js';

/**
 * Regular files with the same content as an earlier one become hard links to it. Empty files stay as they are: a link
 * would save nothing. A link is the same file, so its mode has to be the same as well.
 */
export function linkDuplicates(entries: readonly PlannedEntry[]): PlannedEntry[] {
  const firstWith = new Map<string, BytePath>();
  return entries.map(entry => {
    if (entry.kind !== 'regular' || entry.size === 0) return entry;
    const key = `${entry.mode} ${entry.source.digest}`;
    const target = firstWith.get(key);
    if (target !== undefined) return { kind: 'hardlink', name: entry.name, mode: entry.mode, target };
    firstWith.set(key, entry.name);
    return entry;
  });
}
