import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { download, refreshLists, requireApt, sourcePackage } from '../apt.js';
import { output } from '../command.js';
import { type Series, TREES_DIR } from '../trees.js';

/**
 * A clean kernel source, made under another name and renamed when whole: a copy of the corpus's where that is there, else
 * Debian's package.
 */
export function cleanSource(series: Series, directory: string): string {
  const source = join(directory, 'source');
  if (existsSync(source)) return source;
  const partial = join(directory, 'source.partial');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const corpus = join(TREES_DIR, `linux-source-${series}`);
  if (existsSync(corpus)) output('cp', ['-a', `${corpus}/.`, partial]);
  else unpackPackage(series, directory, partial);
  output('make', ['-s', `-j${availableParallelism()}`, 'mrproper'], { cwd: partial });
  renameSync(partial, source);
  return source;
}

function unpackPackage(series: Series, directory: string, root: string): void {
  requireApt();
  refreshLists();
  const scratch = join(directory, 'package.partial');
  rmSync(scratch, { recursive: true, force: true });
  try {
    const { deb } = download(sourcePackage(series), scratch);
    output('dpkg-deb', ['-x', deb, join(scratch, 'root')]);
    const tarball = join(scratch, 'root/usr/src', `linux-source-${series}.tar.xz`);
    output('tar', ['-xf', tarball, '-C', root, '--strip-components=1', '--no-same-owner']);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
