import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeVli, encodeVli, VLI_BYTES_MAX } from '../../src/xz/vli.js';
import { vli } from './buildXz.js';
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

test('section 1.2: a variable-length integer is read as it was written', () => {
  const borders = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 2 ** 32, 2 ** 49 - 1, 2 ** 53 - 1];
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(3), fc.nat(3), (value, before, behind) => {
      const bytes = [...Array<number>(before).fill(0xff), ...encoded(value), ...Array<number>(behind).fill(0xff)];
      const end = bytes.length - behind;
      assert.deepEqual(decodeVli(Uint8Array.from(bytes), before, end), { value, size: end - before });
    }),
    { examples: borders.map(value => [value, 0, 0]), numRuns: 500 },
  );
});

test('section 1.2: an encoding that is longer than needed, or than nine bytes, is none', () => {
  const long = (...bytes: number[]): void => assert.equal(decodeVli(Uint8Array.from(bytes), 0, bytes.length), 'long');
  long(0x80, 0x00);
  long(0xff, 0x00);
  long(0x80, 0x80, 0x80, 0x00);
  long(...Array<number>(9).fill(0xff), 0x01);
  long(...Array<number>(9).fill(0x80), 0x00);
  // Nine bytes are the most, and the ninth may be any but null.
  assert.deepEqual(decodeVli(Uint8Array.from([...Array<number>(8).fill(0xff), 0x7f]), 0, 9), {
    value: 2 ** 63,
    size: 9,
  });
});

test('an integer that does not end before the end is cut, whatever follows', () => {
  assert.equal(decodeVli(Uint8Array.of(), 0, 0), 'cut');
  assert.equal(decodeVli(Uint8Array.of(0x80, 0x01), 0, 1), 'cut');
  assert.equal(decodeVli(Uint8Array.of(0x80), 0, 1), 'cut');
  assert.equal(decodeVli(Uint8Array.of(0x80), 0, 2), 'cut');
});

test('an integer over 2^53 - 1 is seen to be one', () => {
  const value = (bytes: Uint8Array): number => {
    const read = decodeVli(bytes, 0, bytes.length);
    assert.ok(typeof read === 'object');
    return read.value;
  };
  assert.ok(Number.isSafeInteger(value(vli(2n ** 53n - 1n))));
  for (const large of [2n ** 53n, 2n ** 53n + 1n, 2n ** 60n + 1n, 2n ** 63n - 1n]) {
    assert.equal(Number.isSafeInteger(value(vli(large))), false);
  }
});
