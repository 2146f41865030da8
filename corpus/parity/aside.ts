import { existsSync, renameSync, rmSync } from 'node:fs';

const SUFFIX = '.parity-aside';

/**
 * Runs something while some files are out of the way, then puts the tree back as it was: what appeared under their
 * names is removed, what was there returns. A run that was killed between is made good by the next.
 */
export function withoutFiles<T>(paths: readonly string[], run: () => T): T {
  for (const path of paths) {
    if (existsSync(path + SUFFIX)) rmSync(path, { recursive: true, force: true });
    else if (existsSync(path)) renameSync(path, path + SUFFIX);
  }
  try {
    return run();
  } finally {
    for (const path of paths) {
      rmSync(path, { recursive: true, force: true });
      if (existsSync(path + SUFFIX)) renameSync(path + SUFFIX, path);
    }
  }
}
