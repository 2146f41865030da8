import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { buildElf } from '../image/buildElf.js';
import { packed, succeeded } from '../support/archive.js';
import { runCli } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { assertTrouble } from '../support/trouble.js';

const work = scratch({ after });
const archive = join(work, 'k.tar.xz');
const tree = kernelTree(join(work, 'tree'));
const digest = await packed([tree], archive);
const bytes = readFileSync(archive);
const vmlinux = join(work, 'vmlinux');
const { file, at } = buildElf(
  { bits: 64, isLittle: true, isRelocatable: false, address: 0xffff_ffff_8100_0000n },
  Buffer.concat([Buffer.alloc(100), bytes]),
  [
    { name: 'kernel_headers_data', at: 100 },
    { name: 'kernel_headers_data_end', at: 100 + bytes.length },
  ],
);
writeFileSync(vmlinux, file);
const NOTICE = new RegExp(
  `^Found an archive of \\d+ bytes in .*/vmlinux, at byte ${at + 100}: between kernel_headers_data and kernel_headers_data_end$`,
  'm',
);

describe("an image in an archive's place", () => {
  it('is listed, printed, extracted and verified as the archive in it, and it is said where that is', async t => {
    const same = async (args: (image: string) => string[], quiet: string[]): Promise<void> => {
      const [direct, through] = await Promise.all([archive, vmlinux].map(each => runCli([...args(each), ...quiet])));
      assert.deepEqual(through?.stdout, direct?.stdout);
      assert.deepEqual([through?.code, through?.stderr], [direct?.code, direct?.stderr]);
      const said = succeeded(await runCli(args(vmlinux)));
      assert.match(said.stderr, NOTICE);
    };
    await same(image => ['list', image], ['--quiet']);
    await same(image => ['cat', image, 'include/linux/least.h'], ['--quiet']);
    await same(image => ['verify', image], ['--quiet']);
    await same(image => ['verify', image, tree], ['--quiet']);
    const [one, other] = [join(scratch(t), 'one'), join(scratch(t), 'other')];
    succeeded(await runCli(['extract', archive, '-C', one, '--quiet']));
    const { stderr } = succeeded(await runCli(['extract', vmlinux, '-C', other]));
    assert.match(stderr, NOTICE);
    assert.deepEqual(snapshot(other), snapshot(one));
  });

  it('gives the archive itself back, byte for byte, to a file or a pipe', async t => {
    const out = scratch(t);
    const cut = join(out, 'cut.tar.xz');
    const { stdout } = succeeded(await runCli(['extract', vmlinux, '--archive-to', cut]));
    assert.equal(stdout.length, 0);
    assert.equal(sha256(readFileSync(cut)), digest);
    assertHoldsOnly(out, ['cut.tar.xz']);
    assert.equal(sha256(succeeded(await runCli(['extract', vmlinux, '--archive-to', '-', '--quiet'])).stdout), digest);
  });

  it('with --container is what it is: no .xz file', async () => {
    const { code, stdout } = await runCli(['verify', '--container', vmlinux]);
    assert.deepEqual([code, /expected an \.xz file/.test(stdout.toString())], [1, true]);
  });

  it('and options that make no sense there are trouble', async t => {
    const cut = join(scratch(t), 'cut');
    const conflict = async (args: string[], expected: RegExp): Promise<void> => {
      assertTrouble(await runCli(['extract', ...args, '--archive-to', cut, '--quiet']), expected);
      assert.ok(!existsSync(cut));
    };
    await conflict([vmlinux, 'least.h'], /Cannot use PATTERN with --archive-to/);
    await conflict([archive], /Cannot use .*k\.tar\.xz with --archive-to: it is no image/);
    for (const [option, ...value] of [
      ['--directory', work],
      ['--strip-components', '1'],
      ['--kernel', 'a'],
      ['--portable'],
      ['--outside-links'],
    ] as const) {
      await conflict(
        [vmlinux, option, ...value],
        new RegExp(`Cannot use ${option} with --archive-to: nothing is unpacked`),
      );
    }
  });

  it('is not lost where it is to be written over itself', async t => {
    const image = join(scratch(t), 'image');
    copyFileSync(vmlinux, image);
    const link = `${image}.link`;
    symlinkSync(image, link);
    for (const path of [image, link]) {
      assertTrouble(
        await runCli(['extract', image, '--archive-to', path, '--quiet']),
        /Cannot use .*image with --archive-to: it is the image itself/,
      );
    }
    assert.equal(sha256(readFileSync(image)), sha256(readFileSync(vmlinux)));
  });

  it('that holds none is trouble that says why', async () => {
    const none = join(work, 'none');
    writeFileSync(
      none,
      buildElf({ bits: 64, isLittle: true, isRelocatable: true, address: 0n }, Buffer.alloc(9), []).file,
    );
    for (const command of ['list', 'extract', 'verify']) {
      assertTrouble(
        await runCli([command, none]),
        /Cannot cut an archive out of ".*\/none": it holds no archive of headers/,
      );
    }
  });
});

describe("without an ARCHIVE it is the running kernel's", () => {
  const shown = '/sys/kernel/kheaders.tar.xz';
  it('which is said to be missing where it is', { skip: existsSync(shown) && 'this kernel shows one' }, async () => {
    for (const command of ['list', 'extract', 'verify']) {
      assertTrouble(
        await runCli([command]),
        /Cannot find an archive: name one, or load .*kheaders module \("\/sys\/kernel\/kheaders\.tar\.xz" is missing\)/,
      );
    }
  });
  it('which is listed where it is shown', { skip: !existsSync(shown) && 'this kernel shows none' }, async () => {
    const { stdout } = succeeded(await runCli(['list']));
    assert.match(stdout.toString(), /include\/linux\//);
  });
});
