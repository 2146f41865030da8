import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { packed, succeeded } from '../support/archive.js';
import { run, runCli } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const FILES = ['Kbuild', 'Makefile', 'README', 'kheaders.tar.xz', 'kheaders_archive.c'];
const work = scratch({ after });
const archive = join(work, 'k.tar.xz');
const digest = await packed([kernelTree(join(work, 'tree'))], archive);

describe('module', () => {
  it("writes the module's sources and the archive, byte for byte, into a new directory", async t => {
    const out = scratch(t);
    const directory = join(out, 'module');
    const { stdout, stderr } = succeeded(await runCli(['module', archive, '-C', directory]));
    assert.equal(stdout.toString(), '');
    assert.match(stderr, /^Wrote .*\/module with an archive of [\d,]+ bytes: make -C .*\/module\n$/);
    assertHoldsOnly(out, ['module']);
    assertHoldsOnly(directory, FILES);
    assert.equal(sha256(readFileSync(join(directory, 'kheaders.tar.xz'))), digest);
    for (const name of FILES.filter(each => each !== 'kheaders.tar.xz')) {
      const source = readFileSync(join(PROJECT_ROOT, 'src/image/module', name));
      assert.deepEqual(readFileSync(join(directory, name)), source, name);
    }
  });

  it('says what to run next as a shell takes it', async t => {
    const directory = join(scratch(t), 'odd d$dir');
    const { stderr } = succeeded(await runCli(['module', archive, '-C', directory]));
    assert.ok(stderr.endsWith(`: make -C '${directory}'\n`), stderr);
  });

  it('writes into an empty directory, also the working directory, and reads a pipe', async t => {
    const out = scratch(t);
    const input = readFileSync(archive);
    const { stdout, stderr } = succeeded(
      await runCli(['module', '-', '-C', '.', '--quiet', '--json'], { cwd: out, input }),
    );
    assert.equal(stderr, '');
    const { directory, ...summary } = JSON.parse(stdout.toString());
    assert.deepEqual(summary, {
      schema: 'kheaders-pack/module/1',
      archive: { size: input.length, sha256: digest },
      files: FILES,
    });
    assert.equal(directory, out);
    assertHoldsOnly(out, FILES);
  });

  it('refuses an archive that is damaged, cut off, no tar or no archive, and writes nothing', async t => {
    const out = scratch(t);
    const bad = join(out, 'bad');
    const whole = readFileSync(archive);
    const refused = async (bytes: Buffer, code: number, expected: RegExp): Promise<void> => {
      writeFileSync(bad, bytes);
      const ended = await runCli(['module', bad, '-C', join(out, 'module')]);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, expected);
      assertHoldsOnly(out, ['bad']);
    };
    await refused(whole.subarray(0, whole.length - 20), 1, /Bad archive ".*\/bad"/);
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
    await refused(flipped, 1, /Bad archive ".*\/bad"/);
    await refused(Buffer.from('#define X 1\n'), 1, /Bad archive ".*\/bad"/);
    await refused(Buffer.alloc(0), 1, /Bad archive ".*\/bad"/);
  });

  it('refuses an archive whose contents are no tar', { skip: unless('xz') }, async t => {
    const out = scratch(t);
    const { stdout } = succeeded(await run('xz', ['-c'], { input: 'a text and no tar\n'.repeat(100) }));
    writeFileSync(join(out, 'text.xz'), stdout);
    const ended = await runCli(['module', join(out, 'text.xz'), '-C', join(out, 'module')]);
    assert.deepEqual([ended.code, /Damaged tar in ".*text\.xz"/.test(ended.stderr)], [1, true], ended.stderr);
    assertHoldsOnly(out, ['text.xz']);
  });

  it('refuses a directory that has something in it, and one that cannot be made', async t => {
    const out = scratch(t);
    mkdirSync(join(out, 'full/inside'), { recursive: true });
    for (const [directory, expected] of [
      ['full', /Cannot write ".*\/full": it is not empty/],
      ['none/below', /Cannot write ".*\/none\/below": no such file or directory/],
      ['', /Invalid value "" for --directory/],
    ] as const) {
      const ended = await runCli(['module', archive, '-C', directory], { cwd: out });
      assert.deepEqual([ended.code, expected.test(ended.stderr)], [2, true], ended.stderr);
    }
    assertHoldsOnly(out, ['full']);
    assertHoldsOnly(join(out, 'full'), ['inside']);
    const ended = await runCli(['module', join(out, 'no-archive'), '-C', join(out, 'module')]);
    assert.deepEqual([ended.code, /Cannot read/.test(ended.stderr)], [2, true], ended.stderr);
  });
});
