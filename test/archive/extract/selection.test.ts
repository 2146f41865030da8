import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { generateTree } from '../../../corpus/synthetic.js';
import { packed } from '../../support/archive.js';
import { runCli } from '../../support/cli.js';
import { xz } from '../../support/hostile.js';
import { kernelTree } from '../../support/kernelTree.js';
import { assertHoldsOnly } from '../../support/litter.js';
import { scratch } from '../../support/scratch.js';
import { snapshot } from '../../support/snapshot.js';
import { tarOfParts } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { runIntoTrouble } from '../../support/trouble.js';
import { extractorsIn, QUICK, WITH_TIMES } from './directories.js';

const work = scratch({ after });
const { newDirectory, byGnuTar, byUs } = extractorsIn(work);

describe('part of an archive', { skip: unless('xz', 'tar') }, () => {
  const tree = kernelTree(join(work, 'parts'), {
    'include/linux/bpf.h': '#define BPF 1\n',
    'include/linux/deep/er/x.h': '#define X 1\n',
    'include/uapi/linux/bpf.h': '#define UAPI 1\n',
    'include/linux/same.h': '#define BPF 1\n',
    'include/linux/again.h': '#define BPF 1\n',
  });
  const archive = join(work, 'parts.tar.xz');
  before(() => packed([tree, ...QUICK, '--mtime', '@5', '--order', 'gnu'], archive));

  const files = async (...args: string[]): Promise<string[]> => {
    const found = snapshot(await byUs(archive, ...args), WITH_TIMES);
    return Object.keys(found).filter(path => !found[path]?.startsWith('directory'));
  };

  it('is what the patterns match, with or without ./', async () => {
    assert.deepEqual(await files('bpf.h'), ['include/linux/bpf.h', 'include/uapi/linux/bpf.h']);
    assert.deepEqual(await files('./include/uapi'), ['include/uapi/linux/bpf.h']);
    assert.deepEqual(await files('include/linux/*.h', 'x.h'), [
      'include/linux/again.h',
      'include/linux/bpf.h',
      'include/linux/deep/er/x.h',
      'include/linux/least.h',
      'include/linux/same.h',
    ]);
  });

  it('has the same directories with their times as GNU tar gives it', async () => {
    const ours = await byUs(archive, 'include/linux/deep');
    assert.deepEqual(
      snapshot(join(ours, 'include/linux/deep'), WITH_TIMES),
      snapshot(join(await byGnuTar(archive, './include/linux/deep'), 'include/linux/deep'), WITH_TIMES),
    );
    assert.equal(statSync(join(ours, 'include/linux/deep')).mtimeMs, 5000);
  });

  it('goes without its leading components, links too', async () => {
    assert.deepEqual(await files('--strip-components', '2', 'include/linux'), [
      'again.h',
      'bpf.h',
      'deep/er/x.h',
      'least.h',
      'same.h',
    ]);
    assert.deepEqual(await files('--strip-components', '9'), []);
  });

  it('has a copy of the content where a hard link leads to what is left out', async () => {
    // The first of three equal headers in GNU order is again.h; the others are links to it.
    const directory = await byUs(archive, 'same.h', 'include/linux/bpf.h', 'x.h');
    const [same, bpf] = ['same.h', 'bpf.h'].map(name => join(directory, 'include/linux', name));
    assert.equal(readFileSync(same ?? '', 'utf8'), '#define BPF 1\n');
    assert.equal(statSync(same ?? '').ino, statSync(bpf ?? '').ino);
    assert.deepEqual([statSync(same ?? '').nlink, statSync(same ?? '').mtimeMs], [2, 5000]);
  });

  it('has what comes last of a name, though a copy of other content waited', async () => {
    const parts = [
      { name: 'left/f', content: 'first' },
      { name: 'kept/x', typeflag: '1', linkname: 'left/f' },
      { name: 'kept/y', typeflag: '1', linkname: 'kept/x' },
      { name: 'kept/x', content: 'last' },
    ];
    const twice = join(work, 'twice.tar.xz');
    writeFileSync(twice, xz(tarOfParts(...parts)));
    const directory = await byUs(twice, 'kept');
    assert.equal(readFileSync(join(directory, 'kept/x'), 'utf8'), 'last');
    assert.equal(readFileSync(join(directory, 'kept/y'), 'utf8'), 'first');
  });

  it('is found however its names are written, and is no safer for it', async () => {
    const odd = join(work, 'odd.tar.xz');
    writeFileSync(odd, xz(tarOfParts({ name: 'a//b.h' }, { name: 'c/./d.h' }, { name: '/e/f.h' })));
    const directory = await byUs(odd, 'a/b.h', './c/d.h');
    assert.deepEqual(Object.keys(snapshot(directory)), ['a', 'a/b.h', 'c', 'c/d.h']);
    const refused = ['extract', odd, '-C', newDirectory(), '-q', 'e/f.h'];
    await runIntoTrouble(refused, /Refused to extract "\/e\/f\.h" .*an absolute path/);
  });

  it('cannot have one from a pipe, which is said', async () => {
    const input = readFileSync(archive);
    await runIntoTrouble(
      ['extract', '-', '-C', newDirectory(), '-q', 'same.h'],
      /Refused to extract ".*same\.h" .*a hard link to ".*again\.h", which is not extracted, and a pipe cannot be read twice/,
      { input },
    );
  });

  it('that is not there is exit code 2 and names the pattern, when what matches was extracted', async () => {
    const directory = newDirectory();
    const { code, stderr } = await runCli(['extract', archive, '-C', directory, 'x.h', 'nothing*']);
    assert.equal(code, 2);
    assert.match(stderr, /Cannot find "nothing\*" in ".*parts\.tar\.xz"/);
    assertHoldsOnly(directory, ['include']);
  });
});

describe('one kernel of a bundle', { skip: unless('xz', 'tar') }, () => {
  const trees = ['one', 'two'].map(name => {
    const tree = join(work, `kernel-${name}`);
    generateTree(tree, { headers: 60, seed: 3 });
    writeFileSync(join(tree, 'include/linux/own.h'), `#define OWN_${name} 1\n`);
    for (const twin of ['twin.h', 'twin-again.h']) writeFileSync(join(tree, 'include/linux', twin), '#define TWIN 1\n');
    return tree;
  });
  const archive = join(work, 'bundle.tar.xz');
  before(() => packed([`one=${trees[0]}`, `two=${trees[1]}`, ...QUICK], archive));

  for (const [i, name] of ['one', 'two'].entries()) {
    it(`has the files of an archive of its own, without the kernel's directory: ${name}`, async () => {
      const alone = join(work, `alone-${name}.tar.xz`);
      await packed([trees[i] ?? '', ...QUICK], alone);
      assert.deepEqual(
        snapshot(await byUs(archive, '--kernel', name), WITH_TIMES),
        snapshot(await byGnuTar(alone), WITH_TIMES),
      );
      const part = snapshot(await byUs(archive, '--kernel', `./${name}/`, 'own.h'));
      assert.deepEqual(Object.keys(part), ['include', 'include/linux', 'include/linux/own.h']);
    });
  }

  it('has equal headers as hard links to each other', async () => {
    const directory = await byUs(archive, '--kernel', 'two');
    assert.equal(statSync(join(directory, 'include/linux/twin.h')).nlink, 2);
  });

  it('is found however its names are written, and not above an absolute path', async () => {
    const odd = join(work, 'odd-bundle.tar.xz');
    const names = ['.//one/', 'one//a.h', './one/./b/c.h', 'one/.//d.h', '/one/e.h', 'two/one/f.h'];
    writeFileSync(odd, xz(tarOfParts(...names.map(name => ({ name, typeflag: name.endsWith('/') ? '5' : '0' })))));
    const directory = await byUs(odd, '--kernel', 'one');
    assert.deepEqual(Object.keys(snapshot(directory)), ['a.h', 'b', 'b/c.h', 'd.h']);
    writeFileSync(odd, xz(tarOfParts({ name: 'one//../../secret' })));
    const refused = ['extract', odd, '-C', newDirectory(), '-q', '--kernel', 'one'];
    await runIntoTrouble(refused, /Refused to extract .*holds "\.\."/);
  });

  it('that is not there, or no name, is exit code 2', async () => {
    const unmade = join(work, 'unmade');
    await runIntoTrouble(['extract', archive, '-C', unmade, '-q', '--kernel', 'three'], /Cannot find "three" in/);
    assert.ok(!existsSync(unmade));
    const kept = newDirectory();
    await runIntoTrouble(['extract', archive, '-C', kept, '-q', '--kernel', 'three'], /Cannot find "three" in/);
    assert.ok(existsSync(kept));
    await runIntoTrouble(['extract', archive, '--kernel', 'a/b'], /Invalid value "a\/b" for --kernel/);
  });
});
