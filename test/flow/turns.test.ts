import assert from 'node:assert/strict';
import { it } from 'node:test';
import { atOnce, inTurns, type Steps } from '../../src/flow/turns.js';

function* steps(count: number, done: number[]): Steps<string> {
  for (let i = 0; i < count; i++) {
    done.push(i);
    yield;
  }
  return 'done';
}

it('steps are done in one go, or with turns for others in between', async () => {
  const atOneGo: number[] = [];
  assert.equal(atOnce(steps(5, atOneGo)), 'done');
  assert.equal(atOneGo.length, 5);
  const inBetween: number[] = [];
  const done: number[] = [];
  const work = inTurns(steps(7, done), 0);
  const look = (): void => {
    inBetween.push(done.length);
    if (done.length < 7) setImmediate(look);
  };
  setImmediate(look);
  assert.equal(await work, 'done');
  assert.ok(
    inBetween.some(count => count < 7),
    `others saw ${inBetween}`,
  );
});

it('steps that take no time are done in one turn', async () => {
  const done: number[] = [];
  let seen = 0;
  setImmediate(() => {
    seen = done.length;
  });
  assert.equal(await inTurns(steps(1000, done), 60_000), 'done');
  assert.equal(seen, 0);
});

it('what a step throws is thrown', async () => {
  function* failing(): Steps<never> {
    yield;
    throw new Error('it did');
  }
  assert.throws(() => atOnce(failing()), /it did/);
  await assert.rejects(inTurns(failing(), 0), /it did/);
});
