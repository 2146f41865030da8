import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteQueue } from '../../src/bytes/byteQueue.js';

/** Put these bytes in, or take this many out. */
const step = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.nat(25));

test('a queue gives the bytes in the order they came, however they are taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const queue = new ByteQueue();
      let model = Buffer.alloc(0);
      for (const what of steps) {
        if (typeof what !== 'number') {
          queue.push(what);
          model = Buffer.concat([model, what]);
        } else if (what > model.length) {
          assert.throws(() => queue.take(what), RangeError);
        } else {
          assert.deepEqual(Buffer.from(queue.take(what)), model.subarray(0, what));
          model = model.subarray(what);
        }
        assert.equal(queue.length, model.length);
      }
    }),
  );
});

test('what is taken is in a buffer of its own, so that it may be transferred', () => {
  const queue = new ByteQueue();
  const pooled = Buffer.from('abcdef');
  queue.push(pooled);
  const taken = queue.take(4);
  assert.equal(taken.buffer.byteLength, 4);
  taken.fill(0);
  assert.equal(pooled.toString(), 'abcdef');
});

test('a take that fails takes nothing', () => {
  const queue = new ByteQueue();
  queue.push(Uint8Array.of(1, 2));
  assert.throws(() => queue.take(3), /3 bytes wanted, 2 wait/);
  assert.deepEqual([...queue.take(2)], [1, 2]);
});
