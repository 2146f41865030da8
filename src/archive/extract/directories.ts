import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type BytePath, baseOf, fromUtf8, join, parentOf, printable, toNative } from '../../bytes/bytePath.js';
import { KheadersPackError, systemCode, systemReason } from '../../errors.js';
import { makeDirectory } from '../../tree/makeDirectory.js';
import { Refusal } from './refusal.js';

/** A directory that is held open. */
export interface Directory {
  readonly descriptor: number;
  /** What to put before a name, for a path into this very directory. */
  readonly anchor: BytePath;
}

/** Directories held open at once, the target aside. */
const OPEN_MAX = 64;
const DIRECTORY_ONLY = constants.O_RDONLY | constants.O_DIRECTORY;
const TOP = fromUtf8('');
const ABOVE_MISSING = 'the directory above it is missing, too, and only one is made (make it first, as mkdir -p does)';

/**
 * The directories of the target, each opened from the one above it and held by its descriptor.
 *
 * Node has no `openat`. Where `/proc` is mounted, `/proc/PID/fd/N/name` does the same: N is the directory that was
 * opened, whatever its path has become since, and `name` is a single component that is opened with `O_NOFOLLOW`. So no
 * link below the target is ever followed, neither one that was there before, nor one that an entry made, nor one that
 * somebody puts in a directory's place meanwhile; and when the target itself is moved or swapped, the files go where it
 * went. Without `/proc` paths are used: links that were there are found and refused, but who may write into the target
 * while it is filled could swap a directory between the look and the use.
 */
export class Directories {
  readonly #target: string;
  readonly #root: Directory;
  readonly #open = new Map<BytePath, Directory>();
  /** The last of them: most files lie where the one before did. */
  #latest: { readonly path: BytePath; readonly directory: Directory } | null = null;
  /** Those that this run made. */
  readonly #made = new Set<BytePath>();
  /** As `ownOpenFiles` says; null where `/proc` is not mounted. */
  readonly #openFiles: string | null;
  /** The one that others do not push out. */
  #kept: BytePath | null = null;

  /** @throws KheadersPackError `E_WRITE` when the target cannot be opened */
  constructor(target: string) {
    this.#target = resolve(target);
    try {
      if (makeDirectory(this.#target, 0o777)) this.#made.add(TOP);
      const descriptor = openSync(this.#target, DIRECTORY_ONLY);
      const openFiles = ownOpenFiles();
      this.#openFiles = openFiles !== null && isSame(`${openFiles}/${descriptor}`, descriptor) ? openFiles : null;
      this.#root = this.#directory(descriptor, TOP);
    } catch (error) {
      const isAboveMissing = systemCode(error) === 'ENOENT' && !existsSync(dirname(this.#target));
      const reason = isAboveMissing ? ABOVE_MISSING : systemReason(error);
      throw new KheadersPackError('E_WRITE', { path: target, reason }, { cause: error });
    }
  }

  /**
   * A directory below the target, made if need be with all above it. It is open until others push it out: use it at once.
   *
   * @param mode of the directory itself, where it is made; the umask applies
   * @throws Refusal when a link or a file is in the way; the system's errors
   */
  at(path: BytePath, mode: number): Directory {
    if (path === '') return this.#root;
    if (path === this.#latest?.path) return this.#latest.directory;
    const known = this.#open.get(path);
    if (known !== undefined) {
      // To the end of those to be closed: what is used again and again stays open.
      this.#open.delete(path);
      return this.#opened(path, known);
    }
    const parent = this.at(parentOf(path), 0o777);
    const descriptor = this.#openNew(locate(parent, baseOf(path)), path, mode);
    const opened = this.#opened(path, this.#directory(descriptor, path));
    if (this.#open.size > OPEN_MAX) this.#closeUnused();
    return opened;
  }

  /**
   * Where a path lies, with its directories made, for the length of `work`: others that are opened meanwhile do not push
   * its directory out, whose descriptor would then be the next one's.
   */
  located<T>(path: BytePath, work: (location: string | Buffer) => T): T {
    const parent = parentOf(path);
    const directory = this.at(parent, 0o777);
    this.#kept = parent;
    try {
      return work(locate(directory, baseOf(path)));
    } finally {
      this.#kept = null;
    }
  }

  /** Whether this run made the directory. */
  isOurs(path: BytePath): boolean {
    return this.#made.has(path);
  }

  /** A path below the target, for messages. */
  nameOf(path: BytePath): string {
    return path === '' ? this.#target : `${this.#target}/${printable(path)}`;
  }

  /** Removes the target where this run made it and nothing is in it. */
  removeIfEmpty(): void {
    if (!this.#made.has(TOP)) return;
    try {
      rmdirSync(this.#target);
    } catch {
      // Something is in it, or somebody has taken it away.
    }
  }

  close(): void {
    for (const { descriptor } of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
    this.#latest = null;
    closeSync(this.#root.descriptor);
  }

  #opened(path: BytePath, directory: Directory): Directory {
    this.#open.set(path, directory);
    this.#latest = { path, directory };
    return directory;
  }

  #directory(descriptor: number, path: BytePath): Directory {
    const anchor =
      this.#openFiles === null ? join(fromUtf8(this.#target), path) : fromUtf8(`${this.#openFiles}/${descriptor}/`);
    return { descriptor, anchor };
  }

  /**
   * Unless this run has made it, it is made first, and then opened: most were not there, and to be told so costs as much as
   * to make them.
   */
  #openNew(location: string | Buffer, path: BytePath, mode: number): number {
    if (!this.#made.has(path) && makeDirectory(location, mode)) this.#made.add(path);
    try {
      return openSync(location, DIRECTORY_ONLY | constants.O_NOFOLLOW);
    } catch (error) {
      // Somebody has taken it away again.
      if (systemCode(error) === 'ENOENT' && this.#made.delete(path)) return this.#openNew(location, path, mode);
      throw this.#inTheWay(location, path, error);
    }
  }

  #inTheWay(location: string | Buffer, path: BytePath, error: unknown): unknown {
    if (!['ELOOP', 'ENOTDIR'].includes(systemCode(error))) return error;
    const kind = lstatSync(location, { throwIfNoEntry: false })?.isSymbolicLink() === true ? 'symbolic link' : 'file';
    return new Refusal(`"${this.nameOf(path)}" is a ${kind}, and it would go below that`);
  }

  #closeUnused(): void {
    for (const [path, { descriptor }] of this.#open) {
      if (path === this.#kept) continue;
      this.#open.delete(path);
      closeSync(descriptor);
      return;
    }
  }
}

/** The path of a name in a directory. */
export function locate(directory: Directory, name: BytePath): string | Buffer {
  return toNative(join(directory.anchor, name));
}

/**
 * The system's directory of what this process has open, or null: not by way of the link `self`, which each file would follow
 * anew.
 */
function ownOpenFiles(): string | null {
  try {
    return `/proc/${readlinkSync('/proc/self')}/fd`;
  } catch {
    return null;
  }
}

function isSame(path: string, descriptor: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  const expected = fstatSync(descriptor, { bigint: true });
  return found?.ino === expected.ino && found.dev === expected.dev;
}
