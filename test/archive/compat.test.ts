import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { packed, succeeded, tarOf } from '../support/archive.js';
import { run } from '../support/cli.js';
import { writeFiles } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { substituted } from '../support/substitution.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const QUICK = ['--preset', '0', '--jobs', '2'];

/** What gen_kheaders.sh does: copy the selected files, the object tree's over the source tree's, strip them, call tar. */
async function scriptTar(trees: readonly string[], arch: string, mtime: number): Promise<Buffer> {
  const staging = mkdtempSync(join(work, 'staging-'));
  chmodSync(staging, 0o755);
  for (const tree of trees) {
    for (const [path, what] of Object.entries(snapshot(tree))) {
      const isSelected = path.startsWith('include/') || path.startsWith(`arch/${arch}/include/`);
      if (!isSelected || !path.endsWith('.h') || what.startsWith('directory')) continue;
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      rmSync(join(staging, path), { force: true });
      // From Node 22 on, cpSync refuses a link that leads nowhere.
      if (what.startsWith('link')) symlinkSync(readlinkSync(join(tree, path)), join(staging, path));
      else copyFileSync(join(tree, path), join(staging, path));
    }
  }
  for (const [path, what] of Object.entries(snapshot(staging))) {
    if (what.startsWith('file')) writeFileSync(join(staging, path), substituted(readFileSync(join(staging, path))));
  }
  const like = [
    '--owner=0',
    '--group=0',
    '--sort=name',
    '--numeric-owner',
    '--mode=u=rw,go=r,a+X',
    `--mtime=@${mtime}`,
  ];
  return succeeded(await run('tar', [...like, '-cf', '-', '-C', staging, '.'])).stdout;
}

async function assertSame(args: readonly string[], name: string, expected: Promise<Buffer>): Promise<void> {
  const archive = join(work, `${name}.tar.xz`);
  await packed([...args, '--compat', ...QUICK], archive);
  const [ours, theirs] = [await tarOf(archive), await expected];
  assert.equal(ours.length, theirs.length);
  assert.equal(
    ours.compare(theirs),
    0,
    `the first byte that differs is ${ours.findIndex((byte, i) => byte !== theirs[i])}`,
  );
}

describe('the tar with --compat is byte for byte what GNU tar makes of the stripped copy', {
  skip: unless('tar', 'xz'),
}, () => {
  const source = join(work, 'source');
  const object = join(work, 'object');
  generateTree(source, { headers: 250, seed: 11 });
  generateTree(object, { headers: 60, seed: 12 });
  writeFiles(source, {
    [`include/linux/${'long'.repeat(40)}/${'name'.repeat(40)}.h`]: '/* gone */ long\n',
    'include/linux/long-target.h': { linkTo: `../${'target/'.repeat(40)}x.h` },
    [`include/linux/${'both'.repeat(30)}.h`]: { linkTo: 'far/'.repeat(60) },
    'include/linux/a.h': 'a\n',
    'include/linux/a/b.h': 'b\n',
    'include/linux/a-b.h': 'a-b\n',
  });

  it('in one tree, with long names and long link targets', async () => {
    await assertSame(
      [source, '--arch', 'x86', '--mtime', '@1700000000'],
      'one',
      scriptTar([source], 'x86', 1_700_000_000),
    );
  });

  it('for another architecture and another time stamp', async () => {
    await assertSame([source, '--arch', 'aarch64', '--mtime', '@0'], 'arm64', scriptTar([source], 'arm64', 0));
  });

  it('with an object tree laid over', async () => {
    const args = [source, '--objtree', object, '--arch', 'x86', '--mtime', '@1'];
    await assertSame(args, 'over', scriptTar([source, object], 'x86', 1));
  });

  it('cut into Blocks of any size', async () => {
    const args = [source, '--arch', 'x86', '--mtime', '@1700000000', '--block-size', '4KiB'];
    await assertSame(args, 'blocks', scriptTar([source], 'x86', 1_700_000_000));
  });
});
