import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { byteLocation } from './kernelTree.js';

export interface SnapshotOptions {
  /** Whether permission bits count. Default: true. */
  readonly modes?: boolean;
  /** Whether modification times count. Default: false. */
  readonly times?: boolean;
}

/** Everything below `root` in words: path to kind, mode, time, content's digest or link's target. Paths are byte strings. */
export function snapshot(root: string, options: SnapshotOptions = {}): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (directory: string): void => {
    const names = readdirSync(byteLocation(root, directory), { encoding: 'latin1' as 'utf8' });
    for (const name of names.sort()) {
      const path = directory === '' ? name : `${directory}/${name}`;
      const location = byteLocation(root, path);
      const stats = lstatSync(location);
      const time = options.times === true ? ` @${stats.mtimeMs / 1000}` : '';
      const mode = `${options.modes === false ? '' : ` ${(stats.mode & 0o7777).toString(8)}`}${time}`;
      if (stats.isDirectory()) {
        found[path] = `directory${mode}`;
        visit(path);
      } else if (stats.isSymbolicLink()) {
        found[path] = `link to ${readlinkSync(location, { encoding: 'latin1' })}${time}`;
      } else {
        found[path] = `file${mode} ${sha256(readFileSync(location))}`;
      }
    }
  };
  visit('');
  return found;
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
