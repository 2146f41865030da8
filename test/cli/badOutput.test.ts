import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { packed, succeeded } from '../support/archive.js';
import { ended, PROGRAM, run, runCli, startCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import {
  giveToOrdinary,
  NOBODY,
  ORDINARY,
  onSmallDisk,
  unless,
  unlessNobody,
  unlessOrdinary,
} from '../support/tools.js';
import { assertTrouble, runIntoTrouble } from '../support/trouble.js';

const QUICK = ['--preset', '0', '--jobs', '1'];

/** A tree of a few hundred incompressible KiB, and an empty directory beside it for the output. */
function bench(t: TestContext): { tree: string; out: string } {
  const work = scratch(t);
  const tree = kernelTree(join(work, 'tree'), { 'include/linux/noise.h': noise(600_000, 5) });
  const out = join(work, 'out');
  mkdirSync(out);
  return { tree, out };
}

const hasFull = process.platform === 'linux' ? false : 'there is no /dev/full here';

describe('an output that cannot be written is named, and nothing is left behind:', () => {
  it('its directory is missing', async t => {
    const { tree, out } = bench(t);
    const expected = /Cannot write ".*\/out\/missing\/k\.tar\.xz": no such file or directory$/;
    await runIntoTrouble([tree, '-o', join(out, 'missing/k.tar.xz')], expected);
    assertHoldsOnly(out, []);
  });

  it('the directory of the summary is missing, before anything is packed', async t => {
    const { tree, out } = bench(t);
    const archive = join(out, 'k.tar.xz');
    writeFileSync(archive, 'an archive');
    const summary = `--json=${join(out, 'missing/summary')}`;
    await runIntoTrouble(
      [tree, '-o', archive, summary],
      /Cannot write ".*\/missing\/summary": no such file or directory$/,
    );
    assert.equal(readFileSync(archive, 'utf8'), 'an archive');
    await runIntoTrouble([join(out, 'no-tree'), '-o', archive, `--json=${join(out, 'summary')}`], /Cannot use tree/);
    assert.equal(JSON.parse(readFileSync(join(out, 'summary'), 'utf8')).error.code, 'E_TREE');
    assertHoldsOnly(out, ['k.tar.xz', 'summary']);
  });

  it('it is another output, by another name', async t => {
    const { tree, out } = bench(t);
    mkdirSync(join(out, 'd'));
    symlinkSync('d', join(out, 'to-d'));
    symlinkSync('k.tar.xz', join(out, 'link'));
    for (const [archive, other] of [
      ['k.tar.xz', '--manifest link'],
      ['k.tar.xz', '--json=link'],
      ['d/k.tar.xz', '--sha256sums to-d/k.tar.xz'],
    ] as const) {
      const same = new RegExp(`Cannot use ${other} with -o ${archive}: both would be written to the same file$`);
      await runIntoTrouble([tree, '-o', archive, ...other.split(' ')], same, { cwd: out });
    }
    assertHoldsOnly(out, ['d', 'link', 'to-d']);
    assertHoldsOnly(join(out, 'd'), []);
  });

  it('its directory is a file', async t => {
    const { tree, out } = bench(t);
    writeFileSync(join(out, 'file'), 'mine');
    await runIntoTrouble([tree, '-o', join(out, 'file/k.tar.xz')], /Cannot write ".*": not a directory$/);
    assertHoldsOnly(out, ['file']);
  });

  it('its name ends with a slash, and there is no such directory', async t => {
    const { tree, out } = bench(t);
    writeFileSync(join(out, 'file'), 'mine');
    for (const name of ['new/', 'file/']) {
      const expected = /Cannot write ".*\/": not a directory$/;
      await runIntoTrouble([tree, '-o', join(out, name)], expected);
      await runIntoTrouble([tree, '-o', join(out, 'k'), '--manifest', join(out, name)], expected);
    }
    await runIntoTrouble([tree, '-o', `${out}/`], /Cannot write ".*": is a directory$/);
    assertHoldsOnly(out, ['file']);
  });

  it('it is a directory', async t => {
    const { tree, out } = bench(t);
    await runIntoTrouble([tree, '-o', out], /Cannot write ".*\/out": is a directory$/);
    assertHoldsOnly(out, []);
  });

  it('its directory is read-only', { skip: unlessOrdinary() }, async t => {
    const { tree, out } = bench(t);
    writeFileSync(join(out, 'k.tar.xz'), 'an archive');
    chmodSync(join(out, 'k.tar.xz'), 0o666);
    chmodSync(out, 0o555);
    const expected = /Cannot write ".*\/out\/k\.tar\.xz": permission denied$/;
    await runIntoTrouble([tree, '-o', join(out, 'k.tar.xz')], expected, ORDINARY);
    assert.equal(readFileSync(join(out, 'k.tar.xz'), 'utf8'), 'an archive');
    assertHoldsOnly(out, ['k.tar.xz']);
  });

  it('its directory becomes read-only meanwhile, which is not what is told of a bad input', {
    skip: unlessOrdinary() || unless('mkfifo'),
  }, async t => {
    const { out } = bench(t);
    giveToOrdinary(out);
    const fifo = join(scratch(t), 'fifo');
    succeeded(await run('mkfifo', ['-m', '666', fifo]));
    const end = ended(startCli(['--from-tar', fifo, '-o', join(out, 'k.tar.xz')], ORDINARY));
    while (readdirSync(out).length === 0) await sleep(5);
    chmodSync(out, 0o555);
    writeFileSync(fifo, 'no tar');
    assertTrouble(await end, /Cannot recompress ".*fifo": it ends early/);
  });

  it('its name is too long', async t => {
    const { tree, out } = bench(t);
    await runIntoTrouble([tree, '-o', join(out, 'k'.repeat(256))], /Cannot write ".*k": name too long$/);
    assertHoldsOnly(out, []);
  });

  it('it is a device that is full', { skip: hasFull }, async t => {
    const { tree } = bench(t);
    await runIntoTrouble([tree, '-q', '-o', '/dev/full'], /Cannot write "\/dev\/full": no space left on device$/);
    for (const args of [['-o', '-'], ['-n'], ['--json', '-o', '/dev/null'], ['--help'], ['--version']]) {
      const command = ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, PROGRAM, 'pack', tree, '-q', ...args];
      const { code, stderr } = await run('sh', command);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, /^kheaders-pack: Cannot write "standard output": no space left on device$/m, args.join(' '));
      assert.doesNotMatch(stderr, /Internal error|\n\s+at /);
    }
  });
});

describe('a full disk', () => {
  /** Runs `work` on a file system of 256 KiB at `out`, or skips the test. */
  async function onFullDisk(t: TestContext, out: string, work: () => Promise<void>): Promise<void> {
    const reason = await onSmallDisk(out, 2 ** 18, work);
    if (reason !== false) t.skip(reason);
  }

  it('is said, and the file that was begun is gone', async t => {
    const { tree, out } = bench(t);
    await onFullDisk(t, out, async () => {
      const expected = /Cannot write ".*\/out\/k\.tar\.xz": no space left on device$/;
      await runIntoTrouble([tree, ...QUICK, '--block-size', '32KiB', '-o', join(out, 'k.tar.xz')], expected);
      assertHoldsOnly(out, []);
    });
  });

  it('leaves the archive that is there as it was', async t => {
    const { tree, out } = bench(t);
    await onFullDisk(t, out, async () => {
      const archive = join(out, 'k.tar.xz');
      const before = await packed([tree, '--exclude', 'noise.h'], archive);
      await runIntoTrouble([tree, ...QUICK, '-o', archive], /no space left on device$/);
      assert.equal(sha256(readFileSync(archive)), before);
      assertHoldsOnly(out, ['k.tar.xz']);
    });
  });
});

describe("the new archive takes the old one's place", () => {
  it('behind a symbolic link, which stays a link', async t => {
    const { tree, out } = bench(t);
    mkdirSync(join(out, 'real'));
    writeFileSync(join(out, 'real/old.tar.xz'), 'old');
    symlinkSync('real/old.tar.xz', join(out, 'k.tar.xz'));
    const digest = await packed([tree, ...QUICK], join(out, 'k.tar.xz'));
    assert.equal(readlinkSync(join(out, 'k.tar.xz')), 'real/old.tar.xz');
    assert.equal(sha256(readFileSync(join(out, 'real/old.tar.xz'))), digest);
    assertHoldsOnly(out, ['k.tar.xz', 'real']);
    assertHoldsOnly(join(out, 'real'), ['old.tar.xz']);
  });

  it('behind a link to what is not there yet, too, and behind one to nowhere it is not made', async t => {
    const { tree, out } = bench(t);
    mkdirSync(join(out, 'real'));
    symlinkSync('real', join(out, 'to-real'));
    symlinkSync('to-real/new.tar.xz', join(out, 'k.tar.xz'));
    const digest = await packed([tree, ...QUICK], join(out, 'k.tar.xz'));
    assert.equal(readlinkSync(join(out, 'k.tar.xz')), 'to-real/new.tar.xz');
    assert.equal(sha256(readFileSync(join(out, 'real/new.tar.xz'))), digest);
    symlinkSync('missing/new.tar.xz', join(out, 'nowhere'));
    const expected = /Cannot write ".*\/out\/nowhere": no such file or directory$/;
    await runIntoTrouble([tree, '-o', join(out, 'nowhere')], expected);
    assert.equal(readlinkSync(join(out, 'nowhere')), 'missing/new.tar.xz');
    assertHoldsOnly(out, ['k.tar.xz', 'nowhere', 'real', 'to-real']);
    assertHoldsOnly(join(out, 'real'), ['new.tar.xz']);
  });

  it('with its permissions, and a new one gets those of the umask', async t => {
    const { tree, out } = bench(t);
    writeFileSync(join(out, 'old.tar.xz'), 'old');
    chmodSync(join(out, 'old.tar.xz'), 0o640);
    for (const [name, mode] of [
      ['old.tar.xz', 0o640],
      ['new.tar.xz', 0o602],
    ] as const) {
      const command = ['-c', 'umask 0075; exec "$@"', 'sh', process.execPath, PROGRAM, tree, ...QUICK, '-q'];
      succeeded(await run('sh', [...command, '-o', join(out, name)]));
      assert.equal(lstatSync(join(out, name)).mode & 0o777, mode, name);
    }
  });

  it('as a new file, so that a hard link to the old one keeps the old bytes', { skip: unless('ln') }, async t => {
    const { tree, out } = bench(t);
    writeFileSync(join(out, 'k.tar.xz'), 'old');
    succeeded(await run('ln', [join(out, 'k.tar.xz'), join(out, 'other')]));
    await packed([tree, ...QUICK], join(out, 'k.tar.xz'));
    assert.equal(readFileSync(join(out, 'other'), 'utf8'), 'old');
    assertHoldsOnly(out, ['k.tar.xz', 'other']);
  });

  it('at kheaders.tar.xz in the working directory, when no output is named', async t => {
    const { tree, out } = bench(t);
    succeeded(await runCli([tree, ...QUICK, '-q'], { cwd: out }));
    assertHoldsOnly(out, ['kheaders.tar.xz']);
    assert.notEqual(statSync(join(out, 'kheaders.tar.xz')).size, 0);
  });

  it('where another user may write, whoever that is', { skip: unlessNobody() }, async t => {
    const { tree, out } = bench(t);
    chownSync(out, NOBODY, NOBODY);
    succeeded(await runCli([tree, ...QUICK, '-q'], { cwd: out, user: NOBODY }));
    assert.equal(statSync(join(out, 'kheaders.tar.xz')).uid, NOBODY);
  });
});

describe('devices and FIFOs are written to, not replaced', () => {
  it('a FIFO', { skip: unless('mkfifo', 'cat') }, async t => {
    const { tree, out } = bench(t);
    succeeded(await run('mkfifo', [join(out, 'fifo')]));
    const reader = run('cat', [join(out, 'fifo')]);
    succeeded(await runCli([tree, ...QUICK, '-q', '-o', join(out, 'fifo')]));
    const digest = await packed([tree, ...QUICK], join(out, 'k.tar.xz'));
    assert.equal(sha256((await reader).stdout), digest);
    assert.ok(lstatSync(join(out, 'fifo')).isFIFO());
  });

  it('/dev/null', async t => {
    const { tree, out } = bench(t);
    succeeded(await runCli([tree, ...QUICK, '-q', '-o', '/dev/null'], { cwd: out }));
    assert.ok(statSync('/dev/null').isCharacterDevice());
    assertHoldsOnly(out, []);
  });
});

for (const output of ['-', '/dev/stdout', '/dev/tty']) {
  it(`an archive is never written to a terminal, as ${output}`, { skip: unless('script') }, async t => {
    const { tree } = bench(t);
    const command = [process.execPath, PROGRAM, tree, ...QUICK, '-q', '-o', output].map(word => `'${word}'`).join(' ');
    const { stdout, code } = await run('script', ['-qec', command, '/dev/null'], { input: '' });
    assert.equal(code, 2);
    assert.match(stdout.toString(), /^kheaders-pack: Cannot write an archive to a terminal: redirect .*-o FILE\r?\n$/);
  });
}
