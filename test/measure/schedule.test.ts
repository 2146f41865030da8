import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextRound, type Standing } from '../../src/measure/schedule.js';

const after = (bytes: number, ...seconds: number[]): Standing => ({ bytes, seconds, cost: seconds });
const none = { bytes: 0, seconds: [], cost: [] };

describe('rounds by number of repetitions', () => {
  const spending = { kind: 'repetitions', count: 2 } as const;

  it('go through all, then through all again, and end', () => {
    assert.deepEqual(nextRound([none, none, none], spending, 0), [0, 1, 2]);
    assert.deepEqual(nextRound([after(1, 1), after(1, 1), after(1, 1)], spending, 3), [0, 1, 2]);
    assert.deepEqual(nextRound([after(1, 1, 1), after(1, 1, 1)], spending, 6), []);
  });

  it('let those catch up that an interruption left behind', () => {
    assert.deepEqual(nextRound([after(1, 1), none, none], spending, 0), [1, 2]);
  });
});

describe('rounds by time', () => {
  const spending = { kind: 'time', seconds: 100 } as const;

  it('begin with everyone, whatever it takes', () => {
    assert.deepEqual(nextRound([none, none], spending, 1000), [0, 1]);
  });

  it('go to those whose place is in doubt, and not to those who are surely beaten or alone', () => {
    const smallest = after(100, 20);
    const beaten = after(130, 50);
    const [one, other] = [after(120, 5), after(125, 4.9)];
    assert.deepEqual(nextRound([smallest, beaten, one, other], spending, 0), [3]);
  });

  it('end when nothing is in doubt, with time left', () => {
    assert.deepEqual(nextRound([after(100, 9, 9, 9, 9, 9), after(110, 5, 5, 5, 5, 5)], spending, 0), []);
  });

  it('end when the time left is not enough for another run', () => {
    const standings = [after(100, 10), after(110, 10)];
    assert.deepEqual(nextRound(standings, spending, 80), [1]);
    assert.deepEqual(nextRound(standings, spending, 91), []);
  });

  it('take those with the fewest runs where the time is not enough for all', () => {
    const standings = [after(100, 10, 10), after(110, 10, 10), after(120, 10)];
    assert.deepEqual(nextRound(standings, spending, 75), [1, 2]);
    assert.deepEqual(nextRound(standings, spending, 85), [2]);
  });

  it('give up on a tie after 25 runs', () => {
    const many = Array.from({ length: 25 }, () => 5);
    assert.deepEqual(nextRound([after(100, ...many), after(110, ...many)], { kind: 'time', seconds: 1e6 }, 0), []);
  });
});
