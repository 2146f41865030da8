import { lstatSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { systemCode } from '../errors.js';
import { makeDirectory } from '../tree/makeDirectory.js';

/** For the user alone. */
const MODE = 0o700;

/**
 * Makes a directory for the user alone, and those above it, where they are not there. Node's own way never ends where a
 * directory that is there says that it is not, as /proc does.
 */
export function makeDirectories(path: string): void {
  try {
    // By another process before, maybe. A file of that name is told by who looks into it.
    makeDirectory(path, MODE);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectories(dirname(path));
    makeDirectory(path, MODE);
  }
}

/**
 * The first symbolic link on the way from a cache directory down to one below it, which is what it says where there is
 * none: who else may write there could have led it anywhere. Null where there is none.
 */
export function linkOnWay(root: string, directory: string): string | null {
  let path = root;
  for (const name of relative(root, directory).split(sep)) {
    // The cache directory itself may be a link: its user has named it.
    if (name === '') continue;
    path = join(path, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) return path;
  }
  return null;
}
