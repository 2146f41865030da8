import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { succeeded } from '../support/archive.js';
import { runCli } from '../support/cli.js';
import { buildTree, runKbuild } from '../support/kbuild.js';
import { kernelTree } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { runIntoTrouble } from '../support/trouble.js';

const QUICK = ['-q', '--no-cache', '--preset', '0', '--jobs', '1'];

function inTree(t: TestContext): { work: string; tree: string } {
  const work = scratch(t);
  const tree = kernelTree(join(work, 'tree'), { 'include/linux/a.h': '#define A 1\n', 'kernel/Makefile': '' });
  return { work, tree };
}

/** Refused, naming both, with everything as it was. */
async function assertKept(work: string, args: readonly string[], expected: RegExp): Promise<void> {
  const before = snapshot(work);
  await runIntoTrouble([...QUICK, ...args], expected);
  assert.deepEqual(snapshot(work), before);
}

describe('what a pack reads is not written over by it:', () => {
  const OUTPUTS = ['-o', '--manifest', '--sha256sums', '--provenance', '--trace'];

  it('a header that is packed, whatever is written there and whatever it is called', async t => {
    const { work, tree } = inTree(t);
    const header = join(tree, 'include/linux/a.h');
    symlinkSync(header, join(work, 'link'));
    const apart = ['-o', join(work, 'k.tar.xz')];
    for (const name of [header, join(tree, 'kernel/../include/linux/a.h'), join(work, 'link')]) {
      for (const option of OUTPUTS) {
        const args = [tree, ...(option === '-o' ? [] : apart), option, name];
        await assertKept(work, args, /Cannot use -.* with TREE: ".*\/include\/linux\/a\.h" would be written over$/);
      }
      for (const dry of [[], ['--dry-run']]) {
        const args = [tree, ...dry, ...(dry.length > 0 ? [] : apart), `--json=${name}`];
        await assertKept(work, args, /Cannot use --json=.* with TREE: ".*\/a\.h" would be written over$/);
      }
    }
  });

  it('what a tree is known by, which not every profile packs', async t => {
    const { work, tree } = inTree(t);
    const apart = ['-o', join(work, 'k.tar.xz')];
    for (const name of ['Makefile', '.config']) {
      const expected = /Cannot use -.* with TREE: ".*" would be written over$/;
      await assertKept(work, [tree, ...apart, '--trace', join(tree, name)], expected);
      await assertKept(work, [tree, ...apart, `--json=${join(tree, name)}`], expected);
    }
  });

  it('the list of --files-from', async t => {
    const { work, tree } = inTree(t);
    const list = join(work, 'list');
    writeFileSync(list, 'include/linux/a.h\n');
    linkSync(list, join(work, 'other'));
    for (const name of [list, join(work, 'other')]) {
      const expected = /Cannot use -.* with --files-from .*: it would be written over$/;
      await assertKept(work, [tree, '--files-from', list, '-o', name], expected);
      const args = [tree, '--files-from', list, '-o', join(work, 'k.tar.xz'), '--manifest', name];
      await assertKept(work, args, expected);
    }
  });

  it("the headers of a kernel's build", async t => {
    const tree = buildTree(join(scratch(t), 'linux'), { 'include/linux/a.h': '#define A 1\n' });
    const before = snapshot(tree);
    const { code, stderr } = await runKbuild(tree, ['include/linux/a.h']);
    assert.equal(code, 2);
    assert.match(stderr, /Cannot use -o .* with TREE/);
    assert.deepEqual(snapshot(tree), before);
  });
});

it('outputs elsewhere in the tree are as good as any, the second time as well', async t => {
  const { tree } = inTree(t);
  mkdirSync(join(tree, 'out'));
  for (let round = 0; round < 2; round++) {
    const args = [
      '-o',
      join(tree, 'kernel/k.tar.xz'),
      '--manifest',
      join(tree, 'out/m'),
      '--trace',
      join(tree, 'trace'),
    ];
    succeeded(await runCli([...QUICK, tree, ...args, `--json=${join(tree, 'include/report.json')}`]));
    // A list that can be read once is read by the pack.
    const listed = ['--files-from', '-', '-o', join(tree, 'k'), `--json=${join(tree, 'include/report.json')}`];
    succeeded(await runCli([...QUICK, tree, ...listed], { input: 'include/linux/a.h\n' }));
  }
});
