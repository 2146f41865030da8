import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { estimate, median, medianDeviation, medianInterval } from '../../src/measure/statistics.js';
import { xorshift } from '../bytes/xorshift.js';

const values = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('the median and its deviation', () => {
  it('are those of the textbook', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(medianDeviation([1, 1, 2, 2, 4, 6, 9]), 1);
    assert.throws(() => median([]), RangeError);
  });

  it('do not depend on the order, and leave it alone', () => {
    fc.assert(
      fc.property(values, all => {
        const before = [...all];
        assert.equal(median(all.toReversed()), median(all));
        assert.deepEqual(all, before);
      }),
    );
  });
});

describe('the interval of the median', () => {
  it('has the ranks and the coverage of the tables', () => {
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
    // Two-sided 95 % ranks of the binomial distribution; coverages are 1 - 2 P(X < rank).
    const known = [
      { count: 1, low: 1, high: 1, coverage: 0 },
      { count: 3, low: 1, high: 3, coverage: 0.75 },
      { count: 5, low: 1, high: 5, coverage: 0.9375 },
      { count: 6, low: 1, high: 6, coverage: 0.96875 },
      { count: 8, low: 1, high: 8, coverage: 0.9921875 },
      { count: 9, low: 2, high: 8, coverage: 0.9609375 },
      { count: 15, low: 4, high: 12, coverage: 0.96484375 },
      { count: 20, low: 6, high: 15, coverage: 0.9586105 },
    ];
    for (const { count, low, high, coverage } of known) {
      const interval = medianInterval(upTo(count));
      assert.deepEqual([interval.low, interval.high], [low, high], `${count}`);
      assert.ok(Math.abs(interval.coverage - coverage) < 1e-6, `${count}: ${interval.coverage}`);
    }
  });

  it('holds the median of the values, always', () => {
    fc.assert(
      fc.property(values, all => {
        const { median: middle, low, high, count } = estimate(all);
        assert.ok(low <= middle && middle <= high);
        assert.equal(count, all.length);
      }),
    );
  });

  it('holds the true median as often as it says: 9 draws of a skewed distribution, 4000 times', () => {
    const random = xorshift(7);
    const draw = (): number => -Math.log(1 - (random() >>> 0) / 2 ** 32);
    let held = 0;
    for (let i = 0; i < 4000; i++) {
      const { low, high } = medianInterval(Array.from({ length: 9 }, draw));
      if (low <= Math.LN2 && Math.LN2 <= high) held++;
    }
    // 0.961 is expected, with a standard deviation of 0.003.
    assert.ok(Math.abs(held / 4000 - 0.961) < 0.013, String(held));
  });
});
