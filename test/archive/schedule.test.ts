import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scheduleBlocks } from '../../src/archive/schedule.js';

test('a schedule has every Block once, whatever the sizes and the window', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.nat(40), (sizes, window) => {
      const sorted = scheduleBlocks(sizes, window).sort((a, b) => a - b);
      assert.deepEqual(
        sorted,
        sizes.map((_, i) => i),
      );
    }),
  );
});

test('the last Blocks are taken largest first, those before in order', () => {
  assert.deepEqual(scheduleBlocks([5, 9, 1, 3, 8, 2], 3), [0, 1, 2, 4, 3, 5]);
  assert.deepEqual(scheduleBlocks([5, 9, 1], 8), [1, 0, 2]);
});
