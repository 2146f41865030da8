import type { BytePath } from '../bytes/bytePath.js';
import type { PlannedEntry } from '../model/plan.js';

/**
 * Regular files with the same content as an earlier one become hard links to it. Empty files stay as they are: a link
 * would save nothing. All regular entries have the same mode, so equal content is all that it takes.
 */
export function linkDuplicates(entries: readonly PlannedEntry[]): PlannedEntry[] {
  const firstWith = new Map<string, BytePath>();
  return entries.map(entry => {
    if (entry.kind !== 'regular' || entry.size === 0) return entry;
    const target = firstWith.get(entry.source.digest);
    if (target !== undefined) return { kind: 'hardlink', name: entry.name, target };
    firstWith.set(entry.source.digest, entry.name);
    return entry;
  });
}
