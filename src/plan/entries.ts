import { type BytePath, fromLatin1, parentOf } from '../bytes/bytePath.js';
import type { Digested, KernelFile, PlannedDirectory, PlannedEntry } from '../model/plan.js';
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
export type Member = PlannedDirectory | ReadFile;

/** The files and the directories that hold them, `./` first, in the order asked for. Files need not have been read. */
export function membersOf(files: readonly ReadFile[], order: Order): Member[] {
  const keyOf = SORT_KEYS[order];
  const keyed: { key: string; member: Member }[] = [];
  const kernels = byKernel(files);
  if (!kernels.has(TOP)) keyed.push({ key: '', member: directoryAt(TOP) });
  for (const [kernel, own] of kernels) {
    for (const directory of directoriesOf(own)) {
      keyed.push({ key: keyOf(kernel, directory), member: directoryAt(memberPath(kernel, directory)) });
    }
    for (const member of own) keyed.push({ key: keyOf(kernel, member.file.path), member });
  }
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ member }) => member);
}

/** Whether a member's entry can be made. */
export function isRead(member: Member): boolean {
  return isDirectory(member) || member.file.kind === 'symlink' || member.digested !== null;
}

/** The entry of a member whose file has been read. */
export function entryOf(member: Member, strip: StripMode): PlannedEntry {
  if (isDirectory(member)) return member;
  const name = memberNameOf(member);
  const { file, digested } = member;
  if (file.kind === 'symlink') return { kind: 'symlink', name, mode: FILE_MODE, target: file.target };
  if (digested === null) throw new TypeError(`No digest for ${file.path}`);
  const source = { location: file.location, strip: stripModeFor(file.path, strip), digest: digested.digest };
  const mode = file.isExecutable ? EXECUTABLE_MODE : FILE_MODE;
  return { kind: 'regular', name, mode, size: digested.size, source };
}

export function isDirectory(member: Member): member is PlannedDirectory {
  return 'kind' in member;
}

function directoryAt(path: BytePath): PlannedDirectory {
  return { kind: 'directory', name: memberName(path), mode: DIRECTORY_MODE };
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
