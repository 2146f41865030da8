import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { kernelTree } from '../support/kernelTree.js';
import { plannedPaths } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = kernelTree(join(work, 'tree'), {
  'include/linux/a.h': 'a\n',
  'include/linux/deep/b.h': 'b\n',
  'include/linux/new\nline.h': 'newline\n',
  'include/linux/notes.txt': 'no header\n',
  'include/generated/utsversion.h': '#define UTS_VERSION "#1"\n',
  'include/generated/utsrelease.h': '#define UTS_RELEASE "6.1"\n',
  'include/linux/.nfs000001.h': 'left by NFS\n',
  'include/linux/.__afs0001.h': 'left by AFS\n',
  'include/linux/.nfsdir/x.h': 'left by NFS\n',
  'include/linux/.hidden.h': 'hidden\n',
  'include/linux/directory.h/inside.h': 'inside\n',
  'include/linux/link.h': { linkTo: 'a.h' },
  'arch/arm64/include/asm/a.h': 'arm64\n',
  'drivers/acme/acme.h': 'acme\n',
  'top.h': 'top\n',
});
mkdirSync(join(tree, 'include/linux/empty.h'));

const HEADERS = [
  'arch/x86/include/asm/least.h',
  'include/generated/utsrelease.h',
  'include/linux/.hidden.h',
  'include/linux/a.h',
  'include/linux/deep/b.h',
  'include/linux/directory.h/inside.h',
  'include/linux/least.h',
  'include/linux/link.h',
  'include/linux/new\nline.h',
];

describe('the selection', () => {
  it('has every header under include and arch/$SRCARCH/include, hidden ones too, and no leftover or utsversion.h', async () => {
    assert.deepEqual(await plannedPaths([tree, '--order', 'gnu']), HEADERS);
  });

  it('has the headers of another architecture with --arch, by its ARCH, SRCARCH or machine name', async () => {
    const arm64 = ['arch/arm64/include/asm/a.h', ...HEADERS.slice(1)];
    const of = (name: string): Promise<string[]> => plannedPaths([tree, '--order', 'gnu', '--arch', name]);
    for (const name of ['arm64', 'aarch64']) assert.deepEqual(await of(name), arm64);
    for (const name of ['x86_64', 'i386']) assert.deepEqual(await of(name), HEADERS);
  });

  it('has every header of the tree with --profile all, utsversion.h and leftovers still left out', async () => {
    const all = [
      'arch/arm64/include/asm/a.h',
      ...HEADERS.slice(0, 1),
      'drivers/acme/acme.h',
      ...HEADERS.slice(1),
      'top.h',
    ];
    assert.deepEqual(await plannedPaths([tree, '--order', 'gnu', '--profile', 'all']), all);
  });

  it('is narrowed by --include and --exclude, by name, path, directory and pattern', async () => {
    const of = (...args: string[]): Promise<string[]> => plannedPaths([tree, ...args]);
    assert.deepEqual(await of('--include', 'a.h'), ['include/linux/a.h']);
    assert.deepEqual(await of('--include', 'include/linux/deep'), ['include/linux/deep/b.h']);
    assert.deepEqual(await of('--include', 'deep', '--include', 'asm/'), [
      'arch/x86/include/asm/least.h',
      'include/linux/deep/b.h',
    ]);
    assert.deepEqual(await of('--exclude', 'include/**'), ['arch/x86/include/asm/least.h']);
    assert.deepEqual(
      await of('--include', 'include/linux/*.h', '--exclude', 'l*.h', '--exclude', 'new*', '--exclude', 'directory.h'),
      ['include/linux/.hidden.h', 'include/linux/a.h'],
    );
  });

  it('never takes utsversion.h back in for being included by name', async () => {
    assert.deepEqual(await plannedPaths([tree, '--include', 'utsversion.h', '--include', 'a.h']), [
      'include/linux/a.h',
    ]);
  });
});

describe('--files-from', () => {
  const list = join(work, 'list');

  it('takes the paths listed, whatever their names, in the order of the archive', async () => {
    writeFileSync(list, `include/linux/notes.txt\n./include/linux/a.h\n\ninclude//linux/link.h\n${tree}/Makefile\n`);
    const expected = ['Makefile', 'include/linux/a.h', 'include/linux/link.h', 'include/linux/notes.txt'];
    assert.deepEqual(await plannedPaths([tree, '--files-from', list]), expected);
  });

  it('reads NUL-terminated paths with -0, so that a name may hold a newline', async () => {
    const input = 'include/linux/new\nline.h\0include/linux/a.h\0';
    const expected = ['include/linux/a.h', 'include/linux/new\nline.h'];
    assert.deepEqual(await plannedPaths([tree, '-0', '--files-from', '-'], { input }), expected);
  });

  it('is relative to the working directory, and its paths to the tree', async () => {
    writeFileSync(list, 'include/linux/a.h\n');
    assert.deepEqual(await plannedPaths([tree, '--files-from', 'list'], { cwd: work }), ['include/linux/a.h']);
  });

  it('is narrowed by --include and --exclude', async () => {
    writeFileSync(list, 'include/linux/a.h\ninclude/linux/deep/b.h\nMakefile\n');
    const args = [tree, '--files-from', list, '--include', '*.h', '--exclude', 'deep'];
    assert.deepEqual(await plannedPaths(args), ['include/linux/a.h']);
  });

  it('names the path that it cannot take, and the list', async () => {
    for (const [path, reason] of [
      ['include/linux/missing.h', 'it is in no tree'],
      ['include/linux', 'it is a directory'],
      ['include/../Makefile', 'it has a "\\.\\." component'],
      ['/etc/hostname', 'it lies outside the trees'],
      ['Makefile/x.h', 'it is in no tree'],
    ] as const) {
      writeFileSync(list, `include/linux/a.h\n${path}\n`);
      const expected = new RegExp(`Cannot pack "${path}" of --files-from: ${reason}`);
      await runIntoTrouble([tree, '--files-from', list, '-o', join(work, 'out')], expected);
    }
  });

  it('is trouble when the list is missing or empty', async () => {
    await runIntoTrouble([tree, '--files-from', join(work, 'nothing')], /Cannot read ".*nothing": no such file/);
    writeFileSync(list, '\n\n');
    await runIntoTrouble(
      [tree, '--files-from', list, '-o', join(work, 'out')],
      /Cannot find any file to pack .*--files-from/,
    );
  });
});
