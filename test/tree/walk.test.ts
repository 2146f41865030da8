import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BytePath, fromLatin1, fromUtf8 } from '../../src/bytes/bytePath.js';
import type { SelectedFile } from '../../src/model/plan.js';
import { stampOf } from '../../src/tree/stamp.js';
import { identityOf, selectFile, selectWithMode, walk } from '../../src/tree/walk.js';
import { plant, scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('walk');
const mkfifo = (path: string): number | null => spawnSync('mkfifo', [path]).status;
const noMkfifo = spawnSync('mkfifo', ['--version']).status === 0 ? false : 'mkfifo is not on the PATH';
const noPermissions = process.getuid?.() === 0 ? 'root may read everything' : false;

const isHeader = (path: BytePath): boolean => path.endsWith('.h');

function found(tree: string, start = '', skipped: ReadonlySet<string> = new Set()): SelectedFile[] {
  const files = walk({
    tree: fromUtf8(tree),
    start: fromUtf8(start),
    isDeep: true,
    skipped,
    isWanted: isHeader,
    look: selectFile,
  });
  return Array.from(files, ([, file]) => file).sort((a, b) => (a.path < b.path ? -1 : 1));
}

const pathsIn = (tree: string, start = ''): string[] => found(tree, start).map(file => file.path);

test('every wanted file below the start is found, with its size, place and stamp, and its execute bit where that counts', () => {
  const tree = plant(join(scratch, 'plain'), {
    'include/a.h': 'abc',
    'include/b/c/d.h': '',
    'include/x.c': '',
    'z.h': '',
  });
  chmodSync(join(tree, 'include/b/c/d.h'), 0o755);
  const expected = (path: string, size: number, isExecutable: boolean): object => {
    const location = join(tree, path);
    return {
      kind: 'regular',
      path,
      location,
      stamp: stampOf(lstatSync(location, { bigint: true })),
      size,
      isExecutable,
    };
  };
  assert.deepEqual(found(tree, 'include'), [expected('include/a.h', 3, false), expected('include/b/c/d.h', 0, false)]);
  // Profile modules alone keeps it.
  const path = fromUtf8('include/b/c/d.h');
  assert.deepEqual(selectWithMode(path, fromUtf8(join(tree, path))), expected(path, 0, true));
  assert.deepEqual(pathsIn(tree), ['include/a.h', 'include/b/c/d.h', 'z.h']);
});

test('a start that does not exist holds nothing', () => {
  assert.deepEqual(pathsIn(scratch, 'none'), []);
});

test('symbolic links are taken as links and never followed: dangling, looping, or to a directory', () => {
  const tree = plant(join(scratch, 'links'), {
    'd/a.h': '',
    'dangling.h': '-> nowhere',
    'loop.h': '-> loop.h',
    'up.h': '-> ..',
    'to-d': '-> d',
  });
  assert.deepEqual(
    found(tree).map(file => (file.kind === 'symlink' ? `${file.path} -> ${file.target}` : file.path)),
    ['d/a.h', 'dangling.h -> nowhere', 'loop.h -> loop.h', 'up.h -> ..'],
  );
});

test('a start that is a link to a directory is entered', () => {
  const tree = plant(join(scratch, 'start'), { 'real/a.h': '', include: '-> real' });
  assert.deepEqual(pathsIn(tree, 'include'), ['include/a.h']);
});

test('a directory named x.h is a directory', () => {
  const tree = plant(join(scratch, 'directory'), { 'x.h/y.h': '', 'x.h/z.c': '' });
  assert.deepEqual(pathsIn(tree), ['x.h/y.h']);
});

test('what NFS and AFS leave behind is passed over, directories too', () => {
  const tree = plant(join(scratch, 'leftovers'), {
    '.nfs0001.h': '',
    '.__afs12.h': '',
    '.nfsdir/a.h': '',
    'b.nfs.h': '',
  });
  assert.deepEqual(pathsIn(tree), ['b.nfs.h']);
});

test('a skipped directory is not entered, by whatever name', () => {
  const tree = plant(join(scratch, 'skipped'), { 'a/x.h': '', 'build/y.h': '' });
  symlinkSync('build', join(tree, 'other-name'));
  const skipped = new Set([identityOf(fromUtf8(join(tree, 'other-name')))]);
  assert.deepEqual(
    found(tree, '', skipped).map(file => file.path),
    ['a/x.h'],
  );
});

test('names that are not UTF-8 are found with their bytes, and so are link targets', () => {
  const tree = plant(join(scratch, 'bytes'), {});
  const within = (name: string): Buffer => Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(name, 'latin1')]);
  mkdirSync(within('\xff'));
  writeFileSync(within('\xff/\xfe\n.h'), '');
  symlinkSync(Buffer.from('\xc0\xc1', 'latin1'), within('l\xe4.h'));
  assert.deepEqual(pathsIn(tree), ['l\xe4.h', '\xff/\xfe\n.h']);
  const link = found(tree)[0];
  assert.equal(link?.kind === 'symlink' ? link.target : '', fromLatin1('\xc0\xc1'));
});

test('a wanted FIFO is an error that names it; one that is not wanted is no matter', { skip: noMkfifo }, () => {
  const tree = plant(join(scratch, 'fifo'), {});
  assert.equal(mkfifo(join(tree, 'pipe')), 0);
  assert.deepEqual(pathsIn(tree), []);
  assert.equal(mkfifo(join(tree, 'x.h')), 0);
  const facts = { path: join(tree, 'x.h'), kind: 'FIFO' };
  assert.throws(() => found(tree), { code: 'E_NOT_REGULAR', facts });
});

test('a wanted socket is an error that names it', async () => {
  const tree = plant(join(scratch, 'socket'), {});
  const server = createServer();
  await new Promise<void>(resolve => server.listen(join(tree, 'x.h'), resolve));
  try {
    assert.throws(() => found(tree), { code: 'E_NOT_REGULAR', facts: { path: join(tree, 'x.h'), kind: 'socket' } });
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
});

test('a directory that cannot be read is an error that names it', { skip: noPermissions }, () => {
  const tree = plant(join(scratch, 'locked'), { 'd/a.h': '' });
  chmodSync(join(tree, 'd'), 0);
  try {
    const facts = { path: join(tree, 'd'), reason: 'permission denied' };
    assert.throws(() => found(tree), { code: 'E_READ', facts });
  } finally {
    chmodSync(join(tree, 'd'), 0o755);
  }
});

test('a directory that vanishes during the walk is an error that names it', () => {
  const tree = plant(join(scratch, 'vanishing'), { 'd/a.h': '', 'z.h': '' });
  const files = walk({
    tree: fromUtf8(tree),
    start: fromUtf8(''),
    isDeep: true,
    skipped: new Set(),
    isWanted: isHeader,
    look: selectFile,
  });
  assert.equal(files.next().value?.[0], 'z.h');
  rmSync(join(tree, 'd'), { recursive: true });
  assert.throws(() => [...files], {
    code: 'E_READ',
    facts: { path: join(tree, 'd'), reason: 'no such file or directory' },
  });
});

test('a start that is a file is an error', () => {
  const tree = plant(join(scratch, 'file'), { include: '' });
  assert.throws(() => pathsIn(tree, 'include'), { code: 'E_READ', message: /not a directory/ });
});
