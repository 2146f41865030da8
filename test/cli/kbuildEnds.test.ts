import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestJobserver } from '../kbuild/tokens.js';
import { succeeded } from '../support/archive.js';
import { ended, startCli } from '../support/cli.js';
import { buildTree, EXPORTED, runKbuild, TARGET } from '../support/kbuild.js';
import { noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const NOISE = noise(2 ** 20, 3);
const WHOLE = ['kheaders.md5', 'kheaders_data.tar.xz'];
/** Makes the work take seconds, so that an end comes in the middle of it. */
const SLOW = '--codec liblzma --block-size 64KiB --lzma2 preset=6,depth=1000,nice=273';

/** Makes the same work short. */
const QUICK = { env: { KHEADERS_PACK_FLAGS: '--preset 0 --dedup' } };

function slowTree(t: TestContext): string {
  const files = Array.from({ length: 20 }, (_, i) => [`include/linux/n${i}.h`, NOISE] as const);
  return buildTree(join(scratch(t), 'linux'), Object.fromEntries(files));
}

function startSlow(tree: string, env: Record<string, string> = {}): ChildProcess {
  return startCli(['kbuild', TARGET], { cwd: tree, env: { ...EXPORTED, KHEADERS_PACK_FLAGS: SLOW, ...env } });
}

const temporaries = (tree: string): string[] =>
  readdirSync(join(tree, 'kernel')).filter(name => name.startsWith('.tmp_kheaders_data.tar.xz.'));

/** Waits until the archive is partly written. */
async function untilWriting(tree: string, child: ChildProcess): Promise<void> {
  while (!temporaries(tree).some(name => statSync(join(tree, 'kernel', name)).size > 100_000)) {
    assert.equal(child.exitCode, null, 'it was over before anything could be seen of it');
    await sleep(2);
  }
}

describe('kbuild killed outright', () => {
  it('leaves no target, and the next run makes it right and removes what was left', async t => {
    const tree = slowTree(t);
    const child = startSlow(tree);
    await untilWriting(tree, child);
    child.kill('SIGKILL');
    await once(child, 'close');
    assert.deepEqual([readdirSync(join(tree, 'kernel')).length, temporaries(tree).length], [1, 1]);
    succeeded(await runKbuild(tree, [TARGET], QUICK));
    assertHoldsOnly(join(tree, 'kernel'), WHOLE);
    const other = slowTree(t);
    succeeded(await runKbuild(other, [TARGET], QUICK));
    assert.equal(sha256(readFileSync(join(tree, TARGET))), sha256(readFileSync(join(other, TARGET))));
  });

  it('keeps the target of the run before, which the next run does not take for new', async t => {
    const tree = slowTree(t);
    const header = join(tree, 'include/linux/n0.h');
    succeeded(await runKbuild(tree, [TARGET], QUICK));
    const before = sha256(readFileSync(join(tree, TARGET)));
    writeFileSync(header, '#define OTHER 1\n');
    const child = startSlow(tree);
    await untilWriting(tree, child);
    child.kill('SIGKILL');
    await once(child, 'close');
    assert.equal(sha256(readFileSync(join(tree, TARGET))), before);
    assert.notEqual(succeeded(await runKbuild(tree, [TARGET], QUICK)).stdout.toString(), '');
    assert.notEqual(sha256(readFileSync(join(tree, TARGET))), before);
    assertHoldsOnly(join(tree, 'kernel'), WHOLE);
  });

  it('is no reason to touch the temporary file of a run that lives', async t => {
    const tree = slowTree(t);
    const first = startSlow(tree);
    const end = ended(first);
    await untilWriting(tree, first);
    succeeded(await runKbuild(tree, [TARGET], QUICK));
    assert.equal(first.exitCode, null, 'the first run has to be at it still');
    assert.equal(temporaries(tree).length, 1);
    first.kill('SIGTERM');
    assert.equal((await end).signal, 'SIGTERM');
    assertHoldsOnly(join(tree, 'kernel'), WHOLE);
  });
});

describe("kbuild with make's jobserver", { skip: unless('mkfifo') }, () => {
  const TOKENS = '+-12345';
  const jobserver = (t: TestContext): TestJobserver => new TestJobserver(t, join(scratch(t), 'fifo'), TOKENS);
  const SORTED = [...TOKENS].sort().join('');
  const withFifo = (fifo: TestJobserver, jobs: number): Record<string, string> => ({
    MAKEFLAGS: ` -j${jobs} --jobserver-auth=fifo:${fifo.path}`,
  });

  /** Waits until the run holds a token. */
  async function untilHolding(fifo: TestJobserver, child: ChildProcess): Promise<void> {
    while (fifo.look().length === TOKENS.length) {
      assert.equal(child.exitCode, null, 'it never took a token');
      await sleep(2);
    }
  }

  it('works on as many processors as it has tokens for, and gives every token back', async t => {
    const fifo = jobserver(t);
    const tree = slowTree(t);
    const child = startSlow(tree, withFifo(fifo, 8));
    const end = ended(child);
    let fewest = TOKENS.length;
    while (child.exitCode === null) {
      fewest = Math.min(fewest, fifo.look().length);
      await sleep(5);
    }
    succeeded(await end);
    assert.ok(fewest < TOKENS.length, 'it never took a token');
    assert.equal(fifo.take(), SORTED);
  });

  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGALRM', 'SIGUSR2', 'SIGXCPU'] as const) {
    it(`gives every token back on ${signal}, removes its temporary file and dies of it`, async t => {
      const fifo = jobserver(t);
      const tree = slowTree(t);
      const child = startSlow(tree, withFifo(fifo, 8));
      const end = ended(child);
      await untilWriting(tree, child);
      await untilHolding(fifo, child);
      child.kill(signal);
      assert.equal((await end).signal, signal);
      assert.equal(fifo.take(), SORTED);
      assertHoldsOnly(join(tree, 'kernel'), []);
    });
  }

  it('gives every token back when it fails', async t => {
    const fifo = jobserver(t);
    const tree = slowTree(t);
    const child = startSlow(tree, withFifo(fifo, 8));
    const end = ended(child);
    await untilWriting(tree, child);
    // It is archived last.
    writeFileSync(join(tree, 'include/linux/n9.h'), '#define CHANGED 1\n');
    const { code, stderr } = await end;
    assert.deepEqual([code, /it changed while packing/.test(stderr)], [2, true], stderr);
    assert.equal(fifo.take(), SORTED);
  });

  it('makes do with its own slot while there is no token', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '');
    const tree = buildTree(join(scratch(t), 'linux'));
    succeeded(await runKbuild(tree, [TARGET], { env: withFifo(fifo, 8) }));
    assert.equal(fifo.take(), '');
  });

  it('that is not there says so, and runs one job', async t => {
    const tree = buildTree(join(scratch(t), 'linux'));
    const env = { MAKEFLAGS: ' -j8 --jobserver-auth=fifo:/nowhere/fifo' };
    const { stderr } = succeeded(await runKbuild(tree, [TARGET, '--verbose'], { env }));
    assert.match(stderr, /^Cannot use make's jobserver "\/nowhere\/fifo", so one job: no such file or directory$/m);
  });

  it('in the form of two descriptors is not touched: they may be ours by now', async t => {
    const fifo = jobserver(t);
    const tree = buildTree(join(scratch(t), 'linux'));
    // The descriptors are open and lead to tokens, which is more than make would leave.
    const child = startCli(['kbuild', TARGET], {
      cwd: tree,
      env: { ...EXPORTED, MAKEFLAGS: ' -j8 --jobserver-auth=3,4' },
      stdio: ['ignore', 'pipe', 'pipe', fifo.descriptor, fifo.descriptor],
    });
    succeeded(await ended(child));
    assert.equal(fifo.take(), SORTED);
  });
});

describe('the jobs of kbuild', () => {
  for (const [makeflags, jobs] of [
    ['', 1],
    [' -j1', 1],
    [' -j2 --jobserver-auth=3,4', 2],
  ] as const) {
    it(`are ${jobs} with MAKEFLAGS "${makeflags}"`, async t => {
      const tree = buildTree(join(scratch(t), 'linux'));
      const { stderr } = succeeded(await runKbuild(tree, [TARGET, '-v'], { env: { MAKEFLAGS: makeflags } }));
      assert.match(stderr, new RegExp(`, ${jobs} jobs?,`));
    });
  }
});
