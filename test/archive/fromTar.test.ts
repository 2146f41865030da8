import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pack } from 'kheaders-pack';
import { packed, succeeded, tarOf } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { kernelTree, noise, writeFiles } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const QUICK = ['--preset', '0', '--block-size', '32KiB', '--jobs', '2'];

const work = scratch({ after });
const out = join(work, 'out');
mkdirSync(out);
const archive = join(out, 'k.tar.xz');

/** What every tar program is given: long names, links of both kinds, an empty file, one over several Blocks. */
const staging = writeFiles(join(work, 'staging'), {
  'a.h': '#define A 1\n',
  'empty.h': '',
  'large.h': noise(100_000, 1),
  'link.h': { linkTo: 'a.h' },
  'long-link.h': { linkTo: 'target/'.repeat(20) },
  [`${'directory/'.repeat(12)}x.h`]: 'deep\n',
  [`${'n'.repeat(90)}.h`]: 'long\n',
});
linkSync(join(staging, 'a.h'), join(staging, 'hard.h'));
/** What even the oldest format holds. */
const plain = writeFiles(join(work, 'plain'), {
  'a.h': '#define A 1\n',
  'directory/x.h': 'deep\n',
  'large.h': noise(100_000, 1),
  'link.h': { linkTo: 'a.h' },
});
linkSync(join(plain, 'a.h'), join(plain, 'hard.h'));
/** What only formats with extensions hold. */
const longer = writeFiles(join(work, 'longer'), {
  [`${'n'.repeat(120)}.h`]: 'longer\n',
  [`${'directory/'.repeat(30)}x.h`]: 'deeper\n',
  'caf\xc3\xa9-\xff.h': 'bytes\n',
  'large.h': noise(50_000, 2),
});

/** A tar made by a command that writes it to standard output. */
async function tarBy(name: string, command: string, ...args: readonly string[]): Promise<string> {
  const tar = join(work, `${name}.tar`);
  writeFileSync(tar, succeeded(await run(command, args, { env: { LC_ALL: 'C.UTF-8', PYTHONUTF8: '1' } })).stdout);
  return tar;
}

async function assertPreserved(tar: string): Promise<void> {
  const { stderr } = succeeded(await runCli(['--from-tar', tar, ...QUICK, '-q', '-o', archive]));
  assert.equal(stderr, '');
  assert.ok((await tarOf(archive)).equals(readFileSync(tar)));
  succeeded(await run('xz', ['-t', archive]));
}

const PYTHON = `import sys, tarfile
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=getattr(tarfile, sys.argv[1])) as tar: tar.add(sys.argv[2], ".")`;

describe('the bytes of an existing tar are preserved when it was made by', { skip: unless('xz') }, () => {
  for (const format of ['gnu', 'oldgnu', 'pax', 'ustar', 'v7']) {
    it(`GNU tar, format ${format}`, { skip: unless('tar') }, async () => {
      const trees = ['ustar', 'v7'].includes(format) ? ['-C', plain, '.'] : ['-C', staging, '.', '-C', longer, '.'];
      await assertPreserved(await tarBy(`gnu-${format}`, 'tar', '-c', `--format=${format}`, ...trees));
    });
  }

  it('GNU tar with a label, as an incremental backup, and with sparse files in pax format', {
    skip: unless('tar'),
  }, async () => {
    await assertPreserved(await tarBy('label', 'tar', '-c', '-V', 'a label', '-C', staging, '.'));
    await assertPreserved(await tarBy('incremental', 'tar', '-c', '-g', join(work, 'snapshot'), '-C', staging, '.'));
    succeeded(await run('truncate', ['-s', '1M', join(longer, 'sparse')]));
    await assertPreserved(await tarBy('sparse', 'tar', '-cS', '--format=pax', '-C', longer, '.'));
  });

  for (const format of ['pax', 'ustar', 'gnutar']) {
    it(`bsdtar, format ${format}`, { skip: unless('bsdtar') }, async () => {
      const trees = format === 'ustar' ? ['-C', plain, '.'] : ['-C', staging, '.', '-C', longer, '.'];
      const tar = await tarBy(`bsd-${format}`, 'bsdtar', '-cf', '-', `--format=${format}`, ...trees);
      await assertPreserved(tar);
    });
  }

  it('busybox tar', { skip: unless('busybox') }, async () => {
    await assertPreserved(await tarBy('busybox', 'busybox', 'tar', '-cf', '-', '-C', staging, '.'));
  });

  for (const format of ['PAX_FORMAT', 'GNU_FORMAT', 'USTAR_FORMAT']) {
    it(`Python's tarfile, ${format}`, { skip: unless('python3') }, async () => {
      for (const tree of format === 'USTAR_FORMAT' ? [plain] : [staging, longer]) {
        await assertPreserved(await tarBy(`python-${format}`, 'python3', '-c', PYTHON, format, tree));
      }
    });
  }
});

it('zeros behind the end are one Block, or several of the largest', { skip: unless('xz') }, async () => {
  const tar = tarOfParts({ name: 'a.h', content: noise(2 ** 20, 3) });
  const blocksWith = async (zeros: number, jobs: number): Promise<string[]> => {
    const input = Buffer.concat([tar, Buffer.alloc(zeros)]);
    succeeded(
      await runCli(['--from-tar', '-', '--block-size', '8MiB', '-j', `${jobs}`, '-q', '-o', archive], { input }),
    );
    assert.ok((await tarOf(archive)).equals(input));
    const { stdout } = succeeded(await run('xz', ['--robot', '-lvv', archive]));
    const sizes = [...stdout.toString().matchAll(/^block\t.*?\t.*?\t.*?\t.*?\t.*?\t.*?\t(\d+)\t/gm)].map(
      ([, size = '']) => size,
    );
    return [sha256(readFileSync(archive)), ...sizes];
  };
  const [digest, ...sizes] = await blocksWith(11 * 2 ** 20, 1);
  assert.deepEqual(sizes, [tar.length - 1024, 11 * 2 ** 20 + 1024].map(String));
  assert.deepEqual(await blocksWith(11 * 2 ** 20, 3), [digest, ...sizes]);
  const [, ...ofMore] = await blocksWith(2 ** 26, 3);
  assert.deepEqual(ofMore, [tar.length - 1024, 2 ** 26, 1024].map(String));
});

describe('an existing tar may come', { skip: unless('xz', 'tar') }, () => {
  const tar = tarBy('plain', 'tar', '-c', '-C', staging, '.', '-C', longer, '.');

  async function assertSameFrom(args: readonly string[], input: Buffer | string = ''): Promise<void> {
    succeeded(await runCli([...args, ...QUICK, '-q', '-o', archive], { input }));
    assert.ok((await tarOf(archive)).equals(readFileSync(await tar)));
  }

  it('in .xz, of many Blocks, of several Streams, and with Stream Padding', async () => {
    const bytes = readFileSync(await tar);
    const xz = async (input: Buffer, ...args: readonly string[]): Promise<Buffer> =>
      succeeded(await run('xz', ['-0', '-c', ...args], { input })).stdout;
    const files = {
      single: await xz(bytes),
      blocks: await xz(bytes, '-T2', '--block-size=16384'),
      unchecked: await xz(bytes, '--check=none'),
      sha256: await xz(bytes, '--check=sha256'),
      strongest: await xz(bytes, '-9'),
      streams: Buffer.concat([await xz(bytes.subarray(0, 70_001)), await xz(bytes.subarray(70_001))]),
      padding: Buffer.concat([await xz(bytes), Buffer.alloc(8), await xz(Buffer.alloc(0)), Buffer.alloc(4)]),
    };
    for (const [name, compressed] of Object.entries(files)) {
      writeFileSync(join(work, `${name}.tar.xz`), compressed);
      await assertSameFrom(['--from-tar', join(work, `${name}.tar.xz`)]);
    }
  });

  it('from standard input, plain or in .xz', async () => {
    await assertSameFrom(['--from-tar', '-'], readFileSync(await tar));
    await assertSameFrom(['--from-tar', '-'], succeeded(await run('xz', ['-0', '-c', await tar])).stdout);
  });

  it('through a pipe whose writer is slow', { skip: unless('sh', 'sleep') }, async () => {
    const fifo = join(work, 'fifo');
    succeeded(await run('mkfifo', [fifo]));
    const script = 'head -c 3 "$1"; sleep 0.2; tail -c +4 "$1" | head -c 1000; sleep 0.2; tail -c +1004 "$1"';
    const writer = run('sh', ['-c', `{ ${script}; } > "$2"`, 'sh', await tar, fifo]);
    await assertSameFrom(['--from-tar', fifo]);
    succeeded(await writer);
  });

  it('through a pipe that falls silent, and can be stopped then', {
    skip: unless('sh', 'sleep', 'mkfifo'),
  }, async () => {
    for (const size of [0, 3, 1000]) {
      const fifo = join(work, `silent-${size}`);
      succeeded(await run('mkfifo', [fifo]));
      const script = `{ head -c ${size} "$1"; exec sleep 60; } > "$2"`;
      const writer = spawn('sh', ['-c', script, 'sh', await tar, fifo]);
      const output = join(scratch({ after }), 'k.tar.xz');
      const signal = AbortSignal.timeout(300);
      await assert.rejects(pack({ fromTar: fifo, output, signal }), { code: 'E_ABORTED' });
      assertHoldsOnly(dirname(output), []);
      writer.kill();
    }
  });

  it('from the working directory, and to standard output', async () => {
    const args = ['--from-tar', 'plain.tar', ...QUICK, '-q', '-o', '-'];
    await tar;
    const { stdout } = succeeded(await runCli(args, { cwd: work }));
    await assertSameFrom(['--from-tar', await tar]);
    assert.equal(sha256(stdout), sha256(readFileSync(archive)));
  });
});

describe('our own archive compressed again', { skip: unless('xz') }, () => {
  const tree = kernelTree(join(work, 'tree'), {
    ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`include/linux/n${i}.h`, noise(4000 + 97 * i, i)])),
    'include/linux/large.h': noise(300_000, 99),
    'include/linux/link.h': { linkTo: 'far/'.repeat(40) },
    [`include/${'d'.repeat(120)}/x.h`]: 'x\n',
    'include/linux/caf\xe9\n.h': 'name\n',
    'include/linux/same.h': 'x\n',
  });

  for (const settings of [
    ['--preset', '0'],
    ['--preset', '1', '--block-size', '32KiB', '--check', 'sha256'],
    ['--preset', '0', '--block-size', '4KiB'],
  ]) {
    it(`is the identical archive with the same settings (${settings.join(' ')}), whatever the jobs`, async () => {
      const digest = await packed([tree, ...settings, '--jobs', '2', '--mtime', '@7'], archive);
      const again = join(out, 'again.tar.xz');
      assert.equal(await packed(['--from-tar', archive, ...settings, '--jobs', '1'], again), digest);
      writeFileSync(join(work, 'ours.tar'), await tarOf(archive));
      assert.equal(await packed(['--from-tar', join(work, 'ours.tar'), ...settings, '--jobs', '3'], again), digest);
      assert.equal(await packed(['--from-tar', again, ...settings, '--jobs', '2'], again), digest);
    });
  }
});

describe('what is no whole tar is refused, with no litter and the old archive kept:', {
  skip: unless('xz', 'tar'),
}, () => {
  const whole = tarBy('whole', 'tar', '-c', '-C', staging, '.');

  async function assertRefused(name: string, bytes: Buffer, expected: RegExp): Promise<void> {
    const input = join(work, name);
    writeFileSync(input, bytes);
    const place = join(work, `refused ${name}`);
    mkdirSync(place);
    writeFileSync(join(place, 'k.tar.xz'), 'before');
    const args = [...QUICK, '-q', '-o', join(place, 'k.tar.xz')];
    await runIntoTrouble(['--from-tar', input, ...args], expected);
    await runIntoTrouble(['--from-tar', '-', ...args], /Cannot recompress "standard input"/, { input: bytes });
    assert.equal(readFileSync(join(place, 'k.tar.xz'), 'utf8'), 'before');
    assertHoldsOnly(place, ['k.tar.xz']);
  }

  it('one that is cut short, in a header or in a content', async () => {
    const bytes = readFileSync(await whole);
    for (const size of [1, 100, 511, 513, 1000, 60_000]) {
      await assertRefused(
        `cut-${size}.tar`,
        bytes.subarray(0, size),
        /Cannot recompress ".*cut-\d+\.tar": it ends (early|inside)/,
      );
    }
  });

  it('one with another behind it: two that were joined, of which GNU tar reads the first', async () => {
    const bytes = readFileSync(await whole);
    const expected = new RegExp(`other bytes than zeros follow .* \\(at byte ${bytes.length} of the tar; expected a`);
    await assertRefused('joined.tar', Buffer.concat([bytes, bytes]), expected);
  });

  it('an .xz file that is cut short or damaged', async () => {
    const { stdout } = succeeded(await run('xz', ['-0', '-c', await whole]));
    for (const size of [7, 20, 5000, stdout.length - 1]) {
      await assertRefused(
        `cut-${size}.tar.xz`,
        stdout.subarray(0, size),
        /Cannot recompress ".*": the \.xz data end early/,
      );
    }
    const damaged = Buffer.from(stdout);
    damaged[5000] = (damaged[5000] ?? 0) ^ 1;
    await assertRefused('damaged.tar.xz', damaged, /Cannot recompress ".*": the \.xz data are damaged/);
    const followed = Buffer.concat([stdout, Buffer.from('garbage')]);
    await assertRefused('followed.tar.xz', followed, /Cannot recompress ".*": the \.xz data .*garbage/);
  });

  it('an empty file, text, zeros alone, and an .xz file of something else', async () => {
    await assertRefused('empty.tar', Buffer.alloc(0), /Cannot recompress ".*empty\.tar": it ends early/);
    await assertRefused(
      'text.tar',
      Buffer.from('no tar\n'.repeat(200)),
      /Cannot recompress ".*text\.tar": no entry header where one has to be/,
    );
    await assertRefused('zeros.tar', Buffer.alloc(10_240), /Cannot recompress ".*zeros\.tar": it holds no entry/);
    await runIntoTrouble(
      ['--from-tar', '/dev/zero', '-o', archive],
      /Cannot recompress "\/dev\/zero": it holds no entry/,
    );
    const { stdout } = succeeded(await run('xz', ['-0', '-c'], { input: noise(5000, 8) }));
    await assertRefused('text.xz', stdout, /Cannot recompress ".*text\.xz": no entry header where one has to be/);
  });

  it('data of another format, which is named', { skip: unless('gzip', 'tar') }, async () => {
    const { stdout: tar } = succeeded(await run('tar', ['-cf', '-', '-C', work, '.']));
    const { stdout: gzipped } = succeeded(await run('gzip', ['-c'], { input: tar }));
    const expected = (format: string): RegExp => new RegExp(`expected a tar, plain or in \\.xz, found ${format}$`);
    await assertRefused('k.tgz', gzipped, expected('gzip data'));
    await assertRefused('short.tgz', gzipped.subarray(0, 40), expected('gzip data'));
    const zstd = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(2000, 1)]);
    await assertRefused('k.tar.zst', zstd, expected('zstd data'));
    const { stdout: lzma } = succeeded(await run('xz', ['--format=lzma', '-0', '-c'], { input: tar }));
    await assertRefused('k.tar.lzma', lzma, expected('\\.lzma data'));
    const { stdout: inside } = succeeded(await run('xz', ['-0', '-c'], { input: gzipped }));
    await assertRefused('k.tgz.xz', inside, expected('gzip data'));
  });

  it('a file that is missing, and a directory', async () => {
    const place = join(work, 'nothing');
    mkdirSync(place);
    const args = ['-q', '-o', join(place, 'k.tar.xz')];
    await runIntoTrouble(
      ['--from-tar', join(work, 'missing.tar'), ...args],
      /Cannot read ".*missing\.tar": no such file/,
    );
    await runIntoTrouble(['--from-tar', work, ...args], /Cannot read ".*": is a directory/);
    assertHoldsOnly(place, []);
  });
});
