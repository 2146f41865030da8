import { type BigIntStats, type Dirent, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { type BytePath, fromLatin1, join, printable, toNative } from '../bytes/bytePath.js';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { SelectedFile } from '../model/plan.js';
import { stampOf } from './stamp.js';

const IN_NANOSECONDS = { bigint: true } as const;

const OWNER_EXECUTES = 0o100n;

/** What a walk looks at, and how. */
export interface WalkOptions<T> {
  /** The tree, absolute or relative to the working directory. */
  readonly tree: BytePath;
  /** The directory inside the tree to begin at; the empty path is the tree itself. */
  readonly start: BytePath;
  /** Whether the directories below it are entered. */
  readonly isDeep: boolean;
  /** Directories not to enter, as `device:inode`. */
  readonly skipped: ReadonlySet<string>;
  /** Whether a path of the tree is wanted. Asked for everything that is not a directory. */
  readonly isWanted: (path: BytePath) => boolean;
  /** Looks at one wanted file. Null leaves it out. */
  readonly look: (path: BytePath, location: BytePath) => T | null;
}

/**
 * Finds the wanted files below a directory, in no particular order. Symbolic links are never followed, but for the
 * start itself. A start that does not exist holds nothing.
 *
 * @throws KheadersPackError `E_READ` for a directory that cannot be read, `E_NOT_REGULAR` for a wanted FIFO, socket or
 * device
 */
export function* walk<T>(options: WalkOptions<T>): Generator<[path: BytePath, found: T], void, undefined> {
  const { tree, start, isDeep, skipped, isWanted, look } = options;
  const pending: BytePath[] = [start];
  const top = join(tree, fromLatin1('.')).length - 1;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const here = join(tree, directory);
    for (const entry of readDirectory(here, directory === start)) {
      if (isLeftover(entry.name)) continue;
      const location = join(here, fromLatin1(entry.name));
      // A slice shares the location's bytes: there are a hundred thousand of them.
      const path = fromLatin1(location.slice(top));
      if (entry.isDirectory()) {
        if (isDeep && (skipped.size === 0 || !skipped.has(identityOf(location)))) pending.push(path);
      } else if (isWanted(path)) {
        const found = look(path, location);
        if (found !== null) yield [path, found];
      }
    }
  }
}

/**
 * Looks at one file. Null when it is a directory.
 *
 * @throws KheadersPackError `E_READ` or `E_NOT_REGULAR`
 */
export function selectFile(path: BytePath, location: BytePath): SelectedFile | null {
  return lookAt(path, location, false);
}

/** As `selectFile`, for profile `modules`: an executable is archived as one. */
export function selectWithMode(path: BytePath, location: BytePath): SelectedFile | null {
  return lookAt(path, location, true);
}

function lookAt(path: BytePath, location: BytePath, keepsMode: boolean): SelectedFile | null {
  try {
    const stats = lstatSync(toNative(location), IN_NANOSECONDS);
    const stamp = stampOf(stats);
    if (stats.isFile()) {
      const isExecutable = keepsMode && (stats.mode & OWNER_EXECUTES) !== 0n;
      return { kind: 'regular', path, location, stamp, size: Number(stats.size), isExecutable };
    }
    if (stats.isDirectory()) return null;
    if (!stats.isSymbolicLink()) {
      throw new KheadersPackError('E_NOT_REGULAR', { path: printable(location), kind: kindOf(stats) });
    }
    const target = fromLatin1(readlinkSync(toNative(location), { encoding: 'latin1' }));
    return { kind: 'symlink', path, location, stamp, target };
  } catch (error) {
    throw unreadable(location, error);
  }
}

/**
 * A file's stamp alone: all that it takes to see that nothing changed.
 *
 * @throws KheadersPackError `E_READ`
 */
export function lookAtStamp(_path: BytePath, location: BytePath): string {
  try {
    return stampOf(lstatSync(toNative(location), IN_NANOSECONDS));
  } catch (error) {
    throw unreadable(location, error);
  }
}

/** The identity of a directory, for `WalkOptions.skipped`. */
export function identityOf(location: BytePath): string {
  const stats = statSync(toNative(location), { bigint: true });
  return `${stats.dev}:${stats.ino}`;
}

function readDirectory(location: BytePath, isStart: boolean): Dirent[] {
  try {
    // The types know UTF-8 names only; with latin1 each code unit of a name is a byte.
    return readdirSync(toNative(location), { withFileTypes: true, encoding: 'latin1' as 'utf8' });
  } catch (error) {
    if (isStart && systemCode(error) === 'ENOENT') return [];
    throw unreadable(location, error);
  }
}

/** What NFS and AFS leave where an open file was deleted: gen_kheaders.sh has tar leave them out. */
function isLeftover(name: string): boolean {
  return name.startsWith('.nfs') || name.startsWith('.__afs');
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

function unreadable(location: BytePath, error: unknown): KheadersPackError {
  if (error instanceof KheadersPackError) return error;
  return new KheadersPackError('E_READ', { path: printable(location), reason: systemReason(error) }, { cause: error });
}
