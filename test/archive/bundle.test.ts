import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { namesOf, packed, succeeded, tarOf } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const QUICK = ['--strip', 'none', '--preset', '1', '--block-size', '64KiB'];

/** Two releases of one generated kernel: a header changed, one gone, one new. */
const first = join(work, 'first');
generateTree(first, { headers: 80, seed: 7 });
const second = join(work, 'second');
cpSync(first, second, { recursive: true, verbatimSymlinks: true });
writeFileSync(join(second, 'include/linux/new.h'), '#define NEW 1\n');
const changed = 'include/linux/changed.h';
writeFileSync(join(first, changed), '#define CHANGED 1\n');
writeFileSync(join(second, changed), '#define CHANGED 2\n');

/** Unpacks an archive, or members of it, with GNU tar. */
function unpack(archive: string, into: string, ...members: string[]): { status: number | null; stderr: string } {
  mkdirSync(into, { recursive: true });
  return spawnSync('tar', ['-xJf', archive, '-C', into, ...members], { encoding: 'utf8' });
}

describe('a bundle', () => {
  const archive = join(work, 'bundle.tar.xz');
  const ready = packed([`one=${first}`, `two=${second}`, ...QUICK, '--jobs', '2'], archive);

  it('has each kernel in a directory of its own, with the files that an archive of its own has', async () => {
    await ready;
    const into = join(work, 'whole');
    assert.equal(unpack(archive, into).status, 0);
    for (const [name, tree] of Object.entries({ one: first, two: second })) {
      const alone = join(work, `${name}.tar.xz`);
      await packed([tree, ...QUICK], alone);
      unpack(alone, join(work, `alone-${name}`));
      assert.deepEqual(snapshot(join(into, name)), snapshot(join(work, `alone-${name}`)));
    }
    assert.equal(readFileSync(join(into, 'two', changed), 'utf8'), '#define CHANGED 2\n');
  });

  it('links equal headers across kernels, so that it is little larger than one of them', async () => {
    await ready;
    const { stdout } = succeeded(await run('tar', ['-tvJf', archive]));
    const links = stdout
      .toString()
      .split('\n')
      .filter(line => line.startsWith('h') && line.includes(' ./two/'));
    assert.ok(links.length > 40, `${links.length} links`);
    const alone = join(work, 'size.tar.xz');
    await packed([first, ...QUICK], alone);
    assert.ok(readFileSync(archive).length < 1.15 * readFileSync(alone).length);
  });

  it('has the versions of one header next to each other', async () => {
    await ready;
    const names = await namesOf(archive);
    const at = names.indexOf(`./one/${changed}`);
    assert.equal(names[at + 1], `./two/${changed}`);
  });

  it('has the same bytes for every number of jobs, order of the trees and way to name them', async () => {
    const expected = await ready;
    for (const jobs of ['1', '3', '16']) {
      const args = [`two=${second}`, `one=${first}`, ...QUICK, '--jobs', jobs];
      assert.equal(await packed(args, join(work, 'again.tar.xz')), expected, `${jobs} jobs`);
    }
    const moved = join(work, 'elsewhere', 'moved');
    cpSync(first, moved, { recursive: true, verbatimSymlinks: true });
    assert.equal(await packed([`one=${moved}`, `two=${second}`, ...QUICK], join(work, 'moved.tar.xz')), expected);
  });

  it('is told from an archive of one of its kernels in a line for each, not for each of their headers', async () => {
    await ready;
    const { code, stdout } = await runCli(['verify', archive, first, '-q', '--json']);
    assert.equal(code, 1);
    const { findings, rebuild } = JSON.parse(stdout.toString());
    const [one, two] = ['one', 'two'].map(name => {
      const below = rebuild.onlyInArchive.filter((path: string) => path.startsWith(`./${name}/`)).length - 1;
      return `"./${name}/" and the ${below} entries below it are in the archive only`;
    });
    assert.deepEqual(findings.slice(0, 2), [one, two]);
    const alone = join(work, 'told.tar.xz');
    await packed([first, ...QUICK], alone);
    const compared = (await runCli(['diff', archive, alone])).stdout.toString();
    for (const name of ['one', 'two'])
      assert.match(compared, new RegExp(`^  only in A: \\./${name}/ and \\d+ below it$`, 'm'));
  });

  it('is unpacked whole by plain tar; one kernel alone is not, where its links lead to another', async () => {
    await ready;
    const into = join(work, 'part');
    const { status, stderr } = unpack(archive, into, './two');
    assert.notEqual(status, 0);
    assert.match(stderr, /Cannot hard link to .*\.\/one\//);
    assert.ok(existsSync(join(into, 'two', changed)));
  });
});

describe('the kernels of a bundle are named', () => {
  const named = (name: string, files: Record<string, string>): string => kernelTree(join(work, 'names', name), files);
  const names = async (...trees: string[]): Promise<Set<string | undefined>> => {
    const archive = join(work, 'names.tar.xz');
    await packed([...trees, '--preset', '0'], archive);
    return new Set((await namesOf(archive)).map(path => path.split('/')[1]).filter(name => name !== ''));
  };

  it("after the release that the tree records, else after the tree's own directory", async () => {
    const release = named('release', { 'include/config/kernel.release': '6.1.0-test\n' });
    const define = named('define', { 'include/generated/utsrelease.h': '#define UTS_RELEASE "6.2.0-test"\n' });
    assert.deepEqual(await names(release, define, named('plain', {})), new Set(['6.1.0-test', '6.2.0-test', 'plain']));
  });

  it('and one TREE with a name has a directory too, one without has none', async () => {
    assert.deepEqual(await names(`only=${first}`), new Set(['only']));
    assert.deepEqual(await names(first), new Set(['arch', 'include']));
  });

  it('or it is trouble, when two have the same name', async () => {
    const files = { 'include/config/kernel.release': '6.1.0-same\n' };
    const trees = [named('a', files), named('b', files)];
    const empty = join(work, 'empty');
    mkdirSync(empty);
    const expected = /Cannot bundle ".*a" and ".*b": both are named "6.1.0-same" \(give each its own, NAME=TREE\)/;
    await runIntoTrouble([...trees, '-o', join(empty, 'k.tar.xz')], expected);
    assertHoldsOnly(empty, []);
  });
});

it('every strip mode and order gives the same bytes for 1 and 8 jobs', async () => {
  const tree = kernelTree(join(work, 'modes'), {
    'include/linux/c.h': '/* one */ int a; // two\n\n\n\tint  b;  \n',
    'include/linux/d/e.h': `/* ${noise(200_000, 3)} */\nint c;\n`,
  });
  const tars = new Set<string>();
  for (const strip of ['none', 'kernel', 'comments', 'tokens']) {
    for (const order of ['gnu', 'files-first', 'versions']) {
      const args = [tree, '--strip', strip, '--order', order, '--preset', '1', '--block-size', '64KiB'];
      const archive = join(work, 'modes.tar.xz');
      const expected = await packed([...args, '--jobs', '1'], archive);
      assert.equal(await packed([...args, '--jobs', '8'], archive), expected, `${strip}, ${order}`);
      if (order === 'gnu') tars.add((await tarOf(archive)).toString('base64'));
    }
  }
  assert.equal(tars.size, 4);
  const piped = await runCli([tree, '--quiet', '-o', '-']);
  assert.equal(piped.code, 0);
});
