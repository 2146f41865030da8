import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteCursor } from '../../src/bytes/byteCursor.js';

const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 12 });

async function* given(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* parts;
}

describe('a byte cursor', () => {
  it('gives the bytes in order, however they come and are taken', async () => {
    const sizes = fc.array(
      fc.tuple(fc.constantFrom('take', 'some', 'skip', 'ready', 'skipReady'), fc.integer({ min: 1, max: 30 })),
    );
    await fc.assert(
      fc.asyncProperty(pieces, sizes, async (parts, steps) => {
        const all = Buffer.concat(parts);
        const cursor = new ByteCursor(given(parts));
        let at = 0;
        for (const [step, size] of steps) {
          const left = all.subarray(at);
          if (step === 'take') {
            const taken = await cursor.take(size);
            assert.deepEqual(Buffer.from(taken), left.subarray(0, size));
            at += taken.length;
          } else if (step === 'some') {
            const some = await cursor.some(size);
            assert.equal(some === null, left.length === 0);
            assert.ok(some === null || (some.length >= 1 && some.length <= size));
            if (some !== null) assert.deepEqual(Buffer.from(some), left.subarray(0, some.length));
            at += some?.length ?? 0;
          } else if (step === 'ready') {
            const ready = cursor.ready(size);
            if (ready !== null) assert.deepEqual(Buffer.from(ready), left.subarray(0, size));
            at += ready?.length ?? 0;
          } else if (step === 'skipReady') {
            if (cursor.skipReady(size)) at += size;
          } else {
            assert.equal(await cursor.skip(size), left.length >= size);
            at = Math.min(all.length, at + size);
          }
        }
      }),
    );
  });

  it('copies nothing that lies in one piece', async () => {
    const piece = Buffer.from('abcdef');
    const cursor = new ByteCursor(given([piece]));
    await cursor.skip(1);
    const taken = await cursor.take(3);
    assert.equal(taken.buffer, piece.buffer);
    assert.equal(Buffer.from(taken).toString(), 'bcd');
  });

  it('gives without waiting what is there in one piece, and nothing else', async () => {
    const cursor = new ByteCursor(given([Buffer.from('abcdef'), Buffer.from('gh')]));
    assert.equal(cursor.ready(1), null);
    await cursor.skip(1);
    assert.equal(Buffer.from(cursor.ready(3) ?? []).toString(), 'bcd');
    assert.deepEqual([cursor.ready(3), cursor.skipReady(3), cursor.skipReady(2)], [null, false, true]);
    assert.deepEqual([cursor.ready(1), cursor.ready(0)?.length], [null, 0]);
    assert.equal(Buffer.from(await cursor.take(2)).toString(), 'gh');
  });

  it('ends who makes the bytes when it is closed, and gives nothing after that', async () => {
    let isEnded = false;
    const endless = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) yield Buffer.from('x');
      } finally {
        isEnded = true;
      }
    };
    const cursor = new ByteCursor(endless());
    await cursor.take(2);
    await cursor.close();
    assert.ok(isEnded);
    assert.equal(await cursor.some(1), null);
  });
});
