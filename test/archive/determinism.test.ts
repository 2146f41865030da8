import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { availableTrees } from '../../corpus/trees.js';
import { packed, succeeded } from '../support/archive.js';
import { type ChildOptions, PROGRAM, run, runCli } from '../support/cli.js';
import { byteLocation } from '../support/kernelTree.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { NOBODY, unless, unlessNobody } from '../support/tools.js';

/** Many Blocks, and large files cut inside, in little time. */
const MANY_BLOCKS = ['--block-size', '64KiB', '--preset', '1'];

const work = scratch({ after });
const trees = [
  { headers: 60, seed: 1 },
  { headers: 90, seed: 2 },
  { headers: 150, seed: 3 },
].map(options => ({ ...options, root: join(work, `tree-${options.seed}`) }));
for (const { root, ...options } of trees) generateTree(root, options);
const tree = trees[0]?.root ?? '';

/** The archive's digest when the program writes it to a pipe. */
async function piped(args: readonly string[], options: ChildOptions = {}): Promise<string> {
  return sha256(succeeded(await runCli(['pack', ...args, '--quiet', '-o', '-'], options)).stdout);
}

describe('the archive of a generated tree', () => {
  for (const { root, headers, seed } of trees) {
    it(`has the same bytes for 1, 2, 3, 8 and 16 jobs, to file and to pipe (${headers} headers, seed ${seed})`, async () => {
      const expected = await piped([root, ...MANY_BLOCKS, '--jobs', '1']);
      for (const jobs of [2, 3, 8, 16]) {
        const archive = join(work, `jobs-${seed}-${jobs}.tar.xz`);
        assert.equal(await packed([root, ...MANY_BLOCKS, '--jobs', String(jobs)], archive), expected, `${jobs} jobs`);
      }
    });
  }

  it('has the same bytes for 1 and 16 jobs with the default settings', async () => {
    const expected = await piped([tree, '--jobs', '1']);
    assert.equal(await piped([tree, '--jobs', '16']), expected);
  });

  it('has other bytes for another tree, another seed and another setting, so that the sums above say something', async () => {
    const digests = await Promise.all([
      ...trees.map(({ root }) => piped([root, ...MANY_BLOCKS, '--jobs', '1'])),
      piped([tree, '--block-size', '128KiB', '--preset', '1', '--jobs', '1']),
      piped([tree, ...MANY_BLOCKS, '--mtime', '@1', '--jobs', '1']),
      piped([tree, ...MANY_BLOCKS, '--check', 'crc32', '--jobs', '1']),
      piped([tree, ...MANY_BLOCKS, '--order', 'gnu', '--jobs', '1']),
    ]);
    assert.equal(new Set(digests).size, digests.length);
  });
});

describe('the bytes do not depend on', () => {
  const settings = [...MANY_BLOCKS, '--jobs', '2'];
  const reference = piped([tree, ...settings]);

  it('the working directory, nor on how the tree is named from there', async () => {
    assert.equal(await piped(settings, { cwd: tree }), await reference);
    assert.equal(await piped(['.', ...settings], { cwd: tree }), await reference);
    assert.equal(await piped(['../../', ...settings], { cwd: join(tree, 'include/linux') }), await reference);
    assert.equal(await piped([`${tree}//`, ...settings], { cwd: '/' }), await reference);
  });

  it('the absolute path of the tree, its modes, times, or order in the directories', async () => {
    const copy = join(work, 'elsewhere', 'deeper', 'a tree with a blank');
    copyBackwards(tree, copy);
    assert.deepEqual(snapshot(copy, { modes: false }), snapshot(tree, { modes: false }));
    assert.equal(await piped([copy, ...settings]), await reference);
  });

  it('fresh mtimes', async () => {
    const copy = join(work, 'fresh');
    succeeded(await run('cp', ['-a', tree, copy]));
    const future = new Date('2031-01-01T00:00:00Z');
    for (const [path, what] of Object.entries(snapshot(copy)).reverse()) {
      if (!what.startsWith('link')) utimesSync(byteLocation(copy, path), future, future);
    }
    assert.equal(await piped([copy, ...settings]), await reference);
  });

  it('the order in which directories are read', async () => {
    for (const seed of ['1', '2', '3']) {
      const env = { ...preload('shuffledReaddir'), SHUFFLE_SEED: seed };
      assert.equal(await piped([tree, ...settings], { env }), await reference);
    }
  });

  it('time zone, locale and time', async () => {
    const surroundings = [
      { TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
      { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'C', LC_COLLATE: 'tr_TR.UTF-8' },
      { TZ: '', LANG: '', LC_ALL: '', HOME: '/nowhere', USER: 'someone', HOSTNAME: 'somewhere' },
      { XZ_OPT: '-9e', XZ_DEFAULTS: '--check=none', XZ: 'false', TAR_OPTIONS: '--owner=7' },
    ];
    for (const env of surroundings) assert.equal(await piped([tree, ...settings], { env }), await reference);
  });

  it("the umask, which decides the archive file's mode and nothing in it", async () => {
    for (const umask of ['000', '077', '027']) {
      const script = `umask ${umask}; exec "$@"`;
      const command = [process.execPath, PROGRAM, 'pack', tree, ...settings, '-q', '-o', join(work, `umask-${umask}`)];
      succeeded(await run('sh', ['-c', script, 'sh', ...command]));
      assert.equal(sha256(readFileSync(join(work, `umask-${umask}`))), await reference);
    }
  });

  it('the user', { skip: unlessNobody() }, async () => {
    assert.equal(await piped([tree, ...settings], { user: NOBODY, cwd: '/' }), await reference);
  });

  it('the processors that the program may use', { skip: unless('taskset') }, async () => {
    const command = ['-c', '0', process.execPath, PROGRAM, 'pack', tree, ...MANY_BLOCKS, '-q', '-o', '-'];
    assert.equal(sha256(succeeded(await run('taskset', command)).stdout), await reference);
  });
});

const real = availableTrees().filter(({ name }) => name.startsWith('linux-headers'));
const noReal = real.length === 0 ? 'no real headers are here (npm run corpus)' : false;

it('the archive of a real tree has the same bytes for 1 and 3 jobs, to file and to pipe, in shuffled order', {
  skip: noReal,
}, async () => {
  for (const { name, source, object } of real) {
    const args = [source, ...(object === null ? [] : ['--objtree', object]), '--arch', 'x86', '--preset', '0'];
    const env = { ...preload('shuffledReaddir'), SHUFFLE_SEED: '7' };
    const [toFile, toPipe] = await Promise.all([
      packed([...args, '--jobs', '1'], join(work, `${name}.tar.xz`)),
      piped([...args, '--jobs', '3'], { env }),
    ]);
    assert.equal(toFile, toPipe, name);
  }
});

it('a preloaded shuffle really changes what a directory reads as', async () => {
  const script = `console.log(require('fs').readdirSync(${JSON.stringify(join(tree, 'include/linux'))}).join())`;
  const plain = succeeded(await run(process.execPath, ['-e', script]));
  const shuffled = succeeded(await run(process.execPath, ['-e', script], { env: preload('shuffledReaddir') }));
  assert.notEqual(shuffled.stdout.toString(), plain.stdout.toString());
  const sorted = (bytes: Buffer): string[] => bytes.toString().trim().split(',').sort();
  assert.deepEqual(sorted(shuffled.stdout), sorted(plain.stdout));
});

/** A copy made file by file from the last to the first: another order in the directories, other inodes, other modes. */
function copyBackwards(from: string, to: string): void {
  for (const [path, what] of Object.entries(snapshot(from)).reverse()) {
    if (what.startsWith('directory')) continue;
    mkdirSync(join(to, dirname(path)), { recursive: true });
    const { status } = spawnSync('cp', ['-P', '--no-preserve=all', join(from, path), join(to, path)]);
    assert.equal(status, 0);
  }
}
