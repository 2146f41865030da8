import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeVli, VLI_BYTES_MAX } from '../../src/xz/vli.js';
import { readVli } from './parseXz.js';

function encoded(value: number): number[] {
  const out: number[] = [];
  encodeVli(value, out);
  return out;
}

test('a variable-length integer is the shortest that says its value', () => {
  const borders = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 35, 2 ** 49 - 1, 2 ** 53 - 1];
  fc.assert(
    fc.property(fc.maxSafeNat(), value => {
      const bytes = encoded(value);
      const model: number[] = [];
      let rest = BigInt(value);
      for (; rest >= 0x80n; rest >>= 7n) model.push(Number(rest & 0x7fn) | 0x80);
      model.push(Number(rest));
      assert.deepEqual(bytes, model);
      assert.deepEqual(readVli(Uint8Array.from(bytes), 0), { value: BigInt(value), end: bytes.length });
      assert.ok(bytes.length <= VLI_BYTES_MAX);
    }),
    { examples: borders.map(value => [value]), numRuns: 500 },
  );
});

test('a variable-length integer is appended to what is there', () => {
  const out = [9, 9];
  encodeVli(0x80, out);
  assert.deepEqual(out, [9, 9, 0x80, 0x01]);
});

test('what cannot be stored is refused', () => {
  for (const value of [-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => encoded(value), RangeError);
  }
});
