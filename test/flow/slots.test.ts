import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { oneSlot, type Slots, slots, UNLIMITED } from '../../src/flow/slots.js';

/** Runs `count` pieces of work in the slots; gives how many were under way at most, and the order in which they began. */
async function trial(slots: Slots, count: number): Promise<{ most: number; order: number[] }> {
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = Array.from({ length: count }, (_, i) =>
    slots.run(async () => {
      order.push(i);
      most = Math.max(most, ++running);
      await turn();
      running--;
    }),
  );
  await Promise.all(work);
  return { most, order };
}

test('unlimited slots let everything run at once', async () => {
  assert.deepEqual(await trial(UNLIMITED, 4), { most: 4, order: [0, 1, 2, 3] });
});

test('one slot lets one run at a time, first come, first served', async () => {
  assert.deepEqual(await trial(oneSlot(), 4), { most: 1, order: [0, 1, 2, 3] });
});

test('so many slots let so many run at a time, first come, first served', async () => {
  assert.deepEqual(await trial(slots(3), 7), { most: 3, order: [0, 1, 2, 3, 4, 5, 6] });
});

test('work is told its slot, which no other has at the time', async () => {
  const three = slots(3);
  const taken = new Set<number>();
  const seen = new Set<number>();
  const work = Array.from({ length: 7 }, () =>
    three.run(async slot => {
      assert.ok(!taken.has(slot), `slot ${slot}`);
      taken.add(slot);
      seen.add(slot);
      await turn();
      taken.delete(slot);
    }),
  );
  await Promise.all(work);
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
});

test('one slot is free again after work that failed, and hands the failure on', async () => {
  const slots = oneSlot();
  const failed = slots.run(() => Promise.reject(new Error('it did')));
  const next = slots.run(async () => 'next');
  await assert.rejects(failed, /it did/);
  assert.equal(await next, 'next');
});
