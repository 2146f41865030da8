import { type BytePath, fromLatin1, parentOf } from '../bytes/bytePath.js';
import type { Digested, PlannedEntry, SelectedFile } from '../model/plan.js';
import type { Order, StripMode } from '../model/settings.js';
import { SORT_KEYS } from './order.js';

/** A selected file with what the first reading found; links have nothing to read. */
export interface ReadFile {
  readonly file: SelectedFile;
  readonly digested: Digested | null;
}

/** The entries of the files and of the directories that hold them, `./` first, in the order asked for. */
export function entriesOf(files: readonly ReadFile[], order: Order, strip: StripMode): PlannedEntry[] {
  const keyOf = SORT_KEYS[order];
  const keyed: { key: string; entry: PlannedEntry }[] = [];
  for (const directory of directoriesOf(files)) {
    keyed.push({ key: keyOf(directory), entry: { kind: 'directory', name: memberName(directory) } });
  }
  for (const { file, digested } of files) {
    keyed.push({ key: keyOf(file.path), entry: entryOf(file, digested, strip) });
  }
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry);
}

/** The mode in which a file is stripped: only headers are. */
export function stripModeFor(path: BytePath, strip: StripMode): StripMode {
  return path.endsWith('.h') ? strip : 'none';
}

function entryOf(file: SelectedFile, digested: Digested | null, strip: StripMode): PlannedEntry {
  const name = memberName(file.path);
  if (file.kind === 'symlink') return { kind: 'symlink', name, target: file.target };
  if (digested === null) throw new TypeError(`No digest for ${file.path}`);
  const source = { location: file.location, strip: stripModeFor(file.path, strip), digest: digested.digest };
  return { kind: 'regular', name, size: digested.size, source };
}

/** Every directory above a file, each with a trailing slash; the top is the empty path. */
function directoriesOf(files: readonly ReadFile[]): Set<BytePath> {
  const directories = new Set<BytePath>([fromLatin1('')]);
  for (const { file } of files) {
    for (let parent = parentOf(file.path); parent !== ''; parent = parentOf(parent)) {
      const directory = fromLatin1(`${parent}/`);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories;
}

function memberName(path: BytePath): BytePath {
  return fromLatin1(`./${path}`);
}
