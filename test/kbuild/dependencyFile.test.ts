import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromUtf8 } from '../../src/bytes/bytePath.js';
import { dependencyText } from '../../src/kbuild/dependencyFile.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

test('make reads every name as it is, also those with characters that mean something to it', {
  skip: unless('make'),
}, t => {
  const directory = scratch(t);
  const names = ['plain.h', 'with blank.h', 'dollar$.h', 'hash#.h', 'colon:.h', 'semicolon;.h', 'ümlaut.h'].map(
    name => `include/${name}`,
  );
  mkdirSync(join(directory, 'include'));
  for (const name of names) writeFileSync(join(directory, name), '');
  writeFileSync(
    join(directory, 'k.d'),
    dependencyText('k', names.slice(0, 2).map(fromUtf8), names.slice(2).map(fromUtf8)),
  );
  writeFileSync(join(directory, 'Makefile'), 'k:\n\t@touch k && echo made\ninclude k.d\n');
  const make = (): string => {
    const { stdout, stderr, status } = spawnSync('make', [], { cwd: directory, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.equal(make(), 'made\n');
  for (const name of names) {
    // -W: as if that file had just changed.
    const { status } = spawnSync('make', ['--question', '-W', name], { cwd: directory });
    assert.equal(status, 1, `${name} is a dependency`);
  }
  assert.equal(spawnSync('make', ['--question'], { cwd: directory }).status, 0);
  for (const name of names) {
    rmSync(join(directory, name));
    assert.equal(make(), 'made\n', name);
  }
});

test('names that make reads as something else in a rule, however they are written, are refused', () => {
  for (const name of ['a%b.h', 'a|b.h']) {
    const expected = { code: 'E_LISTED_PATH', message: /make cannot have % or \|/ };
    assert.throws(() => dependencyText('k', [fromUtf8(name)], []), expected);
    assert.throws(() => dependencyText('k', [], [fromUtf8(name)]), expected);
  }
});
