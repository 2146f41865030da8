import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatBytes, formatSize, parseSize } from '../../src/bytes/size.js';

test('a size is read with or without a unit, and every unit is a power of 1024', () => {
  const table: [string, number][] = [
    ['0', 0],
    ['4194304', 4 * 2 ** 20],
    ['17b', 17],
    ['4096K', 4 * 2 ** 20],
    ['4096kB', 4 * 2 ** 20],
    ['4M', 4 * 2 ** 20],
    ['4MiB', 4 * 2 ** 20],
    ['4 mib', 4 * 2 ** 20],
    [' 1G ', 2 ** 30],
    ['2GiB', 2 ** 31],
  ];
  for (const [text, size] of table) assert.equal(parseSize(text), size, text);
});

test('what is no size is undefined, never a guess', () => {
  for (const text of ['', 'MiB', '-1', '+1', '1.5M', '1e6', '0x10', '4 P', '4MM', '1 2', 'NaN', '4,096', '４']) {
    assert.equal(parseSize(text), undefined, text);
  }
});

test('a size that a number cannot hold exactly is undefined', () => {
  assert.equal(parseSize(String(2 ** 53 - 1)), 2 ** 53 - 1);
  assert.equal(parseSize(String(2 ** 53)), undefined);
  assert.equal(parseSize('8388607G'), 8388607 * 2 ** 30);
  assert.equal(parseSize('8388608G'), undefined);
  assert.equal(parseSize('8191TiB'), 8191 * 2 ** 40);
  assert.equal(parseSize('8192TiB'), undefined);
});

test('any number of units reads as that many units', () => {
  const unit = fc.constantFrom(['', 1], ['k', 2 ** 10], ['MiB', 2 ** 20], ['gb', 2 ** 30]) as fc.Arbitrary<
    [string, number]
  >;
  fc.assert(
    fc.property(fc.nat(2 ** 20), unit, (count, [name, bytes]) => {
      assert.equal(parseSize(`${count}${name}`), count * bytes);
    }),
  );
});

test('a size is written in the unit that suits it', () => {
  const table: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [4 * 2 ** 20, '4.0 MiB'],
    [2 ** 30, '1.00 GiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
  ];
  for (const [bytes, text] of table) assert.equal(formatSize(bytes), text);
});

test('a size is never written as 1024 of a unit', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), bytes => {
      const [, number = ''] = /^([\d.]+) (B|KiB|MiB|GiB)$/.exec(formatSize(bytes)) ?? [];
      assert.ok(Number(number) < 1024, formatSize(bytes));
    }),
    { examples: [[1024 * 1024 - 1], [2 ** 30 - 1], [2 ** 20 - 52]] },
  );
});

test('exact bytes have a comma before every three digits', () => {
  assert.equal(formatBytes(0), '0 bytes');
  assert.equal(formatBytes(999), '999 bytes');
  assert.equal(formatBytes(1000), '1,000 bytes');
  assert.equal(formatBytes(31528960), '31,528,960 bytes');
  fc.assert(
    fc.property(fc.maxSafeNat(), bytes => {
      const text = formatBytes(bytes);
      assert.match(text, /^\d{1,3}(,\d{3})* bytes$/);
      assert.equal(Number(text.replaceAll(',', '').replace(' bytes', '')), bytes);
    }),
  );
});
