import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { mapWeighted } from '../../src/flow/mapWeighted.js';

const items = fc.array(fc.record({ weight: fc.nat(10), turns: fc.nat(3) }), { maxLength: 20 });

test('results come in order, and what is under way never weighs more than the capacity, but for one item alone', async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 1, max: 15 }), async (all, capacity) => {
      let held = 0;
      let count = 0;
      const results: number[] = [];
      const calls = mapWeighted(
        all.entries(),
        capacity,
        ([, { weight }]) => weight,
        async ([i, { weight, turns }]) => {
          held += weight;
          count++;
          assert.ok(held <= capacity || count === 1, `${held} of ${capacity}`);
          for (let t = 0; t < turns; t++) await turn();
          return i;
        },
      );
      for await (const i of calls) {
        results.push(i);
        held -= all[i]?.weight ?? 0;
        count--;
      }
      assert.deepEqual(results, [...all.keys()]);
    }),
    { numRuns: 200 },
  );
});

test('the first failure in order is thrown, after what came before it, and no call starts behind it', async () => {
  const started: number[] = [];
  const results: number[] = [];
  const calls = mapWeighted(
    [0, 1, 2, 3, 4, 5, 6, 7],
    3,
    () => 1,
    async i => {
      started.push(i);
      await turn();
      if (i === 2 || i === 3) throw new Error(`call ${i}`);
      return i;
    },
  );
  await assert.rejects(async () => {
    for await (const i of calls) results.push(i);
  }, /call 2/);
  assert.deepEqual(results, [0, 1]);
  assert.ok(Math.max(...started) <= 4, String(started));
});

test('a consumer that stops waits for the calls under way', async () => {
  let running = 0;
  const calls = mapWeighted(
    [0, 1, 2, 3],
    4,
    () => 1,
    async i => {
      running++;
      for (let t = 0; t < 5 * i; t++) await turn();
      running--;
      return i;
    },
  );
  for await (const _ of calls) break;
  assert.equal(running, 0);
});
