import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { threadAhead } from '../../src/cli/ahead.js';
import { ThreadAhead } from '../../src/pool/threadAhead.js';
import { runCli } from '../support/cli.js';
import { scratch } from '../support/scratch.js';

const work = scratch({ after });
const [large, small] = [join(work, 'large.xz'), join(work, 'small.xz')];
/** Where one thread is all that there is, none is started. */
const skip = availableParallelism() > 1 ? false : 'this machine has one core';

before(() => {
  writeFileSync(large, Buffer.alloc(2 ** 21));
  writeFileSync(small, Buffer.alloc(2 ** 21 - 1));
});

/** Whether a line has a thread started for it, which is ended. */
async function isStarted(...args: readonly string[]): Promise<boolean> {
  const worker = threadAhead(args)?.take() ?? null;
  await worker?.terminate();
  return worker !== null;
}

describe('a thread that decodes', { skip }, () => {
  it('is started ahead for what is read whole and large', async () => {
    assert.ok(await isStarted('verify', large));
    assert.ok(await isStarted('list', '--json', large));
    assert.ok(await isStarted('extract', '-j', '16', large, '-C', work));
  });

  it('is not started for others', async () => {
    assert.ok(!(await isStarted('verify', small)));
    assert.ok(!(await isStarted('verify', join(work, 'missing.xz'))));
    assert.ok(!(await isStarted('verify', `${large}/below`, 'with\0NUL', '-')));
    assert.ok(!(await isStarted('cat', large, 'x.h')));
    assert.ok(!(await isStarted(large)));
    for (const alone of [['-j1'], ['-j', '1'], ['--jobs', '1'], ['--jobs=1']]) {
      assert.ok(!(await isStarted('verify', ...alone, large)), alone.join(' '));
    }
  });

  it('is taken once', async () => {
    const ahead = new ThreadAhead();
    const worker = ahead.take() as Worker;
    assert.equal(ahead.take(), null);
    await worker.terminate();
  });

  it('is not given when it has ended', async () => {
    const created = once(process, 'worker');
    const ahead = new ThreadAhead();
    const [worker] = (await created) as [Worker];
    await worker.terminate();
    assert.equal(ahead.take(), null);
  });

  it('keeps nobody waiting who does not need it', async () => {
    const { code, stderr } = await runCli(['verify', '-q', large]);
    assert.deepEqual([code, stderr], [1, '']);
  });
});
