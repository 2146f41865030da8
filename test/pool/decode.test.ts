import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type KheadersPackError, toKheadersPackError } from '../../src/errors.js';
import { decodeBlock } from '../../src/pool/decodeBlock.js';
import { WorkerPool } from '../../src/pool/pool.js';
import type { DecodeTask } from '../../src/pool/protocol.js';
import { Stopwatch } from '../../src/pool/stopwatch.js';
import { CHECKS } from '../../src/xz/check.js';
import { type BlockParts, padded, storedBlock } from '../xz/buildXz.js';
import { PLACE } from '../xz/fault.js';

const content = Buffer.alloc(300_000, '#define A 1\n');

/** The task of a Block, in a buffer of its own. */
function taskOf({ header, data, check, content: contents }: BlockParts, checkId: number): DecodeTask {
  const block = new Uint8Array(Buffer.concat([padded(Buffer.concat([header, data])), check]));
  const unpaddedSize = header.length + data.length + check.length;
  return {
    kind: 'decode',
    block,
    record: { unpaddedSize, uncompressedSize: contents.length },
    room: null,
    checkId,
    place: PLACE,
  };
}

function here(task: DecodeTask): Buffer {
  return Buffer.concat(decodeBlock(task, new Stopwatch()));
}

function errorOf(task: DecodeTask): KheadersPackError {
  try {
    here(task);
  } catch (error) {
    return toKheadersPackError(error);
  }
  throw new assert.AssertionError({ message: 'a bad Block was decoded' });
}

function codeOf(task: DecodeTask): string {
  return errorOf(task).code;
}

describe('a Block', () => {
  it('is decoded and verified, with each Check', () => {
    for (const { id, compute } of Object.values(CHECKS)) {
      const block = storedBlock(content, compute(content));
      assert.ok(here(taskOf(block, id)).equals(content));
      if (id === CHECKS.none.id) continue;
      const check = Buffer.from(block.check);
      check[0] = (check[0] ?? 0) ^ 1;
      assert.equal(codeOf(taskOf({ ...block, check }, id)), 'E_BAD_XZ');
    }
  });

  it('with a Check that nobody can compute is decoded, and not verified', () => {
    assert.ok(here(taskOf(storedBlock(content, Buffer.alloc(4, 9)), 0x02)).equals(content));
    assert.ok(here(taskOf(storedBlock(content, Buffer.alloc(64, 9)), 0x0f)).equals(content));
  });

  it('whose content is empty is decoded', () => {
    const nothing = Buffer.alloc(0);
    assert.equal(here(taskOf(storedBlock(nothing, CHECKS.crc64.compute(nothing)), CHECKS.crc64.id)).length, 0);
  });

  it('that is longer or shorter than its Record says is bad', () => {
    const task = taskOf(storedBlock(content, Buffer.alloc(0)), CHECKS.none.id);
    const { unpaddedSize, uncompressedSize } = task.record;
    for (const record of [
      { unpaddedSize: unpaddedSize - 1, uncompressedSize },
      { unpaddedSize, uncompressedSize: uncompressedSize - 1 },
      { unpaddedSize, uncompressedSize: uncompressedSize + 1 },
      { unpaddedSize: 5, uncompressedSize },
    ]) {
      assert.equal(codeOf({ ...task, record }), 'E_BAD_XZ');
    }
  });
});

describe('the worker threads', () => {
  let pool: WorkerPool;
  before(() => {
    pool = new WorkerPool(2, 1);
  });
  after(() => pool.close());

  it('decode as this thread does, and move the bytes instead of copying them', async () => {
    const task = taskOf(storedBlock(content, CHECKS.crc32.compute(content)), CHECKS.crc32.id);
    const pieces = await pool.decode(task);
    assert.ok(Buffer.concat(pieces).equals(content));
    assert.equal(task.block.length, 0, "the Block is the worker's now");
    assert.ok(
      pieces.every(piece => piece.byteLength === piece.buffer.byteLength),
      'each piece is a buffer of its own',
    );
    assert.ok(pool.seconds.decode > 0);
  });

  it('answer with the error of a Block that is bad, and go on', async () => {
    const bad = taskOf(storedBlock(content, Buffer.alloc(4)), CHECKS.crc32.id);
    const checkAt = bad.block.length - 4;
    await assert.rejects(pool.decode(bad), {
      code: 'E_BAD_XZ',
      facts: {
        path: PLACE.path,
        offset: PLACE.offset + checkAt,
        reason: 'the Check of a Block does not match its contents',
      },
    });
    const good = taskOf(storedBlock(content, Buffer.alloc(0)), CHECKS.none.id);
    assert.ok(Buffer.concat(await pool.decode(good)).equals(content));
  });
});
