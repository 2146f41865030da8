import { resolve as resolvePath } from 'node:path';
import { KheadersPackError } from '../errors.js';
import type { TreePair } from '../model/settings.js';
import { findTree } from '../tree/find.js';
import { kernelName } from '../tree/kernelName.js';
import { pairOf, pairWith } from '../tree/kernelTree.js';
import type { Environment } from './environment.js';
import type { PackOptions } from './options.js';

/** A kernel's trees and the directory that holds it in the archive; the empty name puts it at the top. */
export interface NamedPair {
  readonly name: string;
  readonly trees: TreePair;
}

/**
 * The kernels to pack. One TREE without a name lies at the top of the archive; of several, each has a directory of its
 * own, called after the kernel's release where no name was given.
 *
 * @throws KheadersPackError `E_NO_TREE`, `E_TREE`, `E_UNPAIRED_TREE`, `E_OPTION_VALUE`, `E_SAME_NAME`
 */
export function resolveKernels(options: PackOptions, environment: Environment): NamedPair[] {
  const given = (options.trees ?? []).map(splitName);
  const isBundle = given.length > 1;
  if (given.length === 0) given.push({ name: '', tree: options.objtree ?? chosenTree(environment) });
  const kernels = given.map(({ name, tree }) => {
    const trees = resolvePair(tree, options.objtree, environment.workingDirectory);
    return { name: name === '' && isBundle ? requireName(kernelName(trees)) : name, trees };
  });
  requireDistinct(kernels);
  return kernels;
}

/** `NAME=TREE`, where what stands before the first `=` has no slash; `./a=b` is a path. */
function splitName(text: string): { name: string; tree: string } {
  const match = /^([^/=]*)=(.*)$/s.exec(text);
  if (match === null) return { name: '', tree: text };
  return { name: requireName(match[1] ?? ''), tree: match[2] ?? '' };
}

function requireName(name: string): string {
  if (isKernelName(name)) return name;
  const expected = `at most ${NAME_MAX} letters, digits and . _ + ~ -, beginning with a letter, a digit or _ (say NAME=TREE)`;
  throw new KheadersPackError('E_OPTION_VALUE', { option: "a kernel's name", value: name, expected });
}

/** Bytes of a file's name, on Linux: a directory with a longer one can be made nowhere. */
const NAME_MAX = 255;

/** A name is one path component that no tar reader stumbles over, and no option. */
export function isKernelName(name: string): boolean {
  return name.length <= NAME_MAX && /^[A-Za-z0-9_][A-Za-z0-9._+~-]*$/.test(name);
}

function chosenTree(environment: Environment): string {
  const tree = findTree(environment);
  if (tree === null) throw new KheadersPackError('E_NO_TREE', {});
  return tree;
}

function resolvePair(tree: string, objtree: string | undefined, workingDirectory: string): TreePair {
  const path = resolvePath(workingDirectory, tree);
  return objtree === undefined ? pairOf(path) : pairWith(path, resolvePath(workingDirectory, objtree));
}

function requireDistinct(kernels: readonly NamedPair[]): void {
  const seen = new Map<string, NamedPair>();
  for (const kernel of kernels) {
    const earlier = seen.get(kernel.name);
    if (earlier !== undefined) {
      const facts = { name: kernel.name, first: earlier.trees.sourceTree, second: kernel.trees.sourceTree };
      throw new KheadersPackError('E_SAME_NAME', facts);
    }
    seen.set(kernel.name, kernel);
  }
}
