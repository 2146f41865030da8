import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../command.js';
import { PROGRAM } from '../trees.js';
import { withoutFiles } from './aside.js';
import type { ParityCase } from './cases.js';

/** Relative to the object tree, as kbuild names its target. */
const TARGET = 'kernel/.tmp_parity.tar';
/** All that the script writes beside its target: 6.1 copies to `TARGET.tmp`, 6.12 to `.tmp_cpio_dir`. */
const DROPPINGS = [TARGET, `${TARGET}.tmp`, 'kernel/.tmp_cpio_dir', 'kernel/kheaders.md5'];

const SURROUNDINGS = { TZ: 'UTC', SOURCE_DATE_EPOCH: '', XZ_OPT: '', XZ_DEFAULTS: '' };

/**
 * Has the kernel's script make its archive, as kbuild calls it, and writes the tar inside to `tar`. `XZ=cat` hands over
 * what xz would have been given, in half the time; `real` has it compress with xz and decompresses that.
 */
export function scriptTar(each: ParityCase, tar: string, real: boolean): void {
  const objtree = each.object ?? each.source;
  const srctree = each.object === null ? '.' : each.source;
  const kernel = join(objtree, 'kernel');
  const isBare = !existsSync(kernel);
  if (isBare) mkdirSync(kernel);
  try {
    withoutFiles(
      DROPPINGS.map(path => join(objtree, path)),
      () => {
        output('sh', [each.script, TARGET], {
          cwd: objtree,
          env: {
            ...SURROUNDINGS,
            srctree,
            SRCARCH: each.arch,
            building_out_of_srctree: each.object === null ? '' : '1',
            KBUILD_BUILD_TIMESTAMP: each.timestamp,
            XZ: real ? 'xz' : 'cat',
          },
        });
        if (real) decompress(join(objtree, TARGET), tar);
        else output('mv', [join(objtree, TARGET), tar]);
      },
    );
  } finally {
    if (isBare) rmdirSync(kernel);
  }
}

/** Has us make our archive of the same, and writes the tar inside to `tar`. */
export function ourTar(each: ParityCase, archive: string, tar: string): void {
  const objtree = each.object === null ? [] : ['--objtree', each.object];
  const mtime = each.told === 'option' ? ['--mtime', each.timestamp] : [];
  const args = ['pack', each.source, ...objtree, '--compat', '--arch', each.arch, ...mtime];
  output(process.execPath, [PROGRAM, ...args, '--quiet', '--no-cache', '-o', archive], {
    env: { ...SURROUNDINGS, KBUILD_BUILD_TIMESTAMP: each.told === 'option' ? '' : each.timestamp },
  });
  decompress(archive, tar);
}

function decompress(archive: string, tar: string): void {
  output('sh', ['-c', 'xz -dc -- "$1" > "$2"', 'sh', archive, `${tar}.partial`]);
  renameSync(`${tar}.partial`, tar);
}
