import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { packed, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { writeFiles } from '../support/kernelTree.js';
import { moduleTree } from '../support/moduleTree.js';
import { dryRun, plannedPaths } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const MODULES = ['--profile', 'modules', '--quiet'];
const CHOSEN = [
  '.config',
  'Makefile',
  'arch/x86/Makefile',
  'arch/x86/Makefile_32.cpu',
  'arch/x86/include/asm/least.h',
  'include/config/auto.conf',
  'include/config/kernel.release',
  'include/generated/autoconf.h',
  'include/linux/least.h',
  'scripts/Kbuild.include',
  'scripts/Makefile.build',
  'scripts/basic/fixdep',
  'scripts/ld-version.sh',
  'scripts/mod/modpost',
  'scripts/module-common.c',
  'scripts/module.lds',
  'tools/objtool/objtool',
];

describe('profile modules', () => {
  it('takes what a module is built with, and neither objects, droppings, sources nor keys', async t => {
    const tree = moduleTree(join(scratch(t), 'linux'));
    assert.deepEqual((await plannedPaths([tree, ...MODULES])).sort(), CHOSEN);
  });

  it('takes Module.symvers on request', async t => {
    const tree = moduleTree(join(scratch(t), 'linux'));
    const paths = await plannedPaths([tree, ...MODULES, '--symvers']);
    assert.deepEqual(paths.sort(), [...CHOSEN, 'Module.symvers'].sort());
    await runIntoTrouble([tree, '--symvers'], /Cannot use --symvers with --profile headers/);
  });

  it('leaves out objtool where the configuration does not call it', async t => {
    const tree = moduleTree(join(scratch(t), 'linux'), { '.config': 'CONFIG_X86=y\n' });
    const paths = await plannedPaths([tree, ...MODULES]);
    assert.deepEqual(
      paths.sort(),
      CHOSEN.filter(path => path !== 'tools/objtool/objtool'),
    );
  });

  it('keeps executables executable and strips headers alone', { skip: unless('tar', 'xz') }, async t => {
    const work = scratch(t);
    const tree = moduleTree(join(work, 'linux'));
    chmodSync(join(tree, 'include/linux/least.h'), 0o754);
    const archive = join(work, 'm.tar.xz');
    await packed([tree, ...MODULES], archive);
    const out = join(work, 'out');
    mkdirSync(out);
    succeeded(await run('tar', ['-xpf', archive, '-C', out]));
    const found = snapshot(out);
    const executable = Object.keys(found).filter(path => found[path]?.startsWith('file 755'));
    assert.deepEqual(executable.sort(), [
      'include/linux/least.h',
      'scripts/basic/fixdep',
      'scripts/ld-version.sh',
      'scripts/mod/modpost',
      'tools/objtool/objtool',
    ]);
    const original = snapshot(tree);
    for (const path of CHOSEN.filter(each => !each.endsWith('.h'))) assert.equal(found[path], original[path], path);
    assert.notEqual(found['include/generated/autoconf.h'], original['include/generated/autoconf.h']);
  });

  it('makes the execute bit an input, and links no executable to a file that is none', async t => {
    const work = scratch(t);
    const tree = moduleTree(join(work, 'linux'), { 'scripts/a.sh': '#!/bin/sh\n', 'scripts/b.sh': '#!/bin/sh\n' });
    const archive = join(work, 'm.tar.xz');
    const kinds = async (): Promise<(string | undefined)[][]> => {
      const { plan } = await dryRun([tree, ...MODULES, '--include', 'scripts/[ab].sh', '--order', 'gnu']);
      return plan.entries.slice(2).map(({ kind, mode, target }) => [kind, mode.toString(8), target]);
    };
    assert.deepEqual(await kinds(), [
      ['regular', '644', undefined],
      ['hardlink', '644', './scripts/a.sh'],
    ]);
    const before = await packed([tree, ...MODULES], archive);
    chmodSync(join(tree, 'scripts/b.sh'), 0o744);
    assert.deepEqual(await kinds(), [
      ['regular', '644', undefined],
      ['regular', '755', undefined],
    ]);
    assert.notEqual(await packed([tree, ...MODULES], archive), before);
    // Only the owner's bit counts: a umask must not.
    chmodSync(join(tree, 'scripts/b.sh'), 0o655);
    assert.equal(await packed([tree, ...MODULES], archive), before);
    const headers = await packed([tree, '--quiet'], archive);
    chmodSync(join(tree, 'include/linux/least.h'), 0o755);
    assert.equal(await packed([tree, '--quiet'], archive), headers);
  });

  it("takes the top Makefile of the source tree, and the object tree's files over the source tree's", async t => {
    const work = scratch(t);
    const source = moduleTree(join(work, 'linux'));
    const object = join(work, 'object');
    const generated = [
      '.config',
      'Module.symvers',
      'include/config',
      'include/generated',
      'scripts/basic',
      'scripts/mod',
    ];
    mkdirSync(join(object, 'scripts'), { recursive: true });
    mkdirSync(join(object, 'include'));
    for (const path of [...generated, 'scripts/module.lds', 'tools'])
      renameSync(join(source, path), join(object, path));
    writeFiles(object, { Makefile: `include ${source}/Makefile\n`, 'scripts/Kbuild.include': 'of the object tree' });
    const { plan } = await dryRun([object, ...MODULES]);
    const sizes = new Map(plan.entries.map(({ path, size }) => [path.slice(2), size]));
    assert.deepEqual([...sizes.keys()].filter(path => path !== '' && !path.endsWith('/')).sort(), CHOSEN);
    assert.equal(sizes.get('scripts/Kbuild.include'), 'of the object tree'.length);
    assert.notEqual(sizes.get('Makefile'), `include ${source}/Makefile\n`.length);
  });

  it("follows links that leave the trees, as Debian's packages have them, and keeps those that do not", async t => {
    const work = scratch(t);
    const source = moduleTree(join(work, 'linux-headers-common'));
    const elsewhere = join(work, 'lib/linux-kbuild');
    mkdirSync(elsewhere, { recursive: true });
    for (const directory of ['scripts', 'tools']) {
      renameSync(join(source, directory), join(elsewhere, directory));
      symlinkSync(`../lib/linux-kbuild/${directory}`, join(source, directory));
    }
    renameSync(join(elsewhere, 'scripts/mod/modpost'), join(work, 'modpost'));
    symlinkSync(join(work, 'modpost'), join(elsewhere, 'scripts/mod/modpost'));
    symlinkSync('../../../linux-headers-common/Makefile', join(elsewhere, 'scripts/Makefile.link'));
    symlinkSync('nowhere', join(elsewhere, 'scripts/Makefile.dangling'));
    writeFileSync(join(work, 'outside.h'), '#define OUTSIDE 1\n');
    symlinkSync(join(work, 'outside.h'), join(source, 'include/linux/outside.h'));
    symlinkSync('least.h', join(source, 'include/linux/inside.h'));
    const { plan } = await dryRun([source, ...MODULES]);
    const kinds = new Map(plan.entries.map(({ path, kind, mode }) => [path, `${kind} ${mode.toString(8)}`]));
    assert.equal(kinds.get('./scripts/mod/modpost'), 'regular 755');
    assert.equal(kinds.get('./scripts/basic/fixdep'), 'regular 755');
    assert.equal(kinds.get('./include/linux/outside.h'), 'regular 644');
    assert.equal(kinds.get('./include/linux/inside.h'), 'symlink 644');
    assert.equal(kinds.get('./scripts/Makefile.dangling'), 'symlink 644');
    // It leads back into the tree, by a path that the archive does not have.
    assert.equal(kinds.get('./scripts/Makefile.link'), 'hardlink 644');
  });

  const LACKING: Readonly<Record<string, string>> = {
    'scripts/mod/modpost': 'scripts/mod/modpost',
    'scripts/module.lds': 'scripts/module.lds',
    'include/config/auto.conf': 'include/config/auto.conf',
    'tools/objtool/objtool': 'tools/objtool/objtool',
  };
  for (const [path, missing] of Object.entries(LACKING)) {
    it(`refuses trees that lack ${path}, and says what to do`, async t => {
      const tree = moduleTree(join(scratch(t), 'linux'));
      rmSync(join(tree, path));
      const expected = new RegExp(
        `Cannot pack ".*/linux" for modules: "${missing}" is missing \\(run make modules_prepare`,
      );
      await runIntoTrouble([tree, ...MODULES, '--dry-run'], expected);
    });
  }
});
