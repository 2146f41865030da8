import { type BytePath, baseOf, fromLatin1, fromUtf8, join, parentOf, printable } from '../bytes/bytePath.js';
import { KheadersPackError, systemCode } from '../errors.js';
import { atOnce, type Steps } from '../flow/turns.js';
import type { SelectedFile } from '../model/plan.js';
import type { SelectionSettings, TreePair } from '../model/settings.js';
import { configuration } from './arch.js';
import { followingLook } from './follow.js';
import { requiredFiles } from './modulePlaces.js';
import { pathFilter } from './patterns.js';
import { placesOf } from './places.js';
import { identityOf, lookAtStamp, selectFile, type WalkOptions, walk } from './walk.js';

/**
 * The files to archive, by path: the source tree's, then the object tree's over them. A step is a file.
 *
 * @throws KheadersPackError as `walk` does; `E_LISTED_PATH`, `E_OVERLAY`; `E_UNPREPARED` when a file is missing that every
 * module needs; `E_NO_HEADERS` when nothing is left
 */
export function* selecting(
  trees: TreePair,
  srcarch: string,
  selection: SelectionSettings,
): Steps<Map<BytePath, SelectedFile>> {
  const files =
    selection.listed === null
      ? yield* walkTrees(trees, srcarch, selection, lookFor(trees, selection))
      : yield* takeListed(trees, selection, selection.listed);
  if (files.size === 0) throw new KheadersPackError('E_NO_HEADERS', emptyFacts(trees, srcarch, selection));
  requireDirectoriesApart(files);
  return files;
}

/** The same in one go. */
export function selectFiles(
  trees: TreePair,
  srcarch: string,
  selection: SelectionSettings,
): Map<BytePath, SelectedFile> {
  return atOnce(selecting(trees, srcarch, selection));
}

/** Those of a list's paths that are files in one of the trees, or cannot be looked at. */
export function listedThere(trees: TreePair, listed: readonly BytePath[]): BytePath[] {
  const roots = rootsOf(trees);
  return listed.filter(path => {
    try {
      findListed(path, roots);
      return true;
    } catch (error) {
      return !(error instanceof KheadersPackError && error.code === 'E_LISTED_PATH');
    }
  });
}

/**
 * The stamps of a profile's files, by path: all that it takes to see that nothing changed.
 *
 * @throws KheadersPackError as `walk` does
 */
export function selectStamps(trees: TreePair, srcarch: string, selection: SelectionSettings): Map<BytePath, string> {
  const look = lookFor(trees, selection);
  const stampAt: WalkOptions<string>['look'] = (path, location) => look(path, location)?.stamp ?? null;
  return atOnce(walkTrees(trees, srcarch, selection, look === selectFile ? lookAtStamp : stampAt));
}

function lookFor(trees: TreePair, selection: SelectionSettings): WalkOptions<SelectedFile>['look'] {
  return selection.profile === 'modules' ? followingLook(trees) : selectFile;
}

function* walkTrees<T>(
  trees: TreePair,
  srcarch: string,
  selection: SelectionSettings,
  look: WalkOptions<T>['look'],
): Steps<Map<BytePath, T>> {
  const passes = pathFilter(selection.include, selection.exclude);
  const isConfigured = selection.profile === 'modules' ? configuration(trees) : () => false;
  const places = placesOf(selection, srcarch, isConfigured);
  const roots = rootsOf(trees);
  const files = new Map<BytePath, T>();
  for (const [layer, tree] of roots.entries()) {
    // One tree may lie inside the other (make O=build); each is walked as itself only.
    const skipped = new Set(roots.filter(other => other !== tree).map(identityOf));
    for (const { start, isDeep, isWanted, isSourceOnly } of places) {
      if (isSourceOnly && layer > 0) continue;
      const options = {
        tree,
        start,
        isDeep,
        skipped,
        look,
        isWanted: (path: BytePath) => isWanted(path) && passes(path),
      };
      for (const [path, found] of walk(options)) {
        files.set(path, found);
        yield;
      }
    }
  }
  if (selection.profile === 'modules') requireModuleFiles(files, trees, passes, requiredFiles(srcarch, isConfigured));
  return files;
}

/** A module archive without one of these would only fail later, and elsewhere. Who excludes one knows why. */
function requireModuleFiles(
  files: ReadonlyMap<BytePath, unknown>,
  trees: TreePair,
  passes: (path: BytePath) => boolean,
  required: readonly (readonly string[])[],
): void {
  const groups = required.map(group => group.map(fromUtf8));
  const [missing] = groups.find(group => group.every(path => passes(path) && !files.has(path))) ?? [];
  if (missing === undefined) return;
  const tree = trees.objectTree ?? trees.sourceTree;
  throw new KheadersPackError('E_UNPREPARED', { tree, missing: printable(missing) });
}

/** The trees from the lowest layer to the highest. */
function rootsOf(trees: TreePair): BytePath[] {
  const roots = trees.objectTree === null ? [trees.sourceTree] : [trees.sourceTree, trees.objectTree];
  return roots.map(fromUtf8);
}

function* takeListed(
  trees: TreePair,
  selection: SelectionSettings,
  listed: readonly BytePath[],
): Steps<Map<BytePath, SelectedFile>> {
  const passes = pathFilter(selection.include, selection.exclude);
  const roots = rootsOf(trees);
  const files = new Map<BytePath, SelectedFile>();
  for (const given of listed) {
    const path = insideTree(given, roots);
    if (!passes(path)) continue;
    files.set(path, findListed(path, roots));
    yield;
  }
  return files;
}

/** The path from the tree's top: without the tree's own path, `./` and doubled slashes. */
function insideTree(given: BytePath, roots: readonly BytePath[]): BytePath {
  const root = roots.find(tree => given.startsWith(`${tree}/`));
  const inside = root === undefined ? given : given.slice(root.length + 1);
  const parts = inside.split('/').filter(part => part !== '' && part !== '.');
  if (root === undefined && given.startsWith('/')) throw listedError(given, 'it lies outside the trees');
  if (parts.includes('..')) throw listedError(given, 'it has a ".." component');
  return fromLatin1(parts.join('/'));
}

function findListed(path: BytePath, roots: readonly BytePath[]): SelectedFile {
  let problem: KheadersPackError | null = null;
  for (const tree of roots.toReversed()) {
    try {
      const file = selectFile(path, join(tree, path));
      if (file !== null) return file;
      problem = listedError(path, 'it is a directory (list the files in it)');
    } catch (error) {
      const cause = error instanceof Error ? systemCode(error.cause) : '';
      if (cause !== 'ENOENT' && cause !== 'ENOTDIR') throw error;
    }
  }
  throw problem ?? listedError(path, 'it is in no tree');
}

function listedError(path: BytePath, reason: string): KheadersPackError {
  return new KheadersPackError('E_LISTED_PATH', { path: printable(path), list: '--files-from', reason });
}

/** A path that is a file in one tree and a directory in the other has no place in an archive. */
function requireDirectoriesApart(files: ReadonlyMap<BytePath, SelectedFile>): void {
  const seen = new Set<BytePath>();
  for (const path of files.keys()) {
    for (let directory = parentOf(path); directory !== '' && !seen.has(directory); directory = parentOf(directory)) {
      seen.add(directory);
      if (files.has(directory)) {
        const reason = `it is a file in one tree and a directory with "${printable(baseOf(path))}" in the other`;
        throw new KheadersPackError('E_OVERLAY', { path: printable(directory), reason });
      }
    }
  }
}

function emptyFacts(
  trees: TreePair,
  srcarch: string,
  selection: SelectionSettings,
): { trees: string; selection: string } {
  const named = rootsOf(trees).map(tree => `"${printable(tree)}"`);
  const what = selection.listed === null ? `profile ${selection.profile}` : 'the paths of --files-from';
  const arch = srcarch === '' ? '' : `, arch/${srcarch}`;
  const filtered = selection.include.length + selection.exclude.length > 0 ? ', after --include and --exclude' : '';
  return { trees: named.join(' and '), selection: `${what}${arch}${filtered}` };
}
