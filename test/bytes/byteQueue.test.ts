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

test('pieces are taken each with all of its buffer to itself, and without a copy where they came so', () => {
  const queue = new ByteQueue();
  const [first, second] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
  queue.push(first);
  queue.push(Buffer.from('ab'));
  queue.push(second);
  const taken = [...queue.takePieces(6), ...queue.takePieces(2)];
  assert.deepEqual(
    taken.map(piece => [...piece]),
    [[1, 2, 3], [97, 98], [4], [5, 6]],
  );
  assert.equal(taken[0]?.buffer, first.buffer);
  for (const piece of taken) assert.equal(piece.length, piece.buffer.byteLength);
  assert.throws(() => queue.takePieces(1), /1 bytes wanted, 0 wait/);
});
