import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  DICTIONARY_SIZE_MAX,
  DICTIONARY_SIZE_MIN,
  dictionarySizeCode,
  encodeLzma2FilterFlags,
  roundDictionarySize,
} from '../../src/xz/lzma2Filter.js';
import { dictionarySizeOf } from './parseXz.js';

const CODES = [...Array(38).keys()];

test('every dictionary size that can be written has the property byte of the specification', () => {
  assert.equal(dictionarySizeOf(0), DICTIONARY_SIZE_MIN);
  assert.equal(dictionarySizeOf(37), DICTIONARY_SIZE_MAX);
  for (const code of CODES) {
    const size = dictionarySizeOf(code);
    assert.equal(dictionarySizeCode(size), code);
    assert.equal(roundDictionarySize(size), size);
    assert.deepEqual([...encodeLzma2FilterFlags(size)], [0x21, 1, code]);
  }
});

test('any other size is rounded up to the next that can be stated', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: DICTIONARY_SIZE_MAX }), bytes => {
      const next = CODES.map(dictionarySizeOf).find(size => size >= bytes);
      assert.equal(roundDictionarySize(bytes), next);
      assert.equal(dictionarySizeOf(dictionarySizeCode(bytes)), next);
    }),
    { examples: CODES.slice(0, -1).map(code => [dictionarySizeOf(code) + 1]) },
  );
});

test('a dictionary larger than the encoder takes is refused', () => {
  assert.throws(() => roundDictionarySize(DICTIONARY_SIZE_MAX + 1), RangeError);
  assert.throws(() => dictionarySizeCode(DICTIONARY_SIZE_MAX + 1), RangeError);
});
