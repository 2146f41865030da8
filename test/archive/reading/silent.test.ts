import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { setImmediate as aTurn } from 'node:timers/promises';
import { list, pack, verify } from 'kheaders-pack';
import { ended, startCli } from '../../support/cli.js';
import { kernelTree } from '../../support/kernelTree.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';

const work = scratch({ after });
const manifest = join(work, 'manifest.json');
await pack({ trees: [kernelTree(join(work, 'tree'))], manifest, output: join(work, 'archive.tar.xz'), jobs: 1 });

const nothing = (): void => undefined;

describe('a readable that never answers', () => {
  const readers = {
    list: (archive: Readable, signal: AbortSignal) => list({ archive, signal }, nothing),
    verify: (archive: Readable, signal: AbortSignal) => verify(archive, { signal }),
    'verify with a manifest': (archive: Readable, signal: AbortSignal) => verify(archive, { manifest, signal }),
  };
  for (const [name, read] of Object.entries(readers)) {
    it(`does not hold up who stops: ${name}`, async () => {
      const silent = new PassThrough();
      const stop = new AbortController();
      const end = assert.rejects(read(silent, stop.signal), { code: 'E_ABORTED' });
      setTimeout(() => stop.abort(), 20);
      await end;
      await aTurn();
      assert.ok(silent.destroyed);
      assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
    });

    it(`is let go of where that was stopped before: ${name}`, async () => {
      const silent = new PassThrough();
      await assert.rejects(read(silent, AbortSignal.abort()), { code: 'E_ABORTED' });
      await aTurn();
      assert.ok(silent.destroyed);
    });
  }

  describe('nor does a FIFO that stays open', { skip: unless('mkfifo') }, () => {
    let fifos = 0;
    /** Each its own: who reads one that was left may still do so. */
    const newFifo = (): string => {
      const fifo = join(work, `fifo-${fifos++}`);
      assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
      return fifo;
    };

    it('who stops', async () => {
      const fifo = newFifo();
      const writer = openSync(fifo, 'r+');
      const stop = new AbortController();
      const end = assert.rejects(list({ archive: fifo, signal: stop.signal }, nothing), { code: 'E_ABORTED' });
      setTimeout(() => stop.abort(), 50);
      await end;
      // The thread that reads it ends with the FIFO.
      closeSync(writer);
    });

    it('who stops while nobody has opened the other end', async () => {
      const fifo = newFifo();
      const opening = list({ archive: fifo, signal: AbortSignal.timeout(50) }, nothing);
      await assert.rejects(opening, { code: 'E_ABORTED' });
      // The thread that opens it ends when somebody does.
      closeSync(openSync(fifo, 'r+'));
    });

    it('the program, once what came is known to be no archive', async () => {
      for (const options of [[], ['--manifest', manifest]]) {
        const writer = openSync(newFifo(), 'r+');
        writeSync(writer, 'no archive at all');
        const { code } = await ended(startCli(['verify', '-', ...options], { stdio: [writer, 'pipe', 'pipe'] }));
        closeSync(writer);
        assert.equal(code, 1, options.join(' '));
      }
    });
  });
});

it('a readable that fails before it is read is an error like any other', async () => {
  // The manifest is read first, and the stream fails meanwhile.
  const verified = verify(createReadStream(join(work, 'missing')), { manifest });
  await assert.rejects(verified, { code: 'E_READ', message: /no such file or directory/ });
});

it('one signal may serve any number of readings, those of damaged archives too', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 3; i++) {
    const archive = Readable.from([Buffer.from('no archive at all')]);
    await assert.rejects(list({ archive, signal }, nothing), { code: 'E_BAD_XZ' });
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  }
});
