import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTree } from '../../src/tree/find.js';
import { plant, scratchDirectory, TOP_MAKEFILE } from './scratch.js';

const scratch = scratchDirectory('find');
const KERNEL = { Makefile: TOP_MAKEFILE };
const OBJECTS = { Makefile: 'include /usr/src/linux-headers-6.1.0-9-common/Makefile\n' };

let roots = 0;
/** A system of its own: directories by path, each with these files. */
function findIn(directories: Record<string, Record<string, string>>, workingDirectory: string): string | null {
  const systemRoot = join(scratch, String(roots++));
  mkdirSync(join(systemRoot, 'work'), { recursive: true });
  for (const [path, files] of Object.entries(directories)) plant(join(systemRoot, path), files);
  const found = findTree({
    workingDirectory: join(systemRoot, workingDirectory),
    kernelRelease: '6.1.0-9',
    systemRoot,
  });
  return found === null ? null : found.slice(systemRoot.length + 1);
}

const RUNNING = 'lib/modules/6.1.0-9/build';
const installed = (name: string): string => `usr/src/linux-headers-${name}`;

test('the working directory comes first, when it is a kernel tree', () => {
  assert.equal(findIn({ work: KERNEL, [RUNNING]: KERNEL, [installed('6.1')]: KERNEL }, 'work'), 'work');
  assert.equal(findIn({ work: OBJECTS, [RUNNING]: KERNEL }, 'work'), 'work');
});

test("the running kernel's build directory comes second", () => {
  const other = { Makefile: 'all:\n\techo VERSION = 6\n' };
  assert.equal(findIn({ work: other, [RUNNING]: OBJECTS, [installed('6.12')]: KERNEL }, 'work'), RUNNING);
});

test("another kernel's build directory is not looked at", () => {
  assert.equal(findIn({ 'lib/modules/6.12.0/build': KERNEL }, 'work'), null);
});

test('the highest version among the installed headers comes last, compared as numbers', () => {
  const versions = ['6.9.0-1-amd64', '6.12.0-2-amd64', '6.12.0-10-amd64', '5.19.0-50-amd64'];
  const trees = Object.fromEntries(versions.map(version => [installed(version), OBJECTS]));
  assert.equal(findIn(trees, 'work'), installed('6.12.0-10-amd64'));
});

test("an object tree comes before Debian's -common half of the same version", () => {
  for (const flavour of ['amd64', 'rt-amd64']) {
    const trees = { [installed('6.1.0-9-common')]: KERNEL, [installed(`6.1.0-9-${flavour}`)]: OBJECTS };
    assert.equal(findIn(trees, 'work'), installed(`6.1.0-9-${flavour}`));
  }
  assert.equal(findIn({ [installed('6.1.0-9-common')]: KERNEL }, 'work'), installed('6.1.0-9-common'));
});

test('a directory of that name which is no kernel tree is passed over', () => {
  const trees = { [installed('6.12')]: { README: '' }, [installed('6.1')]: KERNEL };
  assert.equal(findIn(trees, 'work'), installed('6.1'));
});

test('nothing is found where there is nothing', () => {
  assert.equal(findIn({}, 'work'), null);
});
