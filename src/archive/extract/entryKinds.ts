import type { WrittenKind } from '../../model/extract.js';
import type { ListedKind } from '../../model/listing.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { kindOf } from '../../tar/kinds.js';
import { Refusal } from './refusal.js';

const SPECIAL_BITS = 0o7000;

/**
 * What is made of an entry that is no label. Every kind has its verdict.
 *
 * @throws Refusal for what is not extracted
 */
export function writtenKindOf(entry: TarEntry): WrittenKind {
  const kind = kindOf(entry);
  if (!isWritten(kind)) throw new Refusal(refusedAs(kind, entry.typeflag));
  // A hard link's mode counts where it becomes a file of its own. Those of symbolic links mean nothing.
  if (kind !== 'symlink' && (entry.mode & SPECIAL_BITS) !== 0) {
    throw new Refusal(`its mode ${entry.mode.toString(8)} sets setuid, setgid or sticky`);
  }
  return kind;
}

function isWritten(kind: ListedKind): kind is WrittenKind {
  return kind === 'regular' || kind === 'hardlink' || kind === 'symlink' || kind === 'directory';
}

function refusedAs(kind: Exclude<ListedKind, WrittenKind>, typeflag: string): string {
  switch (kind) {
    case 'sparse file':
      return 'a sparse file, which is not supported';
    case 'continuation':
      return 'the rest of a file whose beginning is in another volume';
    case 'unknown':
      return `an entry of unknown type ${JSON.stringify(typeflag)}`;
    default:
      return `a ${kind}`;
  }
}
