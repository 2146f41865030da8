import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromUtf8 } from '../../src/bytes/bytePath.js';
import { readRegular } from '../../src/tree/read.js';
import { scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('read');
const noMkfifo = spawnSync('mkfifo', ['--version']).status === 0 ? false : 'mkfifo is not on the PATH';
const noPermissions = process.getuid?.() === 0 ? 'root may read everything' : false;

const read = (name: string): Buffer =>
  Buffer.from(readRegular(fromUtf8(join(scratch, name)), size => Buffer.alloc(size)));

const DESCRIPTORS = '/proc/self/fd';
const noProc = existsSync(DESCRIPTORS) ? false : 'this system does not list open descriptors under /proc';

test('a file is read whole, empty or large', () => {
  for (const content of [Buffer.alloc(0), Buffer.from('x\0\xff', 'latin1'), Buffer.alloc(5_000_000, 'abc')]) {
    writeFileSync(join(scratch, 'file.h'), content);
    assert.equal(read('file.h').compare(content), 0);
  }
});

test('what is no longer a regular file has changed: a link, a directory, nothing, nothing below a file', () => {
  writeFileSync(join(scratch, 'target.h'), 'x');
  symlinkSync('target.h', join(scratch, 'link.h'));
  mkdirSync(join(scratch, 'dir.h'));
  for (const name of ['link.h', 'dir.h', 'vanished.h', 'target.h/below.h']) {
    assert.throws(() => read(name), { code: 'E_CHANGED', facts: { path: join(scratch, name) } });
  }
});

test('a FIFO has changed as well, and nobody waits for its writer', { skip: noMkfifo }, () => {
  assert.equal(spawnSync('mkfifo', [join(scratch, 'pipe.h')]).status, 0);
  assert.throws(() => read('pipe.h'), { code: 'E_CHANGED' });
});

test('a file without permission is an error that names it', { skip: noPermissions }, () => {
  writeFileSync(join(scratch, 'secret.h'), 'x');
  chmodSync(join(scratch, 'secret.h'), 0);
  const facts = { path: join(scratch, 'secret.h'), reason: 'permission denied' };
  assert.throws(() => read('secret.h'), { code: 'E_READ', facts });
});

test('a file of 2 GiB is refused by its size, and none of it is read', () => {
  const path = join(scratch, 'large.h');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 31);
  const reason = 'it has 2,147,483,648 bytes, and a file of 2 GiB or more is not packed (leave it out with --exclude)';
  assert.throws(() => readRegular(fromUtf8(path), () => assert.fail('room was asked for')), {
    code: 'E_READ',
    facts: { path, reason },
  });
});

test('no descriptor stays open, whether reading succeeds or fails', { skip: noProc }, () => {
  writeFileSync(join(scratch, 'open.h'), 'x');
  const before = readdirSync(DESCRIPTORS).length;
  for (let i = 0; i < 20; i++) {
    read('open.h');
    assert.throws(() => read('dir.h'));
  }
  assert.ok(readdirSync(DESCRIPTORS).length < before + 10);
});
