import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TreePair } from '../model/settings.js';
import { recordedRelease } from './kernelName.js';
import { versionOf } from './kernelTree.js';

/** What a configured tree has: kconfig's own file, or what packages keep of it. */
const MARKS = ['.config', 'include/config/auto.conf'];

/** Whether either tree was configured; one that was not has none of the headers that a build generates. */
export function isConfigured({ sourceTree, objectTree }: TreePair): boolean {
  return [objectTree, sourceTree].some(tree => tree !== null && MARKS.some(mark => existsSync(join(tree, mark))));
}

/** What two trees that are not of one kernel say of themselves; null where they are, or where one says nothing. */
export function versionsApart({ sourceTree, objectTree }: TreePair): { source: string; object: string } | null {
  const source = versionOf(sourceTree);
  const object = objectTree === null ? null : recordedRelease(objectTree);
  if (source === null || object === null) return null;
  // Of a release no more is taken than its first two numbers: distributions have their own way with the others.
  return /^\d+\.\d+/.exec(object)?.[0] === source ? null : { source, object };
}
