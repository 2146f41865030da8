import { type BytePath, printable } from '../bytes/bytePath.js';
import type { BlockInput } from '../pool/protocol.js';
import type { Found } from './entry.js';

/** What a pack can say of its files, to explain why a Block was not in the cache. */
export interface FileNews {
  /** Whether an earlier pack left anything about these trees. */
  readonly isFirst: boolean;
  /** Members whose content is not what the earlier pack found, and what became of them. */
  readonly changed: ReadonlyMap<BytePath, 'changed' | 'new'>;
  /** Files that are no longer there. */
  readonly removed: number;
}

export const NO_NEWS: FileNews = { isFirst: true, changed: new Map(), removed: 0 };

/** Files that are named before the rest is counted. */
const NAMED_MAX = 3;

/**
 * Why a Block has to be compressed.
 *
 * @param here what this machine's cache had
 * @param there what the server's had
 */
export function missReason(input: BlockInput, here: Found, there: Found, news: FileNews): string {
  if (here.kind === 'dropped') return `its entry in the cache was ${here.reason}`;
  if (there.kind === 'dropped') return `what the server has was ${there.reason}`;
  if (input.kind !== 'entries') return 'not in the cache';
  const changes = input.entries.flatMap(({ name }) => {
    const what = news.changed.get(name);
    return what === undefined ? [] : [`${printable(name)} is ${what}`];
  });
  if (changes.length > NAMED_MAX) {
    return `${changes.slice(0, NAMED_MAX).join(', ')}, and so are ${changes.length - NAMED_MAX} more`;
  }
  if (changes.length > 0) return changes.join(', ');
  if (news.isFirst) return 'the first pack of these files with this cache';
  if (news.removed > 0) return `cut differently, or with fewer files: ${news.removed} were removed`;
  return 'cut differently, packed with other settings, or no longer in the cache';
}
