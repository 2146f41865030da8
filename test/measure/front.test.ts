import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isOnFront, isUncertain, type Place } from '../../src/measure/front.js';

const exactly = (bytes: number, seconds: number, slack = 0): Place => ({
  bytes,
  seconds,
  low: seconds - slack,
  high: seconds + slack,
});

describe('the front of size and time', () => {
  it('has the smallest, the fastest, and what lies between without being beaten', () => {
    const all = [exactly(100, 9), exactly(120, 5), exactly(130, 5), exactly(125, 7), exactly(200, 1)];
    assert.deepEqual(
      all.map(place => isOnFront(place, all)),
      [true, true, false, false, true],
    );
  });

  it('keeps both of two that are equal', () => {
    const all = [exactly(100, 1), exactly(100, 1)];
    assert.ok(all.every(place => isOnFront(place, all)));
  });

  it('is never empty, and whoever is not on it is beaten by one who is', () => {
    const place = fc.tuple(fc.nat(20), fc.nat(20)).map(([bytes, seconds]) => exactly(bytes, seconds));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), all => {
        const front = all.filter(each => isOnFront(each, all));
        assert.ok(front.length > 0);
        for (const each of all) {
          assert.ok(front.some(other => other.bytes <= each.bytes && other.seconds <= each.seconds));
        }
      }),
    );
  });
});

describe('a place', () => {
  it('is certain when one that is no larger is surely faster, or when it is surely faster than all of those', () => {
    const all = [exactly(100, 5, 1), exactly(120, 9, 1), exactly(110, 2, 1)];
    assert.deepEqual(
      all.map(place => isUncertain(place, all)),
      [false, false, false],
    );
  });

  it('is in doubt when the times overlap, of the larger one alone', () => {
    const all = [exactly(100, 5, 2), exactly(120, 4, 2)];
    assert.deepEqual(
      all.map(place => isUncertain(place, all)),
      [false, true],
    );
  });
});
