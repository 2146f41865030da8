import assert from 'node:assert/strict';
import { constants, fstatSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneSlot, type Slots } from '../../src/flow/slots.js';
import { putAllRight } from '../../src/flow/suddenEnd.js';
import { Jobserver, withJobserver } from '../../src/kbuild/jobserver.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { TestJobserver } from './tokens.js';

const none = (): Slots => assert.fail('the FIFO can be used');

/** Pieces of work that wait until they are told to end. */
class Pieces {
  running = 0;
  readonly #ends: (() => void)[] = [];
  readonly #all: Promise<void>[] = [];

  constructor(slots: Slots, count: number) {
    for (let i = 0; i < count; i++) {
      this.#all.push(
        slots.run(async () => {
          this.running++;
          await new Promise<void>(resolve => this.#ends.push(resolve));
          this.running--;
        }),
      );
    }
  }

  async end(count: number): Promise<void> {
    for (const end of this.#ends.splice(0, count)) end();
    await sleep(0);
  }

  async endAll(): Promise<void> {
    while (this.#ends.length > 0) await this.end(1);
    await Promise.all(this.#all);
  }
}

describe("make's jobserver", { skip: unless('mkfifo') }, () => {
  it('gives one slot without a token, and one for each token, up to the limit', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), 'abcde');
    await withJobserver(
      fifo.path,
      3,
      async slots => {
        const pieces = new Pieces(slots, 5);
        await sleep(0);
        assert.equal(pieces.running, 3);
        assert.equal(fifo.look().length, 3);
        await pieces.endAll();
      },
      none,
    );
    // The very bytes that were taken.
    assert.equal(fifo.look(), 'abcde');
  });

  it('is given a token back as soon as no work needs it', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '++');
    await withJobserver(
      fifo.path,
      8,
      async slots => {
        const pieces = new Pieces(slots, 3);
        await sleep(0);
        const seen = [fifo.look().length];
        for (let i = 0; i < 3; i++) {
          await pieces.end(1);
          seen.push(fifo.look().length);
        }
        assert.deepEqual(seen, [0, 1, 2, 2]);
        await pieces.endAll();
      },
      none,
    );
    assert.equal(fifo.look(), '++');
  });

  it('is asked again while work waits, and a token that comes late is used', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '');
    await withJobserver(
      fifo.path,
      2,
      async slots => {
        const pieces = new Pieces(slots, 2);
        await sleep(50);
        assert.equal(pieces.running, 1);
        fifo.put('+');
        while (pieces.running < 2) await sleep(1);
        assert.equal(fifo.look(), '');
        await pieces.endAll();
      },
      none,
    );
    assert.equal(fifo.look(), '+');
  });

  it('gets all tokens back after a failure, and at once when the process is about to end', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '+++');
    const failing = withJobserver(
      fifo.path,
      4,
      async slots => {
        const pieces = new Pieces(slots, 4);
        await sleep(0);
        assert.equal(fifo.look(), '');
        putAllRight();
        assert.equal(fifo.look(), '+++');
        await pieces.endAll();
        throw new Error('the work failed');
      },
      none,
    );
    await assert.rejects(failing, /the work failed/);
    assert.equal(fifo.look(), '+++');
  });

  it('that takes no token back is closed all the same', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '+');
    const descriptor = openSync(fifo.path, constants.O_RDWR | constants.O_NONBLOCK);
    const jobserver = new Jobserver(descriptor, 2);
    const pieces = new Pieces(jobserver, 2);
    await sleep(0);
    assert.equal(fifo.look(), '');
    fifo.fill();
    assert.throws(() => jobserver.close(), { code: 'EAGAIN' });
    assert.throws(() => fstatSync(descriptor), { code: 'EBADF' });
    await pieces.endAll();
  });

  it('that took no token back is sent none when the process is about to end', async t => {
    const fifo = new TestJobserver(t, join(scratch(t), 'fifo'), '++');
    const full = withJobserver(
      fifo.path,
      3,
      async slots => {
        new Pieces(slots, 3);
        await sleep(0);
        fifo.fill();
      },
      none,
    );
    await assert.rejects(full, { code: 'EAGAIN' });
    fifo.take();
    // Its descriptor may be another file's by then.
    putAllRight();
    assert.equal(fifo.look(), '');
  });

  it('that is not there, or no FIFO, is told of, and the slots given instead are used', async t => {
    const directory = scratch(t);
    writeFileSync(join(directory, 'file'), '+++');
    for (const [name, expected] of [
      ['none', /ENOENT/],
      ['file', /not a FIFO/],
    ] as const) {
      const instead = oneSlot();
      let why = '';
      const used = await withJobserver(
        join(directory, name),
        4,
        async slots => slots,
        error => {
          why = String(error);
          return instead;
        },
      );
      assert.equal(used, instead);
      assert.match(why, expected);
    }
  });
});
