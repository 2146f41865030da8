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
    const release = recordedRelease(root);
    if (release !== null) return release;
  }
  return basename(trees.sourceTree);
}

/** The release that a build has recorded in its object tree, or null. */
export function recordedRelease(tree: string): string | null {
  const release = contentOf(join(tree, 'include/config/kernel.release')).trim();
  if (release !== '') return release;
  return /^#define UTS_RELEASE "(.+)"$/m.exec(contentOf(join(tree, 'include/generated/utsrelease.h')))?.[1] ?? null;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
