import { type BytePath, fromLatin1, fromUtf8, join, printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { SelectedFile } from '../model/plan.js';
import type { TreePair } from '../model/settings.js';
import { selectFile } from './walk.js';

/** The headers of a kernel as kbuild lists them: paths from each tree's top. */
export interface HeaderLists {
  readonly source: readonly BytePath[];
  readonly object: readonly BytePath[];
}

/**
 * The files that the lists name, as they stand there: those of the source tree, then those of the object tree over them.
 *
 * @throws KheadersPackError `E_READ` for one that is missing, `E_NOT_REGULAR`, `E_LISTED_PATH`; `E_NO_HEADERS` when both
 * lists are empty
 */
export function selectLists(trees: TreePair, lists: HeaderLists): Map<BytePath, SelectedFile> {
  const files = new Map<BytePath, SelectedFile>();
  const take = (listed: readonly BytePath[], tree: string): void => {
    for (const given of listed) {
      const path = fromLatin1(given.replace(/^(?:\.\/+)+/, ''));
      if (path.startsWith('/') || path.split('/').includes('..')) throw outside(given);
      const file = selectFile(path, join(fromUtf8(tree), path));
      if (file === null) throw new KheadersPackError('E_NOT_REGULAR', { path: printable(given), kind: 'directory' });
      files.set(path, file);
    }
  };
  take(lists.source, trees.sourceTree);
  take(lists.object, trees.objectTree ?? trees.sourceTree);
  if (files.size === 0) {
    throw new KheadersPackError('E_NO_HEADERS', { trees: `"${trees.sourceTree}"`, selection: "kbuild's lists" });
  }
  return files;
}

function outside(path: BytePath): KheadersPackError {
  const facts = { path: printable(path), list: "kbuild's lists", reason: 'it lies outside the trees' };
  return new KheadersPackError('E_LISTED_PATH', facts);
}
