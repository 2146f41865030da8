import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecodingThreads } from '../../../src/archive/reading/threads.js';
import { WorkerPool } from '../../../src/pool/pool.js';
import type { DecodeTask } from '../../../src/pool/protocol.js';
import { CHECKS } from '../../../src/xz/check.js';
import { padded, storedBlock } from '../../xz/buildXz.js';
import { PLACE } from '../../xz/fault.js';

/** More than this thread decodes alone. */
const MUCH = 2 ** 27;
const LITTLE = 2 ** 20;

const contentOf = (i: number): Buffer => Buffer.alloc(200_000 + i, `Block ${i}\n`);

function taskOf(i: number): DecodeTask {
  const content = contentOf(i);
  const { header, data, check } = storedBlock(content, CHECKS.crc64.compute(content));
  const block = new Uint8Array(Buffer.concat([padded(Buffer.concat([header, data])), check]));
  const unpaddedSize = header.length + data.length + check.length;
  const record = { unpaddedSize, uncompressedSize: content.length };
  return { kind: 'decode', block, record, room: null, checkId: CHECKS.crc64.id, place: PLACE };
}

/** What becomes of so many Blocks whose reader waits for each in turn. */
async function decodedInTurn(jobs: number, bytes: number, blocks: number): Promise<void> {
  const threads = new DecodingThreads(jobs);
  try {
    const decoding = threads.forKnown(blocks, bytes, blocks);
    const results = Array.from({ length: blocks }, (_, i) => decoding.decode(taskOf(i)));
    for (const [i, result] of results.entries()) {
      assert.ok(Buffer.concat(await decoding.help(result)).equals(contentOf(i)), `Block ${i}`);
    }
  } finally {
    await threads.close();
  }
}

describe('the threads that decode', () => {
  for (const jobs of [1, 2, 5]) {
    it(`give every Block, little or much, with ${jobs} jobs`, async () => {
      await decodedInTurn(jobs, LITTLE, 5);
      await decodedInTurn(jobs, MUCH, 60);
    });
  }

  it('leave the work to workers as long as no reader waits, which are not given all Blocks at once', async context => {
    const decode = context.mock.method(WorkerPool.prototype, 'decode');
    // Calls when the first answer is there. Two Blocks for each of two workers, and what is given until it is seen here.
    let first = 0;
    const threads = new DecodingThreads(3);
    const decoding = threads.forKnown(20, MUCH, 20);
    const contents = Array.from({ length: 20 }, (_, i) => decoding.decode(taskOf(i)));
    void Promise.race(contents).then(() => {
      first = decode.mock.callCount();
    });
    for (const [i, content] of contents.entries()) assert.ok(Buffer.concat(await content).equals(contentOf(i)));
    assert.equal(decode.mock.callCount(), 20);
    assert.ok(first > 0 && first <= 10, `${first} Blocks were given before the first answer`);
    await threads.close();
  });

  it('decode here what no worker can be started for', async context => {
    context.mock.method(WorkerPool.prototype, 'start', () => Promise.reject(new Error('no worker')));
    const decode = context.mock.method(WorkerPool.prototype, 'decode');
    await decodedInTurn(3, MUCH, 10);
    assert.equal(decode.mock.callCount(), 0);
  });

  it('write contents into the memory of those that were given back, and into no other', async () => {
    const threads = new DecodingThreads(1);
    const decoding = threads.forKnown(4, LITTLE, 4);
    const buffers: unknown[] = [];
    for (const i of [2_000_002, 2_000_001, 2_000_000, 2_000_003]) {
      const [content] = await decoding.help(decoding.decode(taskOf(i)));
      assert.ok(content !== undefined && Buffer.from(content).equals(contentOf(i)));
      buffers.push(content.buffer);
      // The second is kept by its reader.
      if (i !== 2_000_001) decoding.giveBack(content);
    }
    const [first, second, third, fourth] = buffers;
    assert.equal(second, first);
    assert.notEqual(third, second, 'what is kept is not written again');
    assert.notEqual(fourth, third, 'what is too small is not used');
    await threads.close();
  });

  it('forget the Blocks of a reader that reads no further, and no others', async () => {
    const threads = new DecodingThreads(1);
    const [stopped, going] = [threads.forKnown(2, LITTLE, 2), threads.forKnown(2, LITTLE, 2)];
    const dropped = [stopped.decode(taskOf(0)), stopped.decode(taskOf(1))];
    const kept = [going.decode(taskOf(2)), going.decode(taskOf(3))];
    stopped.drop();
    for (const task of dropped) await assert.rejects(task, { code: 'E_ABORTED' });
    for (const [i, task] of kept.entries()) {
      assert.ok(Buffer.concat(await going.help(task)).equals(contentOf(i + 2)));
    }
    await threads.close();
  });

  it('give the error of a Block to who waits for it, wherever it was decoded', async () => {
    for (const jobs of [1, 2]) {
      const threads = new DecodingThreads(jobs);
      const decoding = threads.forKnown(20, MUCH, 20);
      const tasks = Array.from({ length: 20 }, (_, i) => {
        const task = taskOf(i);
        task.block[task.block.length - 1] = (task.block.at(-1) as number) ^ 1;
        return decoding.decode(task);
      });
      for (const task of tasks) task.catch(() => undefined);
      for (const task of tasks) await assert.rejects(decoding.help(task), { code: 'E_BAD_XZ' });
      await threads.close();
    }
  });

  it('start no worker where there is memory for one Block at a time', async context => {
    const start = context.mock.method(WorkerPool.prototype, 'start');
    const one = new DecodingThreads(4);
    one.forKnown(50, MUCH, 1);
    await one.close();
    assert.equal(start.mock.callCount(), 0);
    const two = new DecodingThreads(4);
    two.forKnown(50, MUCH, 2);
    await two.close();
    assert.equal(start.mock.callCount(), 1);
  });
});
