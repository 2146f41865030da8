import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { output } from '../command.js';
import { type Series, TREES_DIR } from '../trees.js';

/** A kernel's trees, configured with IKHEADERS and prepared: all that the archive is made of is there. */
export interface BuildTree {
  readonly name: string;
  readonly source: string;
  /** The source tree itself, or another directory (O=). */
  readonly object: string;
  /** As kbuild names it. */
  readonly target: string;
}

/** Both sides get the same, so that the tars can be compared; neither who builds nor when is in a header. */
export const SURROUNDINGS = {
  TZ: 'UTC',
  KBUILD_BUILD_USER: 'proof',
  KBUILD_BUILD_HOST: 'proof',
  KBUILD_BUILD_TIMESTAMP: '2024-02-29 12:00:00',
  KHEADERS_PACK_FLAGS: '',
  XZ_OPT: '',
  XZ_DEFAULTS: '',
  SOURCE_DATE_EPOCH: '',
};

/** Runs `work` in the source tree and with O=, each in a copy of the corpus's tree. */
export function prepare<T>(series: Series, scratch: string, work: (tree: BuildTree) => T): T[] {
  const source = join(scratch, `linux-${series}`);
  const object = join(scratch, `object-${series}`);
  mkdirSync(source);
  output('cp', ['-a', `${join(TREES_DIR, `linux-source-${series}`)}/.`, source]);
  try {
    const inside = { name: `Linux ${series}, in the source tree`, source, object: source, target: TARGET };
    configure(inside);
    const first = work(inside);
    make(inside, ['-s', 'mrproper']);
    mkdirSync(object);
    const outside = { name: `Linux ${series}, O=`, source, object, target: TARGET };
    configure(outside);
    return [first, work(outside)];
  } finally {
    for (const directory of [source, object]) rmSync(directory, { recursive: true, force: true });
  }
}

const TARGET = 'kernel/kheaders_data.tar.xz';

export function make(tree: BuildTree, args: readonly string[]): string {
  const where = tree.object === tree.source ? [] : [`O=${tree.object}`];
  const all = [`-j${availableParallelism()}`, ...where, ...args];
  return output('make', all, { cwd: tree.source, env: SURROUNDINGS });
}

function configure(tree: BuildTree): void {
  const config = join(tree.object, '.config');
  make(tree, ['-s', 'defconfig']);
  output(join(tree.source, 'scripts/config'), ['--file', config, '--enable', 'IKHEADERS']);
  make(tree, ['-s', 'olddefconfig']);
  if (!readFileSync(config, 'utf8').includes('\nCONFIG_IKHEADERS=y\n')) throw new Error('IKHEADERS cannot be set');
  make(tree, ['-s', 'prepare']);
}
