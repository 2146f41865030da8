import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TreePair } from '../model/settings.js';

/** What a configured tree has: kconfig's own file, or what packages keep of it. */
const MARKS = ['.config', 'include/config/auto.conf'];

/** Whether either tree was configured; one that was not has none of the headers that a build generates. */
export function isConfigured({ sourceTree, objectTree }: TreePair): boolean {
  return [objectTree, sourceTree].some(tree => tree !== null && MARKS.some(mark => existsSync(join(tree, mark))));
}
