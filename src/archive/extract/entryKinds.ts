import type { WrittenKind } from '../../model/extract.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { Refusal } from './refusal.js';

const KINDS: Readonly<Record<string, WrittenKind>> = {
  '0': 'regular',
  '7': 'regular',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
  // GNU tar's incremental backups: a directory and the names in it, which only matter for deleting.
  D: 'directory',
};

const REFUSED: Readonly<Record<string, string>> = {
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a FIFO',
  S: 'a sparse file, which is not supported',
  M: 'the rest of a file whose beginning is in another volume',
};

const SPECIAL_BITS = 0o7000;

/** Whether it is a volume's label, which is no file: its name is free text, and leads nowhere. */
export function isLabel({ typeflag }: TarEntry): boolean {
  return typeflag === 'V';
}

/**
 * What is made of an entry that is no label. Every typeflag has its verdict.
 *
 * @throws Refusal for what is not extracted
 */
export function kindOf(entry: TarEntry): WrittenKind {
  const { typeflag } = entry;
  const kind = KINDS[typeflag];
  if (kind === undefined)
    throw new Refusal(REFUSED[typeflag] ?? `an entry of unknown type ${JSON.stringify(typeflag)}`);
  // A hard link's mode counts where it becomes a file of its own. Those of symbolic links mean nothing.
  if (kind !== 'symlink' && (entry.mode & SPECIAL_BITS) !== 0) {
    throw new Refusal(`its mode ${entry.mode.toString(8)} sets setuid, setgid or sticky`);
  }
  return kind;
}
