import { realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { type BytePath, fromLatin1, fromUtf8, parentOf, toBuffer } from '../bytes/bytePath.js';
import type { SelectedFile } from '../model/plan.js';
import type { TreePair } from '../model/settings.js';
import { selectWithMode } from './walk.js';

/**
 * Looks at files as profile `modules` archives them: executables stay executable, and a link that leaves the trees is
 * followed, since what it leads to is not in the archive (Debian's header packages link to linux-kbuild's files). Links
 * inside the trees, and those that lead nowhere, stay links.
 *
 * A link leaves the trees when its target as written does, seen from its path in the archive, or when what it leads to in
 * the end lies outside.
 */
export function followingLook(trees: TreePair): (path: BytePath, location: BytePath) => SelectedFile | null {
  const roots = [trees.sourceTree, trees.objectTree].flatMap(tree => (tree === null ? [] : targetOf(fromUtf8(tree))));
  const isInside = (real: BytePath): boolean => roots.some(root => real === root || real.startsWith(`${root}/`));
  return (path, location) => {
    const file = selectWithMode(path, location);
    if (file?.kind !== 'symlink') return file;
    const [real] = targetOf(location);
    if (real === undefined || (isInside(real) && isWithin(path, file.target))) return file;
    return selectWithMode(path, real);
  };
}

/** Whether a link at `path` leads to a place below the archive's top. */
function isWithin(path: BytePath, target: BytePath): boolean {
  return !target.startsWith('/') && !/^\.\.(?:\/|$)/.test(posix.join(parentOf(path), target));
}

/** Where a path leads in the end; empty where that is nowhere. */
function targetOf(location: BytePath): BytePath[] {
  try {
    // Only the native form takes names that are not UTF-8.
    return [fromLatin1(realpathSync.native(toBuffer(location), { encoding: 'latin1' }))];
  } catch {
    return [];
  }
}
