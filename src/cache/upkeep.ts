import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors.js';
import { linkOnWay } from './directories.js';
import { BLOCKS, PLACE_NAME, PLANS, TEMPORARY, TREES } from './place.js';

/** A file of a cache, as the directory shows it. */
export interface CacheFile {
  readonly kind: 'block' | 'tree' | 'plan' | 'temporary';
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When it was last of use, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** A file that has been written for so many milliseconds belongs to a process that is gone. */
const ABANDONED_AFTER = 3_600_000;

/** The files of all users in a cache directory; none where there is no directory, and none behind a link in it. */
export function cacheFiles(root: string): CacheFile[] {
  const files: CacheFile[] = [];
  const add = (kind: CacheFile['kind'], directory: string): void => {
    for (const name of namesIn(root, directory)) {
      const path = join(directory, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats?.isFile() === true) files.push({ kind, path, size: stats.size, usedAt: stats.mtimeMs });
    }
  };
  for (const place of placesIn(root)) {
    for (const shelf of namesIn(root, join(place, BLOCKS))) add('block', join(place, BLOCKS, shelf));
    add('tree', join(place, TREES));
    add('plan', join(place, PLANS));
    add('temporary', join(place, TEMPORARY));
  }
  return files;
}

function placesIn(root: string): string[] {
  return namesIn(root, root)
    .filter(name => PLACE_NAME.test(name))
    .map(name => join(root, name));
}

/** So many files with so many bytes. */
export interface FileTotal {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes what was of no use for longest until the rest takes at most `maxSize` bytes, and files that killed processes
 * left. What another user's permissions protect stays.
 *
 * @param now milliseconds since 1970
 */
export function pruneCache(root: string, maxSize: number, now: number): FileTotal {
  const pruned = { files: 0, bytes: 0 };
  const remove = (file: CacheFile): void => {
    try {
      if (!removeFile(root, file)) return;
      pruned.files++;
      pruned.bytes += file.size;
    } catch (error) {
      if (!['EACCES', 'EPERM', 'ENOTDIR'].includes(systemCode(error))) throw error;
    }
  };
  const files = cacheFiles(root);
  const abandoned = files.filter(file => file.kind === 'temporary' && now - file.usedAt > ABANDONED_AFTER);
  for (const file of abandoned) remove(file);
  const kept = files.filter(file => file.kind !== 'temporary').sort((a, b) => a.usedAt - b.usedAt);
  let size = kept.reduce((sum, file) => sum + file.size, 0);
  for (const file of kept) {
    if (size <= maxSize) break;
    remove(file);
    size -= file.size;
  }
  return pruned;
}

/** What a cache directory holds. */
export interface CacheContents {
  readonly blocks: FileTotal;
  /** Stat indexes and outlines of plans. */
  readonly trees: FileTotal;
  /** Files that are being written, or that were when a process was killed. */
  readonly unfinished: FileTotal;
}

export function cacheContents(root: string): CacheContents {
  const files = cacheFiles(root);
  const count = (...kinds: readonly CacheFile['kind'][]): FileTotal =>
    totalOf(files.filter(file => kinds.includes(file.kind)));
  return { blocks: count('block'), trees: count('tree', 'plan'), unfinished: count('temporary') };
}

/** Removes everything that we put into a cache directory, and the directories that are empty then. */
export function clearCache(root: string): FileTotal {
  const removed = cacheFiles(root).filter(file => removeFile(root, file));
  for (const place of placesIn(root)) removeEmpty(root, place);
  return totalOf(removed);
}

function totalOf(files: readonly CacheFile[]): FileTotal {
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0) };
}

/** False where a link has come into the way since the file was found. */
function removeFile(root: string, { path }: CacheFile): boolean {
  if (linkOnWay(root, dirname(path)) !== null) return false;
  rmSync(path, { force: true });
  return true;
}

function removeEmpty(root: string, directory: string): void {
  if (linkOnWay(root, directory) !== null) return;
  for (const name of namesIn(root, directory)) {
    if (lstatSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() === true) {
      removeEmpty(root, join(directory, name));
    }
  }
  try {
    rmdirSync(directory);
  } catch (error) {
    // Another process may have begun a file in it.
    if (!['ENOTEMPTY', 'ENOENT'].includes(systemCode(error))) throw error;
  }
}

/** Of a directory in a cache directory, or of that itself. */
function namesIn(root: string, directory: string): string[] {
  try {
    return linkOnWay(root, directory) === null ? readdirSync(directory) : [];
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemCode(error))) return [];
    throw error;
  }
}
