import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { mapOrdered } from '../../src/flow/mapOrdered.js';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
before(() => process.on('unhandledRejection', note));
after(async () => {
  await turn();
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, [], 'a rejection was left unhandled');
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** The input as it is, or as an AsyncIterable that lets some turns of the event loop pass before each item. */
function source<A>(items: readonly A[], pause: number | null): Iterable<A> | AsyncIterable<A> {
  if (pause === null) return items;
  return (async function* () {
    for (const item of items) {
      await turns(pause);
      yield item;
    }
  })();
}

interface Call {
  readonly turns: number;
  readonly fails: boolean;
}

/** Counts the calls under way. */
class Gauge {
  started = 0;
  running = 0;
  settled = 0;
  startedAfterFailure = 0;
  failed = false;

  async run(call: Call, index: number): Promise<number> {
    if (this.failed) this.startedAfterFailure++;
    this.started++;
    this.running++;
    await turns(call.turns);
    this.running--;
    this.settled++;
    if (!call.fails) return index;
    // Rejections are seen within the turn of the event loop in which they happen.
    setImmediate(() => {
      this.failed = true;
    });
    throw new Error(`call ${index}`);
  }
}

const call = (fails: fc.Arbitrary<boolean>): fc.Arbitrary<Call> => fc.record({ turns: fc.nat(4), fails });
const limit = fc.integer({ min: 1, max: 6 });
const pause = fc.constantFrom(null, 0, 2);

test('results come in input order, and no more than the limit are under way or waiting', async () => {
  const calls = fc.array(call(fc.constant(false)), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(calls, limit, pause, fc.nat(3), async (all, bound, delay, slowness) => {
      const gauge = new Gauge();
      const taken: number[] = [];
      const items = source([...all.entries()], delay);
      for await (const index of mapOrdered(items, bound, ([i, one]) => gauge.run(one, i))) {
        taken.push(index);
        assert.ok(gauge.started - (taken.length - 1) <= bound, `${gauge.started} started, ${taken.length} taken`);
        await turns(slowness);
      }
      assert.deepEqual(taken, [...all.keys()]);
      assert.equal(gauge.started, all.length);
    }),
    { numRuns: 60 },
  );
});

test('as many calls as the limit allows are under way at once', async () => {
  const gauge = new Gauge();
  let most = 0;
  const results = mapOrdered([...Array(12).keys()], 4, async i => {
    const running = gauge.run({ turns: 3, fails: false }, i);
    most = Math.max(most, gauge.running);
    return running;
  });
  for await (const _ of results);
  assert.equal(most, 4);
});

test('the first failure in input order is thrown, after every call under way is settled', async () => {
  const calls = fc.array(call(fc.boolean()), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(calls, limit, pause, async (all, bound, delay) => {
      fc.pre(all.some(one => one.fails));
      const gauge = new Gauge();
      const taken: number[] = [];
      const running = (async () => {
        const items = source([...all.entries()], delay);
        for await (const index of mapOrdered(items, bound, ([i, one]) => gauge.run(one, i))) taken.push(index);
      })();
      await assert.rejects(running, (error: Error) => {
        const first = all.findIndex(one => one.fails);
        assert.equal(error.message, `call ${first}`);
        assert.deepEqual(taken, [...all.keys()].slice(0, first));
        return true;
      });
      assert.equal(gauge.running, 0);
      assert.equal(gauge.settled, gauge.started);
      assert.equal(gauge.startedAfterFailure, 0);
    }),
    { numRuns: 100 },
  );
});

test('a failure ends an input that never ends', async () => {
  const endless = (function* () {
    for (let i = 0; ; i++) yield i;
  })();
  const results = mapOrdered(endless, 3, async i => {
    await turn();
    if (i === 5) throw new Error('the fifth');
    return i;
  });
  await assert.rejects(async () => {
    for await (const _ of results);
  }, /the fifth/);
  assert.deepEqual(endless.next(), { done: true, value: undefined });
});

test('a consumer that stops early waits for the calls under way, and closes the input', async () => {
  const gauge = new Gauge();
  let closed = false;
  const items = (async function* () {
    try {
      for (let i = 0; i < 20; i++) yield i;
    } finally {
      closed = true;
    }
  })();
  for await (const _ of mapOrdered(items, 4, i => gauge.run({ turns: i === 0 ? 0 : 5, fails: i === 2 }, i))) break;
  assert.equal(gauge.running, 0);
  assert.equal(gauge.started, 4);
  assert.ok(closed);
});

test('an input that fails is reported after the calls under way are settled', async () => {
  const gauge = new Gauge();
  const items = (function* () {
    yield 0;
    yield 1;
    throw new Error('no more input');
  })();
  await assert.rejects(async () => {
    for await (const _ of mapOrdered(items, 8, i => gauge.run({ turns: 4, fails: false }, i)));
  }, /no more input/);
  assert.deepEqual([gauge.started, gauge.running], [2, 0]);
});

test('an empty input gives nothing', async () => {
  const taken: number[] = [];
  for await (const one of mapOrdered<number, number>([], 1, async i => i)) taken.push(one);
  assert.deepEqual(taken, []);
});
