import assert from 'node:assert/strict';
import { chmodSync, linkSync, lstatSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../../corpus/synthetic.js';
import { availableTrees } from '../../../corpus/trees.js';
import { stripperFor } from '../../../src/strip/strip.js';
import { packed, succeeded } from '../../support/archive.js';
import { run, runCli } from '../../support/cli.js';
import { xz } from '../../support/hostile.js';
import { kernelTree, noise, writeFiles } from '../../support/kernelTree.js';
import { scratch } from '../../support/scratch.js';
import { snapshot } from '../../support/snapshot.js';
import { unless } from '../../support/tools.js';
import { extractorsIn, QUICK, WITH_TIMES } from './directories.js';

const work = scratch({ after });
const { newDirectory, byGnuTar, byUs } = extractorsIn(work);

describe('what is extracted is what GNU tar extracts, in content, mode, link and time:', {
  skip: unless('tar', 'xz'),
}, () => {
  for (const format of ['gnu', 'oldgnu', 'pax', 'ustar', 'v7']) {
    it(`a tar of format ${format}, with links, long names, closed directories and old and new times`, async () => {
      const tree = newDirectory();
      const long = ['ustar', 'v7'].includes(format) ? {} : { [`${'d'.repeat(150)}/${'n'.repeat(150)}`]: 'long\n' };
      writeFiles(tree, {
        'a/b/x.h': 'x\n',
        'a/empty.h': '',
        'a/large.h': noise(300_000, 1),
        'a/link.h': { linkTo: 'b/x.h' },
        'a/dangling.h': { linkTo: '../nowhere' },
        'name with \n\t\\ and \xff': 'odd\n',
        'closed/inside/x.h': 'x\n',
        ...long,
      });
      linkSync(join(tree, 'a/large.h'), join(tree, 'a/same.h'));
      linkSync(join(tree, 'a/link.h'), join(tree, 'a/same-link.h'));
      chmodSync(join(tree, 'a/b/x.h'), 0o755);
      chmodSync(join(tree, 'a/empty.h'), 0o400);
      for (const [path, time] of [
        ['a/empty.h', 0],
        ['a/large.h', 2 ** 32],
        ['a/b', 86_400],
        ['closed/inside', 5],
        ['closed', 6],
      ] as const) {
        utimesSync(join(tree, path), time, time);
      }
      chmodSync(join(tree, 'closed/inside'), 0o555);
      chmodSync(join(tree, 'closed'), 0o500);
      const archive = `${tree}.tar.xz`;
      // Pax headers state names in UTF-8 only.
      const names = format === 'pax' ? ['a', 'closed', 'd'.repeat(150)] : ['.'];
      const options = ['--format', format, '--mtime=@1700000000', '--clamp-mtime', '-C', tree];
      succeeded(
        await run('sh', ['-c', 'out="$1"; shift; tar -c "$@" | xz -0 > "$out"', 'sh', archive, ...options, ...names]),
      );
      const [ours, theirs] = [snapshot(await byUs(archive), WITH_TIMES), snapshot(await byGnuTar(archive), WITH_TIMES)];
      assert.ok(Object.keys(ours).length >= 8);
      assert.deepEqual(ours, theirs);
    });
  }

  it('a tar with a label that is an absolute path', async () => {
    const tree = newDirectory();
    writeFiles(tree, { 'a.h': 'a\n' });
    const archive = `${tree}.tar.xz`;
    succeeded(await run('tar', ['-cJf', archive, '-V', '/dev/sda backup', '--mtime=@1700000000', '-C', tree, 'a.h']));
    const expected = snapshot(await byGnuTar(archive), WITH_TIMES);
    assert.deepEqual(Object.keys(expected), ['a.h']);
    assert.deepEqual(snapshot(await byUs(archive), WITH_TIMES), expected);
  });

  it('a synthetic tree that was packed, from a file and from a pipe, for any number of jobs', async () => {
    const tree = join(work, 'synthetic');
    generateTree(tree, { headers: 300, seed: 11 });
    const archive = join(work, 'synthetic.tar.xz');
    await packed([tree, ...QUICK, '--mtime', '@1700000000'], archive);
    const expected = snapshot(await byGnuTar(archive), WITH_TIMES);
    for (const jobs of ['1', '2', '7']) {
      assert.deepEqual(snapshot(await byUs(archive, '--jobs', jobs), WITH_TIMES), expected);
    }
    const directory = newDirectory();
    succeeded(await runCli(['extract', '-', '-C', directory, '-q'], { input: readFileSync(archive) }));
    assert.deepEqual(snapshot(directory, WITH_TIMES), expected);
  });

  it('an archive of xz -T2, of one Block, of several Streams', async () => {
    const tree = kernelTree(join(work, 'plain'), { 'include/linux/large.h': noise(500_000, 4) });
    const tar = succeeded(await run('tar', ['-c', '-C', tree, '.'])).stdout;
    const expected = snapshot(tree, WITH_TIMES);
    const archives = {
      blocks: xz(tar, '-T2', '--block-size=65536'),
      one: xz(tar),
      streams: Buffer.concat([xz(tar.subarray(0, 70_001)), xz(tar.subarray(70_001))]),
    };
    const rounded = (all: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(all).map(([path, is]) => [path, is.replace(/(@\d+)\.\d+/, '$1')]));
    for (const [name, bytes] of Object.entries(archives)) {
      const archive = join(work, `${name}.tar.xz`);
      writeFileSync(archive, bytes);
      assert.deepEqual(rounded(snapshot(await byUs(archive), WITH_TIMES)), rounded(expected), name);
    }
  });

  const trees = availableTrees();
  if (trees.length === 0)
    it('the real trees', { skip: 'no real trees are there (npm run corpus fetches them)' }, () => undefined);
  for (const { name, source, object } of trees) {
    it(`${name}: and the contents are the stripped sources`, async t => {
      const archive = join(work, `${name}.tar.xz`);
      const objtree = object === null ? [] : ['--objtree', object];
      await packed([source, ...objtree, '--preset', '0', '--mtime', '@1700000000'], archive);
      const ours = await byUs(archive);
      const found = snapshot(ours, WITH_TIMES);
      assert.deepEqual(found, snapshot(await byGnuTar(archive), WITH_TIMES));
      const compared = assertStripped(ours, Object.keys(found), source, object);
      assert.ok(compared > 3000, `only ${compared} headers`);
      t.diagnostic(`${compared} headers are the stripped sources`);
      succeeded(await run('rm', ['-rf', ours]));
    });
  }

  /** Compares every regular file with the stripped file that it was made from, the object tree's before the source tree's. */
  function assertStripped(directory: string, paths: readonly string[], source: string, object: string | null): number {
    let compared = 0;
    for (const path of paths) {
      if (!lstatSync(join(directory, path)).isFile()) continue;
      const roots = object === null ? [source] : [object, source];
      const root = roots.find(each => lstatSync(join(each, path), { throwIfNoEntry: false })?.isFile() === true);
      assert.ok(root !== undefined, path);
      const raw = readFileSync(join(root, path));
      const stripped = stripperFor(path.endsWith('.h') ? 'comments' : 'none')(raw, new Uint8Array(raw.length));
      assert.ok(readFileSync(join(directory, path)).equals(stripped), path);
      compared++;
    }
    return compared;
  }
});
