import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeDirectories } from '../../src/cache/directories.js';
import { scratch } from '../support/scratch.js';

it('directories are made as far as they are not there, for the user alone', t => {
  const above = join(scratch(t), 'above');
  mkdirSync(above, { mode: 0o755 });
  const path = join(above, 'one', 'two');
  for (let time = 0; time < 2; time++) makeDirectories(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(above, 'one')).mode & 0o777, 0o700);
  assert.equal(statSync(above).mode & 0o777, 0o755);
});

it('a file system that makes none is an error, and not waited for', {
  skip: existsSync('/proc/self') ? false : 'there is no /proc',
}, () => {
  assert.throws(() => makeDirectories('/proc/one/two'), { code: 'ENOENT' });
});
