import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CorpusError, output } from '../command.js';
import { PROGRAM } from '../trees.js';
import { type BuildTree, make, SURROUNDINGS } from './tree.js';

/** One of the two programs that make the archive. */
export interface Side {
  readonly name: string;
  /** Has a kernel's build make the archive anew. */
  makeThroughMake(tree: BuildTree): void;
  /** Runs the command as make runs it; `full` means that nothing of an earlier run is there. */
  time(tree: BuildTree, work: 'full' | 'no change'): { readonly wall: number; readonly cpu: number };
}

/** Clock ticks of /proc/PID/stat in a second, and where it has those of children. */
const TICKS = 100;
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

export const SIDES: readonly Side[] = [
  side('gen_kheaders.sh', [], tree => ['sh', [join(tree.source, 'kernel/gen_kheaders.sh'), tree.target]]),
  side('kheaders-pack', [`cmd_genikh=${process.execPath} ${PROGRAM} kbuild $@`], tree => [
    process.execPath,
    [PROGRAM, 'kbuild', tree.target],
  ]),
];

function side(name: string, variables: readonly string[], command: (tree: BuildTree) => [string, string[]]): Side {
  const run = (tree: BuildTree): void => {
    const [program, args] = command(tree);
    const isInside = tree.object === tree.source;
    const exported = {
      srctree: isInside ? '.' : tree.source,
      SRCARCH: 'x86',
      building_out_of_srctree: isInside ? '' : '1',
      XZ: 'xz',
      MAKEFLAGS: ` -j${availableParallelism()} --jobserver-auth=3,4`,
    };
    output(program, args, { cwd: tree.object, env: { ...SURROUNDINGS, ...exported } });
  };
  return {
    name,
    makeThroughMake(tree) {
      clean(tree);
      make(tree, [...variables, 'kernel/kheaders.o']);
      if (!existsSync(join(tree.object, tree.target))) throw new CorpusError(`${name} made no archive`);
    },
    time(tree, work) {
      clean(tree);
      // The second run of ours may still look into what the first made just before; that is not what is measured.
      if (work === 'no change') {
        run(tree);
        output('sleep', ['2.1']);
        run(tree);
      }
      const start = performance.now();
      const cpu = childrenSeconds();
      run(tree);
      return { wall: (performance.now() - start) / 1000, cpu: childrenSeconds() - cpu };
    },
  };
}

/** Either side's record is none to the other. */
function clean(tree: BuildTree): void {
  for (const path of [tree.target, 'kernel/kheaders.md5']) rmSync(join(tree.object, path), { force: true });
}

function childrenSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) / TICKS;
}
