import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TreePair } from '../model/settings.js';

/**
 * What a kernel is called in a bundle when nobody says: its release as the trees record it (the object tree's first),
 * else the tree's own name.
 */
export function kernelName(trees: TreePair): string {
  const roots = trees.objectTree === null ? [trees.sourceTree] : [trees.objectTree, trees.sourceTree];
  for (const root of roots) {
    const release = contentOf(join(root, 'include/config/kernel.release')).trim();
    if (release !== '') return release;
    const define = /^#define UTS_RELEASE "(.+)"$/m.exec(contentOf(join(root, 'include/generated/utsrelease.h')));
    if (define?.[1] !== undefined) return define[1];
  }
  return basename(trees.sourceTree);
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
