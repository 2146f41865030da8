import { type BytePath, fromLatin1, parentOf } from '../bytes/bytePath.js';
import type { Digested, KernelFile, PlannedEntry } from '../model/plan.js';
import type { Order, StripMode } from '../model/settings.js';
import { memberPath, SORT_KEYS } from './order.js';

const TOP = fromLatin1('');
const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

/** A selected file with what the first reading found; links have nothing to read. */
export interface ReadFile extends KernelFile {
  readonly digested: Digested | null;
}

/** A member that the archive will have: a directory, or a file whose entry can be made once the file has been read. */
export interface Member {
  readonly name: BytePath;
  /** Null for a directory. */
  readonly file: ReadFile | null;
}

/** The files and the directories that hold them, `./` first, in the order asked for. Files need not have been read. */
export function membersOf(files: readonly ReadFile[], order: Order): Member[] {
  const keyOf = SORT_KEYS[order];
  const keyed: { key: string; member: Member }[] = [];
  const kernels = byKernel(files);
  if (!kernels.has(TOP)) keyed.push({ key: '', member: { name: memberName(TOP), file: null } });
  for (const [kernel, own] of kernels) {
    for (const directory of directoriesOf(own)) {
      const name = memberName(memberPath(kernel, directory));
      keyed.push({ key: keyOf(kernel, directory), member: { name, file: null } });
    }
    for (const file of own) {
      const { path } = file.file;
      keyed.push({ key: keyOf(kernel, path), member: { name: memberNameOf(file), file } });
    }
  }
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ member }) => member);
}

/** Whether a member's entry can be made. */
export function isRead({ file }: Member): boolean {
  return file === null || file.file.kind === 'symlink' || file.digested !== null;
}

/** The entry of a member whose file has been read. */
export function entryOf({ name, file: read }: Member, strip: StripMode): PlannedEntry {
  if (read === null) return { kind: 'directory', name, mode: DIRECTORY_MODE };
  const { file, digested } = read;
  if (file.kind === 'symlink') return { kind: 'symlink', name, mode: FILE_MODE, target: file.target };
  if (digested === null) throw new TypeError(`No digest for ${file.path}`);
  const source = { location: file.location, strip: stripModeFor(file.path, strip), digest: digested.digest };
  const mode = file.isExecutable ? EXECUTABLE_MODE : FILE_MODE;
  return { kind: 'regular', name, mode, size: digested.size, source };
}

function byKernel(files: readonly ReadFile[]): Map<BytePath, ReadFile[]> {
  const kernels = new Map<BytePath, ReadFile[]>();
  for (const file of files) {
    const own = kernels.get(file.kernel);
    if (own === undefined) kernels.set(file.kernel, [file]);
    else own.push(file);
  }
  return kernels;
}

/** The mode in which a file is stripped: only headers are. */
export function stripModeFor(path: BytePath, strip: StripMode): StripMode {
  return path.endsWith('.h') ? strip : 'none';
}

/** Every directory above a file, each with a trailing slash; the top is the empty path. */
function directoriesOf(files: readonly ReadFile[]): Set<BytePath> {
  const directories = new Set<BytePath>([TOP]);
  let latest = TOP;
  for (const { file } of files) {
    const own = parentOf(file.path);
    // A walk gives the files of a directory together.
    if (own === latest) continue;
    latest = own;
    for (let parent = own; parent !== ''; parent = parentOf(parent)) {
      const directory = fromLatin1(`${parent}/`);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories;
}

/** The name of the member that a file becomes. */
export function memberNameOf({ kernel, file }: KernelFile): BytePath {
  return memberName(memberPath(kernel, file.path));
}

function memberName(path: BytePath): BytePath {
  return fromLatin1(`./${path}`);
}
