import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TreePair } from '../model/settings.js';

/** What a configured tree has: kconfig's own file, or what packages keep of it. */
const MARKS = ['.config', 'include/config/auto.conf'];

/** Whether either tree was configured; one that was not has none of the headers that a build generates. */
export function isConfigured({ sourceTree, objectTree }: TreePair): boolean {
  return [objectTree, sourceTree].some(tree => tree !== null && MARKS.some(mark => existsSync(join(tree, mark))));
}

/** What `make prepare` makes in every kernel, whatever its architecture. */
const PREPARED = ['autoconf.h', 'bounds.h', 'asm-offsets.h'].map(name => `include/generated/${name}`);

/** Those headers that both trees lack. */
export function missingPrepared({ sourceTree, objectTree }: TreePair): string[] {
  const trees = [objectTree, sourceTree].filter(tree => tree !== null);
  return PREPARED.filter(path => !trees.some(tree => existsSync(join(tree, path))));
}
