import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isKernelTree } from './kernelTree.js';

/** Where trees are looked for when none is named. */
export interface SearchPlaces {
  readonly workingDirectory: string;
  /** `uname -r`. */
  readonly kernelRelease: string;
  /** The root that `/lib/modules` and `/usr/src` hang under; `/` but in tests. */
  readonly systemRoot: string;
}

/** The tree to pack when none is named: here, the running kernel's, or the newest installed. */
export function findTree(places: SearchPlaces): string | null {
  const running = join(places.systemRoot, 'lib/modules', places.kernelRelease, 'build');
  const candidates = [places.workingDirectory, running, ...installedTrees(join(places.systemRoot, 'usr/src'))];
  return candidates.find(isKernelTree) ?? null;
}

/** `linux-headers-*` under a directory: highest version first, object trees before Debian's -common halves. */
function installedTrees(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter(name => name.startsWith('linux-headers-'));
  } catch {
    return [];
  }
  return names.sort(newestFirst).map(name => join(directory, name));
}

function newestFirst(a: string, b: string): number {
  const left = versionOf(a);
  const right = versionOf(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (right[i] ?? 0) - (left[i] ?? 0);
    if (difference !== 0) return difference;
  }
  const isCommon = (name: string): number => (/-common(-|$)/.test(name) ? 1 : 0);
  return isCommon(a) - isCommon(b) || (a < b ? -1 : 1);
}

function versionOf(name: string): number[] {
  const version = /\d+(?:[.-]\d+)*/.exec(name)?.[0] ?? '';
  return version.split(/[.-]/).map(Number);
}
