import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KheadersPackError, systemReason } from '../errors.js';
import type { TreePair } from '../model/settings.js';

/** The pair that a directory stands for: a source tree alone, or an object tree with the source tree that it names. */
export function pairOf(tree: string): TreePair {
  requireDirectory(tree);
  const makefile = topMakefile(tree);
  if (hasVersion(makefile)) return { sourceTree: tree, objectTree: null };
  const included = includedMakefile(makefile);
  const candidates = sourceCandidates(tree, included);
  const sourceTree = candidates.find(isSourceTree);
  if (sourceTree !== undefined) return { sourceTree, objectTree: tree };
  if (included === null) return { sourceTree: tree, objectTree: null };
  throw new KheadersPackError('E_UNPAIRED_TREE', { objectTree: tree, sourceTree: dirname(included) });
}

/** The pair of a source tree and the object tree that `--objtree` names; the same directory twice is one tree. */
export function pairWith(tree: string, objectTree: string): TreePair {
  requireDirectory(objectTree);
  const own = pairOf(tree);
  const isSame = (other: string): boolean => realpathSync(other) === realpathSync(objectTree);
  if (own.objectTree !== null && !isSame(own.objectTree)) {
    throw new KheadersPackError('E_TREE', { path: tree, reason: `it is an object tree itself, of ${own.sourceTree}` });
  }
  return { sourceTree: own.sourceTree, objectTree: isSame(own.sourceTree) ? null : objectTree };
}

/** Whether the directory is a kernel tree, source or object. */
export function isKernelTree(tree: string): boolean {
  const makefile = topMakefile(tree);
  return hasVersion(makefile) || includedMakefile(makefile) !== null;
}

/** `6.1` of a source tree of any 6.1; null where its Makefile does not say. */
export function versionOf(tree: string): string | null {
  const makefile = topMakefile(tree);
  const [version, patchlevel] = ['VERSION', 'PATCHLEVEL'].map(
    name => new RegExp(`^${name} = (\\d+)$`, 'm').exec(makefile)?.[1],
  );
  return version === undefined || patchlevel === undefined ? null : `${version}.${patchlevel}`;
}

function isSourceTree(tree: string): boolean {
  return hasVersion(topMakefile(tree));
}

/** @throws KheadersPackError `E_TREE` when `tree` is missing or no directory */
function requireDirectory(tree: string): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(tree).isDirectory();
  } catch (error) {
    throw new KheadersPackError('E_TREE', { path: tree, reason: systemReason(error) }, { cause: error });
  }
  if (!isDirectory) throw new KheadersPackError('E_TREE', { path: tree, reason: 'not a directory' });
}

function topMakefile(tree: string): string {
  try {
    return readFileSync(join(tree, 'Makefile'), 'latin1');
  } catch {
    return '';
  }
}

/** The top Makefile of every kernel since 2.4 begins with these. */
function hasVersion(makefile: string): boolean {
  return /^VERSION = \d+$/m.test(makefile) && /^PATCHLEVEL = \d+$/m.test(makefile);
}

/** The Makefile that an object tree's own does nothing but include (kbuild's outputmakefile, Debian's packages). */
function includedMakefile(makefile: string): string | null {
  const lines = makefile.split('\n').filter(line => !/^\s*(#|$|export\b)/.test(line));
  const include = lines.length === 1 ? /^include\s+(\S.*\/Makefile)\s*$/.exec(lines[0] ?? '') : null;
  return include?.[1] ?? null;
}

/** Where an object tree's source tree may be, most trusted first. */
function sourceCandidates(tree: string, included: string | null): string[] {
  const candidates: string[] = [];
  const named = included === null ? null : dirname(resolve(tree, included));
  if (named !== null) candidates.push(named);
  candidates.push(join(tree, 'source'));
  if (basename(tree) === 'build') candidates.push(join(dirname(tree), 'source'));
  // Debian's pair, moved together: the -common tree that the Makefile names stands beside the object tree.
  if (named !== null) candidates.push(join(dirname(realpathSync(tree)), basename(named)));
  return candidates;
}
