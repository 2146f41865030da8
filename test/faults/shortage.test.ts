import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toKheadersPackError } from '../../src/errors.js';

/** What an attempt throws. */
function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return assert.fail('it did not fail');
}

it('memory that cannot be had is no fault of ours, and told as what it is', () => {
  const error = toKheadersPackError(thrownBy(() => new ArrayBuffer(2 ** 50)));
  assert.equal(error.code, 'E_RESOURCES');
  assert.equal(error.message, 'Cannot go on: out of memory (fewer --jobs need less)');
  assert.ok(error.cause instanceof RangeError);
});

it('descriptors and threads that cannot be had are likewise', () => {
  for (const [code, reason] of [
    ['EMFILE', 'too many open files in this process'],
    ['ERR_WORKER_INIT_FAILED', 'no more threads to be had'],
    ['EAGAIN', 'resource temporarily unavailable'],
  ]) {
    const error = toKheadersPackError(Object.assign(new Error('as the system has it'), { code }));
    assert.deepEqual([error.code, error.facts], ['E_RESOURCES', { reason }]);
  }
});

it('anything else that nobody expected is a fault of ours', () => {
  assert.equal(toKheadersPackError(new TypeError('x is undefined')).code, 'E_INTERNAL');
});
