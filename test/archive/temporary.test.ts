import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import {
  makeTemporary,
  removeAbandoned,
  removeLeftBehind,
  removeTemporary,
  replaceFile,
} from '../../src/archive/temporary.js';
import { forgetTemporary, removeTemporaryFiles } from '../../src/archive/temporaryFiles.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';

describe('a temporary file', () => {
  it('stands beside its target, under a name that make clean removes and no other has', t => {
    const directory = scratch(t);
    const target = join(directory, 'k.tar.xz');
    const first = makeTemporary(target);
    const second = makeTemporary(target);
    assert.notEqual(first, second);
    assert.match(basename(first), /^\.tmp_k\.tar\.xz\./);
    removeTemporary(first);
    assertHoldsOnly(directory, [basename(second)]);
    removeTemporaryFiles();
    assertHoldsOnly(directory, []);
  });

  it('that got its name is not removed any more', t => {
    const directory = scratch(t);
    const path = makeTemporary(join(directory, 'x'));
    forgetTemporary(path);
    removeTemporaryFiles();
    assertHoldsOnly(directory, [basename(path)]);
  });
});

describe('what is left behind', () => {
  const target = '/somewhere/k.tar.xz';

  it('goes when its process is dead, and stays while it lives', async t => {
    const directory = scratch(t);
    // A process that makes a temporary file and then waits.
    const script = `
      import { makeTemporary } from ${JSON.stringify(new URL('../../src/archive/temporary.js', import.meta.url).href)};
      makeTemporary(${JSON.stringify(join(directory, 'k.tar.xz'))});
      console.log('made');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const [name = ''] = readdirSync(directory);
    removeLeftBehind(directory, [target]);
    assertHoldsOnly(directory, [name]);
    const end = once(child, 'exit');
    child.kill('SIGKILL');
    await end;
    assertHoldsOnly(directory, [name]);
    removeLeftBehind(directory, [target]);
    assertHoldsOnly(directory, []);
  });

  it('goes too when another process has its number by now', t => {
    const directory = scratch(t);
    const own = makeTemporary(join(directory, 'k.tar.xz'));
    const earlier = own.replace(/-\d+\./, '-1.');
    writeFileSync(earlier, '');
    removeLeftBehind(directory, [target]);
    assertHoldsOnly(directory, [basename(own)]);
    removeTemporary(own);
  });

  it('is told from what others keep there', t => {
    const directory = scratch(t);
    const names = [
      '.tmp_k.tar.xz.mine',
      '.tmp_other.4194305-1.1',
      '.tmp_k.tar.xz.4194305-1.1.o',
      'k.tar.xz.4194305-1.1',
    ];
    for (const name of names) writeFileSync(join(directory, name), '');
    writeFileSync(join(directory, '.tmp_k.tar.xz.4194305-1.1'), '');
    removeLeftBehind(directory, [target]);
    assertHoldsOnly(directory, names);
  });
});

it('what was left for an output goes when nobody has written to it for an hour, be it a file or a directory', t => {
  const directory = scratch(t);
  const names = ['file', 'directory', 'young'].map((name, i) => [name, `.tmp_k.tar.xz.4194305-1.${i}`] as const);
  const pathOf = Object.fromEntries(names.map(([name, file]) => [name, join(directory, file)]));
  const own = makeTemporary(join(directory, 'k.tar.xz'));
  mkdirSync(join(pathOf['directory'] ?? '', 'in it'), { recursive: true });
  writeFileSync(pathOf['file'] ?? '', '');
  writeFileSync(pathOf['young'] ?? '', '');
  const longAgo = Date.now() / 1000 - 3700;
  for (const path of [pathOf['file'], pathOf['directory'], own]) utimesSync(path ?? '', longAgo, longAgo);
  removeAbandoned(join(directory, 'k.tar.xz'));
  assertHoldsOnly(directory, [basename(pathOf['young'] ?? ''), basename(own)]);
  removeTemporary(own);
  removeAbandoned(join(directory, 'none', 'k.tar.xz'));
});

describe('a small file', () => {
  it('is replaced whole', t => {
    const directory = scratch(t);
    writeFileSync(join(directory, 'x'), 'before');
    replaceFile(join(directory, 'x'), 'after');
    assert.equal(readFileSync(join(directory, 'x'), 'utf8'), 'after');
    assertHoldsOnly(directory, ['x']);
  });

  it('that cannot be written is an error, and nothing is left', t => {
    const directory = scratch(t);
    const missing = join(directory, 'none', 'x');
    assert.throws(() => replaceFile(missing, ''), {
      code: 'E_WRITE',
      facts: { path: missing, reason: 'no such file or directory' },
    });
    assert.throws(() => replaceFile(directory, ''), { code: 'E_WRITE' });
    assertHoldsOnly(directory, []);
  });
});
