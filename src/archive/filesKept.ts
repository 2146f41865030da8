import { type BigIntStats, statSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import type { KernelFile } from '../model/plan.js';
import type { TreePair } from '../model/settings.js';
import type { Written } from '../settings/written.js';
import { identityIn, stampOf } from '../tree/stamp.js';

/** What a tree is known by, and for which architecture it is configured. Not every profile packs them. */
const MARKS = ['Makefile', '.config'];

/**
 * No file that is packed is written over with what is packed. An output elsewhere in the tree is as good as any: kbuild's
 * target lies in kernel/. Files are told by their inodes, so it takes next to no time.
 *
 * @throws KheadersPackError `E_OPTION_CONFLICT`
 */
export function requireFilesKept(
  files: readonly KernelFile[],
  trees: readonly TreePair[],
  written: readonly Written[],
): void {
  const there = new Map<string, Written>();
  for (const each of written) {
    const identity = identityAt(each.path);
    if (identity !== null) there.set(identity, each);
  }
  if (there.size === 0) return;
  for (const { file } of files) {
    const over = there.get(identityIn(file.stamp));
    if (over !== undefined) throw overwriting(over, printable(file.location));
  }
  for (const tree of trees.flatMap(({ sourceTree, objectTree }) => [sourceTree, objectTree ?? sourceTree])) {
    for (const path of MARKS.map(name => join(tree, name))) {
      const over = there.get(identityAt(path) ?? '');
      if (over !== undefined) throw overwriting(over, path);
    }
  }
}

function overwriting({ named }: Written, path: string): KheadersPackError {
  const facts = { first: named, second: 'TREE', reason: `"${path}" would be written over` };
  return new KheadersPackError('E_OPTION_CONFLICT', facts);
}

/** Null where there is no regular file: others are not replaced. */
function identityAt(path: string): string | null {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch {
    return null;
  }
  return stats.isFile() ? identityIn(stampOf(stats)) : null;
}
