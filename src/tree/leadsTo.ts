import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { systemCode } from '../errors.js';

/**
 * The path that a path leads to through all links, so that a file has one, whatever it is called. A file that is not there
 * is where it would be made: in the directory that holds it, or where a link that leads to it says. What leads nowhere is
 * given back as it is.
 */
export function leadsTo(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    // A circle of links, say: who opens it is told.
    if (systemCode(error) !== 'ENOENT') return path;
  }
  let directory: string;
  try {
    directory = realpathSync.native(dirname(path));
  } catch {
    return path;
  }
  const there = join(directory, basename(path));
  let target: string;
  try {
    target = readlinkSync(there);
  } catch {
    return there;
  }
  // Not joined: what stands before a ".." may be a link itself.
  return leadsTo(isAbsolute(target) ? target : `${directory}/${target}`);
}
