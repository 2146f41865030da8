import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barWidth, progressWords } from '../../src/cli/progressBar.js';

const MIB = 2 ** 20;

describe('the progress of a stage', () => {
  it('has a rate and an end in sight by what has moved while it was watched', () => {
    assert.deepEqual(progressWords(8 * MIB, 32 * MIB, 4 * MIB, 2), {
      size: '8.0 MiB of 32.0 MiB',
      rate: '2.0 MiB/s',
      left: '12 s left',
    });
  });

  it('tells no rate from the first bytes alone, which come at once', () => {
    assert.deepEqual(progressWords(4 * MIB, 32 * MIB, 0, 5), { size: '4.0 MiB of 32.0 MiB', rate: '', left: '' });
    assert.deepEqual(progressWords(8 * MIB, 32 * MIB, 4 * MIB, 0.01).rate, '');
  });

  it('names no end where the whole is not known', () => {
    assert.deepEqual(progressWords(8 * MIB, null, 8 * MIB, 4), { size: '8.0 MiB', rate: '2.0 MiB/s', left: '' });
  });

  it('fits into 80 columns, with a shorter bar', () => {
    const { size, rate, left } = progressWords(534.1 * MIB, 534.1 * MIB, 434.1 * MIB, 1);
    const line = `Reading archive [${' '.repeat(barWidth(80))}] 100% ${size} ${rate} ${left}`;
    assert.ok(line.length < 80, `${line.length} columns`);
    assert.deepEqual([40, 80, 94, 200].map(barWidth), [8, 10, 24, 24]);
  });
});
