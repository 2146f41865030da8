import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS } from '../../src/xz/check.js';
import { encodeStreamFooter, encodeStreamHeader } from '../../src/xz/streamHeader.js';

test('the Stream Header is the one that xz writes', () => {
  const hex = (name: keyof typeof CHECKS): string => Buffer.from(encodeStreamHeader(CHECKS[name])).toString('hex');
  assert.equal(hex('none'), 'fd377a585a000000ff12d941');
  assert.equal(hex('crc32'), 'fd377a585a0000016922de36');
  assert.equal(hex('crc64'), 'fd377a585a000004e6d6b446');
  assert.equal(hex('sha256'), 'fd377a585a00000ae1fb0ca1');
});

test('the Stream Footer is the one that xz writes after an empty Index', () => {
  // The last twelve bytes of `xz -C crc64 </dev/null`.
  const footer = Buffer.from(encodeStreamFooter(CHECKS.crc64, 8)).toString('hex');
  assert.equal(footer, '1fb6f37d010000000004595a');
});

test('Backward Size counts in fours, less one, up to 16 GiB', () => {
  const stored = (size: number): number => Buffer.from(encodeStreamFooter(CHECKS.none, size)).readUInt32LE(4);
  assert.deepEqual([8, 12, 2 ** 34].map(stored), [1, 2, 2 ** 32 - 1]);
});
