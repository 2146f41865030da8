import type { ListedKind } from '../model/listing.js';

/** Typeflags of what kheaders-pack archives, by kind. */
export const TYPEFLAGS = { regular: '0', hardlink: '1', symlink: '2', directory: '5' } as const;
export type Typeflag = (typeof TYPEFLAGS)[keyof typeof TYPEFLAGS];

/** Typeflags that have no content, whatever their size field says: programs disagree on what a size means there. */
export const WITHOUT_CONTENT = '123456';

const KINDS: Readonly<Record<string, ListedKind>> = {
  '0': 'regular',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character device',
  '4': 'block device',
  '5': 'directory',
  '6': 'FIFO',
  '7': 'regular',
  // GNU tar's incremental backups: a directory and the names in it, which only matter for deleting.
  D: 'directory',
  M: 'continuation',
  S: 'sparse file',
  V: 'label',
};

/** What an entry of any tar is, as `EntryDecoder` gives its typeflag. */
export function kindOf({ typeflag }: { readonly typeflag: string }): ListedKind {
  return KINDS[typeflag] ?? 'unknown';
}
