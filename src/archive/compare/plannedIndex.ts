import { fromLatin1 } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { Plan } from '../../model/plan.js';
import { metadataOf } from '../../plan/plan.js';
import { entryHeaderSize, entrySize } from '../../tar/entryHeader.js';

const UNNAMED = fromLatin1('');

/** What all entry headers of ours state. */
export const STATED_BY_ALL = {
  uid: 0,
  gid: 0,
  uname: UNNAMED,
  gname: UNNAMED,
  devmajor: 0,
  devminor: 0,
  format: 'gnu',
} as const;

/** The entries that a plan's tar will have, as reading that tar would find them. */
export function plannedEntries(plan: Plan): IndexedEntry[] {
  let offset = 0;
  return plan.entries.map(entry => {
    const metadata = metadataOf(entry, plan.mtime);
    const at = offset;
    offset += entrySize(metadata);
    return {
      offset: at,
      contentOffset: at + entryHeaderSize(metadata),
      sha256: entry.kind === 'regular' ? entry.source.digest : null,
      ...metadata,
      ...STATED_BY_ALL,
    };
  });
}
