import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersOf, gainText } from '../../src/measure/answers.js';
import { contender, sampleResult } from './benchSamples.js';

const TAR = 40_000_000;
const same = { tarBytes: TAR };
const peer = contender('xz', 1000, [4, 5, 6], { kind: 'peer', ...same });

describe('the answer to a peer', () => {
  const answer = (...ours: ReturnType<typeof contender>[]): (string | null)[] => {
    const [first] = answersOf({ ...sampleResult(''), contenders: [peer, ...ours] });
    return [first?.onSameTar?.name ?? null, first?.otherwise?.name ?? null];
  };

  it('is the smallest of ours that is both smaller and faster, the same tar apart from others', () => {
    const ours = [
      contender('faster', 999, [1], same),
      contender('smallest', 900, [4], same),
      contender('slow', 800, [6], same),
      contender('large', 1001, [1], same),
      contender('stripped', 700, [2]),
    ];
    assert.deepEqual(answer(...ours), ['smallest', 'stripped']);
  });

  it('is none where nothing is better in both: neither the same size nor the same time is better', () => {
    assert.deepEqual(answer(contender('equal', 1000, [1], same), contender('level', 900, [5], same)), [null, null]);
  });

  it('says by how much, and when the intervals leave it open', () => {
    assert.equal(gainText(contender('a', 900, [1, 2, 2.5]), peer), '10.0 % smaller, 2.50 times as fast');
    assert.match(gainText(contender('a', 999, [3, 4, 4.5]), peer), /^0\.10 % smaller, 1\.25 times .*overlap\)$/);
  });
});
