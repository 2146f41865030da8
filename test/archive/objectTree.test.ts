import assert from 'node:assert/strict';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { packed, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { kernelTree, writeFiles } from '../support/kernelTree.js';
import { dryRun, plannedPaths } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const GENERATED = { 'include/generated/autoconf.h': '#define CONFIG_X86 1\n', '.config': 'CONFIG_X86=y\n' };
const BOTH = ['arch/x86/include/asm/least.h', 'include/generated/autoconf.h', 'include/linux/least.h'];

/** An object tree whose Makefile does nothing but include the source tree's. */
function objectTree(root: string, source: string): string {
  return writeFiles(root, {
    ...GENERATED,
    Makefile: `# Automatically generated\nexport KBUILD_OUTPUT = .\ninclude ${source}/Makefile\n`,
  });
}

async function assertPair(args: readonly string[], source: string, object: string, cwd = '/'): Promise<void> {
  const { stderr } = await dryRun(args, { cwd });
  assert.match(
    stderr,
    new RegExp(`^Packing ${source} with object tree ${object} \\(profile headers, arch x86\\)$`, 'm'),
  );
  assert.deepEqual(await plannedPaths(args, { cwd }), BOTH);
}

describe('an object tree is found together with its source tree', () => {
  const pair = (t: TestContext): { work: string; source: string; object: string } => {
    const work = scratch(t);
    return { work, source: kernelTree(join(work, 'source')), object: join(work, 'build') };
  };

  it('by a Makefile that only includes the other', async t => {
    const { source, object } = pair(t);
    objectTree(object, source);
    await assertPair([object], source, object);
    await assertPair([], source, object, object);
    await assertPair(['--objtree', object], source, object);
    await assertPair([source, '--objtree', object], source, object);
  });

  it('by a Makefile that includes the other by a relative path', async t => {
    const { source, object } = pair(t);
    objectTree(object, '../source');
    await assertPair([object], source, object);
  });

  it('by a link named source inside it, when the Makefile names a path that is gone', async t => {
    const { source, object } = pair(t);
    objectTree(object, '/nowhere/linux');
    symlinkSync('../source', join(object, 'source'));
    await assertPair([object], join(object, 'source'), object);
    assert.deepEqual(await plannedPaths([source, '--objtree', object]), BOTH);
  });

  it('by a link named source beside one named build, as under /lib/modules', async t => {
    const { work, source, object } = pair(t);
    objectTree(object, '/nowhere/linux');
    const modules = writeFiles(join(work, 'modules'), {});
    symlinkSync(object, join(modules, 'build'));
    symlinkSync(source, join(modules, 'source'));
    await assertPair([join(modules, 'build')], join(modules, 'source'), join(modules, 'build'));
  });

  it("by Debian's -common sibling, also when both were moved together", async t => {
    const work = scratch(t);
    const common = kernelTree(join(work, 'src', 'linux-headers-6.1.0-1-common'));
    const flavour = objectTree(
      join(work, 'src', 'linux-headers-6.1.0-1-amd64'),
      '/usr/src/linux-headers-6.1.0-1-common',
    );
    rmSync(join(common, '.config'));
    await assertPair([flavour], common, flavour);
    const moved = join(work, 'moved');
    renameSync(join(work, 'src'), moved);
    const [source, object] = ['common', 'amd64'].map(end => join(moved, `linux-headers-6.1.0-1-${end}`));
    await assertPair([object ?? ''], source ?? '', object ?? '');
  });

  it('or else exit code 2 names both', async t => {
    const work = scratch(t);
    const object = objectTree(join(work, 'build'), '/nowhere/linux');
    const expected =
      /Cannot find the source tree "\/nowhere\/linux" of object tree ".*\/build": name both \(.*--objtree/;
    for (const args of [[object], ['--objtree', object]]) {
      await runIntoTrouble([...args, '-o', join(work, 'out')], expected);
    }
    await runIntoTrouble(['-o', join(work, 'out')], expected, { cwd: object });
  });

  it('and one that belongs to another source tree cannot be a source tree itself', async t => {
    const { work, source, object } = pair(t);
    objectTree(object, source);
    const other = kernelTree(join(work, 'other'));
    await runIntoTrouble([object, '--objtree', other, '-n'], /Cannot use tree ".*build": it is an object tree itself/);
  });
});

describe('of two trees', () => {
  it('the object tree wins, in content and in kind, and no file is archived twice', {
    skip: unless('tar', 'xz'),
  }, async t => {
    const work = scratch(t);
    const source = kernelTree(join(work, 'source'), {
      'include/linux/both.h': 'source\n',
      'include/linux/link.h': 'a file in the source tree\n',
      'include/linux/file.h': { linkTo: 'least.h' },
      'include/linux/only-source.h': 'only\n',
    });
    const object = kernelTree(join(work, 'object'), {
      'include/linux/both.h': 'object\n',
      'include/linux/link.h': { linkTo: 'least.h' },
      'include/linux/file.h': 'a file in the object tree\n',
      'include/generated/only-object.h': 'only\n',
    });
    const archive = join(work, 'out.tar.xz');
    await packed([source, '--objtree', object, '--no-dedup', '--preset', '0'], archive);
    const list = succeeded(await run('tar', ['-xvf', archive, '-C', work, '--one-top-level=out'])).stdout.toString();
    const names = list.trimEnd().split('\n');
    assert.equal(new Set(names).size, names.length);
    const read = async (path: string): Promise<string> =>
      (await run('sh', ['-c', 'readlink "$1" || cat "$1"', 'sh', join(work, 'out', path)])).stdout.toString();
    assert.equal(await read('include/linux/both.h'), 'object\n');
    assert.equal(await read('include/linux/link.h'), 'least.h\n');
    assert.equal(await read('include/linux/file.h'), 'a file in the object tree\n');
    assert.equal(await read('include/linux/only-source.h'), 'only\n');
    assert.equal(await read('include/generated/only-object.h'), 'only\n');
  });

  it('each is walked as itself only with --profile all, when the object tree lies inside the source tree', async t => {
    const source = kernelTree(join(scratch(t), 'source'), { 'drivers/acme.h': 'acme\n' });
    const object = objectTree(join(source, 'build'), '..');
    writeFiles(object, { 'drivers/generated.h': 'generated\n' });
    const expected = [
      'arch/x86/include/asm/least.h',
      'drivers/acme.h',
      'drivers/generated.h',
      'include/generated/autoconf.h',
      'include/linux/least.h',
    ];
    assert.deepEqual(await plannedPaths([source, '--objtree', object, '--profile', 'all']), expected);
    assert.deepEqual(await plannedPaths([object, '--profile', 'all']), expected);
  });

  it('the same directory twice is one tree', async t => {
    const tree = kernelTree(join(scratch(t), 'tree'));
    const { stderr, plan } = await dryRun([tree, '--objtree', `${tree}/.`]);
    assert.match(stderr, new RegExp(`^Packing ${tree} \\(`, 'm'));
    assert.equal(plan.entries.filter(({ kind }) => kind === 'regular').length, 2);
  });

  it('a path that is a file in one and a directory in the other is trouble', async t => {
    const work = scratch(t);
    const source = kernelTree(join(work, 'source'), { 'include/linux/x.h': 'file\n' });
    const object = kernelTree(join(work, 'object'), { 'include/linux/x.h/y.h': 'directory\n' });
    const expected =
      /Cannot overlay the object tree at "include\/linux\/x.h": it is a file in one tree and a directory/;
    await runIntoTrouble([source, '--objtree', object, '-o', join(work, 'out')], expected);
  });
});
