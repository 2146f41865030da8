import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter } from '../../src/model/container.js';
import { decodeFilterChain } from '../../src/xz/filterChain.js';
import { assertFault, PLACE } from './fault.js';
import { dictionarySizeOf } from './parseXz.js';

function filter(id: number, ...properties: number[]): Filter {
  return { id, properties: Uint8Array.from(properties) };
}

const LZMA2 = filter(0x21, 0);
const BRANCHES = [
  [0x04, 'x86', 1],
  [0x05, 'powerpc', 4],
  [0x06, 'ia64', 16],
  [0x07, 'arm', 4],
  [0x08, 'armthumb', 2],
  [0x09, 'sparc', 4],
] as const;

function unsupported(reason: RegExp, ...filters: Filter[]): void {
  assertFault('E_UNSUPPORTED_XZ', 0, reason, () => decodeFilterChain(filters, PLACE));
}

test('section 5.3.1: each dictionary size of LZMA2 is the one that the specification computes', () => {
  for (let code = 0; code <= 40; code++) {
    assert.deepEqual(decodeFilterChain([filter(0x21, code)], PLACE), [
      { kind: 'lzma2', dictionarySize: dictionarySizeOf(code) },
    ]);
  }
});

test('section 5.3.1: larger dictionaries and reserved bits are unsupported', () => {
  for (const code of [41, 63, 64, 128, 255]) unsupported(/LZMA2 properties/, filter(0x21, code));
  unsupported(/0 bytes of properties/, filter(0x21));
  unsupported(/2 bytes of properties/, filter(0x21, 0, 0));
});

test('section 5.3.2: filters for executables, with no start offset or 0', () => {
  for (const [id, kind] of BRANCHES) {
    const expected = [{ kind }, { kind: 'lzma2', dictionarySize: 4096 }];
    assert.deepEqual(decodeFilterChain([filter(id), LZMA2], PLACE), expected);
    assert.deepEqual(decodeFilterChain([filter(id, 0, 0, 0, 0), LZMA2], PLACE), expected);
    unsupported(/1 bytes of properties/, filter(id, 0), LZMA2);
  }
});

test('section 5.3.2: a start offset that is not aligned is bad, and any other but 0 is unsupported', () => {
  for (const [id, kind, alignment] of BRANCHES) {
    unsupported(new RegExp(`start offset ${alignment} of filter ${kind}`), filter(id, alignment, 0, 0, 0), LZMA2);
    if (alignment === 1) continue;
    assertFault('E_BAD_XZ', 0, /start offset/, () => decodeFilterChain([filter(id, 1, 0, 0, 0), LZMA2], PLACE));
  }
});

test('section 5.3.3: Delta distances are 1 to 256', () => {
  for (const distance of [1, 2, 256]) {
    const [coder] = decodeFilterChain([filter(0x03, distance - 1), LZMA2], PLACE);
    assert.deepEqual(coder, { kind: 'delta', distance });
  }
  unsupported(/0 bytes of properties/, filter(0x03), LZMA2);
  unsupported(/2 bytes of properties/, filter(0x03, 0, 0), LZMA2);
});

test('section 5.3: only LZMA2 is the last filter, and only the last', () => {
  unsupported(/delta as the last/, filter(0x03, 0));
  unsupported(/x86 as the last/, filter(0x04));
  unsupported(/lzma2 as another/, LZMA2, LZMA2);
  assert.equal(decodeFilterChain([filter(0x03, 0), filter(0x04), filter(0x03, 1), LZMA2], PLACE).length, 4);
});

test('a filter that we do not know is unsupported', () => {
  for (const id of [0x00, 0x01, 0x02, 0x0a, 0x0b, 0x20, 0x7f, 2 ** 61]) unsupported(/^filter 0x/, filter(id), LZMA2);
});
