import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildOptions, type Ended, runCli } from './cli.js';
import { kernelTree, type Made } from './kernelTree.js';

/** As kbuild names it, in the object tree. */
export const TARGET = 'kernel/kheaders_data.tar.xz';

/** What kbuild exports to a recipe, in a build in the source tree. */
export const EXPORTED = {
  srctree: '.',
  SRCARCH: 'x86',
  building_out_of_srctree: '',
  KBUILD_BUILD_TIMESTAMP: '@1700000000',
  KBUILD_VERBOSE: '0',
  quiet: 'quiet_',
  MAKEFLAGS: ' -j2 --jobserver-auth=3,4',
  KHEADERS_PACK_FLAGS: undefined,
};

/** A source tree in which a kernel can be built: it has a directory for the target. */
export function buildTree(root: string, files: Readonly<Record<string, Made>> = {}): string {
  mkdirSync(join(root, 'kernel'), { recursive: true });
  return kernelTree(root, files);
}

/** Runs `kheaders-pack kbuild` as kbuild does. */
export function runKbuild(
  tree: string,
  args: readonly string[] = [TARGET],
  options: ChildOptions = {},
): Promise<Ended> {
  return runCli(['kbuild', ...args], { ...options, cwd: tree, env: { ...EXPORTED, ...options.env } });
}
