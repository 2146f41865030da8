import assert from 'node:assert/strict';
import { type ErrorCode, KheadersPackError, type Place } from '../../src/errors.js';

/** Where the structures of these tests begin: not at 0, so that an offset that forgets the place is seen. */
export const PLACE: Place = { path: 'k.tar.xz', offset: 1000 };

/** Asserts an error of ours that names a place `at` bytes behind `PLACE`. */
export function assertFault(code: ErrorCode, at: number, reason: RegExp, work: () => unknown): void {
  assert.throws(work, error => {
    assert.ok(error instanceof KheadersPackError, String(error));
    assert.equal(error.code, code, error.message);
    assert.deepEqual({ ...error.facts, reason: '' }, { path: PLACE.path, offset: PLACE.offset + at, reason: '' });
    assert.match((error.facts as { reason: string }).reason, reason);
    return true;
  });
}
