import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFileList } from '../../src/settings/fileList.js';
import { scratchDirectory } from '../tree/scratch.js';

const scratch = scratchDirectory('list');

test('a list is a path a line, or NUL-terminated paths, whatever their bytes', () => {
  writeFileSync(join(scratch, 'lines'), Buffer.from('a.h\n\n b.h \nc\xff.h', 'latin1'));
  assert.deepEqual(readFileList('lines', scratch, false), ['a.h', ' b.h ', 'c\xff.h']);
  writeFileSync(join(scratch, 'nul'), 'a\n.h\0\0b.h\0');
  assert.deepEqual(readFileList(join(scratch, 'nul'), '/', true), ['a\n.h', 'b.h']);
});

test('a list that cannot be read is an error that names it', () => {
  const facts = { path: 'none', reason: 'no such file or directory' };
  assert.throws(() => readFileList('none', scratch, false), { code: 'E_READ', facts });
});
