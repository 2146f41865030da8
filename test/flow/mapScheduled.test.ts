import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { mapScheduled } from '../../src/flow/mapScheduled.js';

describe('mapScheduled', () => {
  it('starts in the order of the schedule, gives results in item order, and never exceeds its limit', async () => {
    const lengths = fc.integer({ min: 0, max: 20 }).chain(length => {
      const indexes = Array.from({ length }, (_, i) => i);
      return fc.tuple(fc.shuffledSubarray(indexes, { minLength: length }), fc.array(fc.nat(3), { minLength: length }));
    });
    await fc.assert(
      fc.asyncProperty(lengths, async ([schedule, delays]) => {
        const started: number[] = [];
        let waiting = 0;
        const items = schedule.map((_, i) => i);
        const limit = Math.max(1, items.length);
        const results: number[] = [];
        const mapped = mapScheduled(items, schedule, limit, async item => {
          started.push(item);
          waiting++;
          for (let i = 0; i < (delays[item] ?? 0); i++) await turn();
          return item;
        });
        for await (const result of mapped) {
          assert.ok(waiting <= limit);
          waiting--;
          results.push(result);
        }
        assert.deepEqual(started, schedule);
        assert.deepEqual(results, items);
      }),
    );
  });

  it('throws the first failure in item order, once every call under way has ended, and starts no more', async () => {
    let running = 0;
    let started = 0;
    const consume = async (): Promise<void> => {
      const calls = mapScheduled([0, 1, 2, 3, 4, 5], [2, 1, 0, 3, 4, 5], 3, async item => {
        started++;
        running++;
        await turn();
        running--;
        if (item === 1 || item === 2) throw new Error(`item ${item}`);
        return item;
      });
      for await (const _ of calls);
    };
    await assert.rejects(consume(), { message: 'item 1' });
    assert.equal(running, 0);
    assert.equal(started, 3);
  });

  it('waits for the calls under way when its consumer stops early', async () => {
    let running = 0;
    const calls = mapScheduled([0, 1, 2, 3], [3, 2, 1, 0], 4, async item => {
      running++;
      await turn();
      if (item > 1) await turn();
      running--;
      return item;
    });
    for await (const _ of calls) break;
    assert.equal(running, 0);
  });
});
