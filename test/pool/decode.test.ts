import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type KheadersPackError, toKheadersPackError } from '../../src/errors.js';
import { decodeBlock } from '../../src/pool/decodeBlock.js';
import type { BlockToDecode } from '../../src/pool/decodeProtocol.js';
import { DecodeThread } from '../../src/pool/decodeThread.js';
import { CHECKS } from '../../src/xz/check.js';
import { type BlockParts, padded, storedBlock } from '../xz/buildXz.js';
import { PLACE } from '../xz/fault.js';

const content = Buffer.alloc(300_000, '#define A 1\n');

/** A Block, in a buffer of its own. */
function taskOf({ header, data, check, content: contents }: BlockParts, checkId: number): BlockToDecode {
  const block = new Uint8Array(Buffer.concat([padded(Buffer.concat([header, data])), check]));
  const unpaddedSize = header.length + data.length + check.length;
  return { block, record: { unpaddedSize, uncompressedSize: contents.length }, checkId, place: PLACE };
}

function here(task: BlockToDecode): Buffer {
  return Buffer.concat([...decodeBlock(task, null)]);
}

function errorOf(task: BlockToDecode): KheadersPackError {
  try {
    here(task);
  } catch (error) {
    return toKheadersPackError(error);
  }
  throw new assert.AssertionError({ message: 'a bad Block was decoded' });
}

function codeOf(task: BlockToDecode): string {
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

/** What a thread makes of a Block. */
function onThread(thread: DecodeThread, task: BlockToDecode, slot: number): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    thread.decode(task, slot, 'all', {
      push: (more: readonly Uint8Array[]) => pieces.push(...more),
      end: () => resolve(pieces),
      fail: reject,
    });
  });
}

describe('a thread that decodes', () => {
  let thread: DecodeThread;
  before(async () => {
    await new Promise<void>(resolve => {
      thread = new DecodeThread(resolve);
    });
  });
  after(() => thread.close());

  it('gives what this thread does, in memory that both look at', async () => {
    const task = taskOf(storedBlock(content, CHECKS.crc32.compute(content)), CHECKS.crc32.id);
    const pieces = await onThread(thread, task, 0);
    assert.ok(Buffer.concat(pieces).equals(content));
    assert.equal(task.block.length, 0, "the Block is the thread's now");
    assert.ok(pieces.every(({ buffer }) => buffer instanceof SharedArrayBuffer));
  });

  it('leaves the contents of other slots as they are, and writes over those of the same', async () => {
    const [first, second] = [Buffer.alloc(300_000, 'a'), Buffer.alloc(300_000, 'b')];
    const none = (bytes: Buffer): BlockToDecode => taskOf(storedBlock(bytes, Buffer.alloc(0)), CHECKS.none.id);
    const pieces = await onThread(thread, none(first), 0);
    await onThread(thread, none(second), 2);
    assert.ok(Buffer.concat(pieces).equals(first));
    await onThread(thread, none(second), 0);
    assert.ok(Buffer.concat(pieces).equals(second));
  });

  it('answers with the error of a Block that is bad, behind its pieces, and goes on', async () => {
    const bad = taskOf(storedBlock(content, Buffer.alloc(4)), CHECKS.crc32.id);
    const checkAt = bad.block.length - 4;
    await assert.rejects(onThread(thread, bad, 1), {
      code: 'E_BAD_XZ',
      facts: {
        path: PLACE.path,
        offset: PLACE.offset + checkAt,
        reason: 'the Check of a Block does not match its contents',
      },
    });
    const good = taskOf(storedBlock(content, Buffer.alloc(0)), CHECKS.none.id);
    assert.ok(Buffer.concat(await onThread(thread, good, 0)).equals(content));
  });

  it('that is closed while it loads leaves nothing open, and takes nobody along', async () => {
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      await new DecodeThread(() => undefined).close();
      counts.push(descriptors());
    }
    assert.deepEqual(counts, Array(4).fill(counts[0]));
  });
});
