import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Made, writeFiles } from '../support/kernelTree.js';
import { snapshot } from '../support/snapshot.js';

/**
 * Where one run of a command takes place: its working directory, with a home, a directory for temporary files and whatever
 * the command needs. Nobody else writes there, so that all that is there afterwards is the command's doing.
 */
export interface Place {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is there, by path, without the home and the cache's files. Paths are byte strings. */
  contents(): Record<string, string>;
  /** Temporary files of ours, of any kind. */
  litter(): string[];
  remove(): void;
}

/** A place with a copy of `from` and these files in it. */
export function makePlace(parent: string, from: string | null, files: Readonly<Record<string, Made>>): Place {
  const root = mkdtempSync(join(parent, 'place-'));
  if (from !== null) cpSync(from, root, { recursive: true, preserveTimestamps: true });
  for (const name of ['home', 'tmp', 'cache']) mkdirSync(join(root, name), { recursive: true });
  writeFiles(root, files);
  return {
    root,
    env: {
      HOME: join(root, 'home'),
      TMPDIR: join(root, 'tmp'),
      XDG_CACHE_HOME: undefined,
      XDG_STATE_HOME: undefined,
    },
    contents: () => {
      const all = Object.entries(snapshot(root, { modes: false }));
      return Object.fromEntries(all.filter(([path]) => !/^(?:home|cache|tmp)(?:\/|$)/.test(path)));
    },
    litter: () => {
      const all = readdirSync(root, { recursive: true, encoding: 'latin1' as 'utf8' });
      return all.filter(path => isLitter(path)).sort();
    },
    remove: () => {
      spawnSync('chmod', ['-R', 'u+rwX', root]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Temporary outputs, a cache's unfinished files, a secret that is being made, scratch directories. */
function isLitter(path: string): boolean {
  return /(?:^|\/)\.tmp_|^cache\/1-[0-9a-f]{16}\/tmp\/.|\/cache-secret\..|^tmp\/./.test(path);
}
