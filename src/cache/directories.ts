import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../errors.js';

/**
 * Makes a directory for the user alone, and those above it, where they are not there. Node's own way never ends where a
 * directory that is there says that it is not, as /proc does.
 */
export function makeDirectories(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectories(dirname(path));
    makeOne(path);
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // By another process, maybe. A file of that name is told by who looks into it.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
