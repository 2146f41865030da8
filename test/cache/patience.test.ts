import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Patience } from '../../src/cache/remote/patience.js';

/** Milliseconds of the time in these tests, and how late a timer may come on a busy machine. */
const LIMIT = 200;
const LATE = 1500;

/** A patience, and a promise of how many milliseconds it takes to be over. */
function patience(jobs: number): { patience: Patience; over: Promise<number>; isOver: () => boolean } {
  const start = performance.now();
  let isOver = false;
  let made: Patience | undefined;
  const over = new Promise<number>(resolve => {
    made = new Patience(jobs, LIMIT, () => {
      isOver = true;
      resolve(performance.now() - start);
    });
  });
  assert.ok(made !== undefined);
  return { patience: made, over, isOver: () => isOver };
}

describe('the time that a pack waits for a server', () => {
  it('is over when the server alone has been waited for so long, over all questions', async () => {
    const { patience: time, over, isOver } = patience(2);
    await time.whileAsking(sleep(LIMIT / 2));
    assert.ok(!isOver());
    await sleep(LIMIT * 2);
    assert.ok(!isOver(), 'it ran while nothing was asked');
    const asking = time.whileAsking(over);
    assert.ok((await asking) < LIMIT * 3 + LATE);
  });

  it('does not run while every worker is busy, whatever is asked meanwhile', async () => {
    const { patience: time, isOver } = patience(2);
    const work = [1, 2].map(() => time.whileWorking(sleep(LIMIT * 2)));
    const asking = [1, 2, 3].map(() => time.whileAsking(sleep(LIMIT * 2)));
    await Promise.all([...work, ...asking]);
    assert.ok(!isOver());
  });

  it('runs while one worker has nothing to do, and when the pack is done but for what is asked', async () => {
    const one = patience(2);
    const work = one.patience.whileWorking(sleep(LIMIT * 3));
    assert.ok((await one.patience.whileAsking(one.over)) < LIMIT + LATE);
    await work;
    const two = patience(1);
    const busy = two.patience.whileWorking(sleep(LIMIT * 3));
    assert.ok((await two.patience.whileEnding(two.over)) < LIMIT + LATE);
    await busy;
  });

  it('stops when what was asked fails', async () => {
    const { patience: time, isOver } = patience(1);
    await assert.rejects(time.whileAsking(Promise.reject(new Error('no'))));
    await sleep(LIMIT * 2);
    assert.ok(!isOver());
  });
});
