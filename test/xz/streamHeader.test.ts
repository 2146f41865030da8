import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS } from '../../src/xz/check.js';
import {
  decodeStreamFooter,
  decodeStreamHeader,
  encodeStreamFooter,
  encodeStreamHeader,
} from '../../src/xz/streamHeader.js';
import { streamFooter, streamHeader } from './buildXz.js';
import { assertFault, PLACE } from './fault.js';

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

test('section 2.1.1: a Stream Header is read as it was written, with every Check ID', () => {
  for (let id = 0; id <= 0x0f; id++) assert.equal(decodeStreamHeader(streamHeader([0, id]), PLACE), id);
  for (const check of Object.values(CHECKS))
    assert.equal(decodeStreamHeader(encodeStreamHeader(check), PLACE), check.id);
});

test('section 2.1.1.1: other Header Magic Bytes are bad', () => {
  for (let at = 0; at < 6; at++) {
    const header = streamHeader([0, 1]);
    header[at] = (header[at] ?? 0) ^ 0x20;
    assertFault('E_BAD_XZ', 0, /Header Magic Bytes/, () => decodeStreamHeader(header, PLACE));
  }
});

test('section 2.1.1.2: reserved bits are unsupported, with a right CRC32 alone', () => {
  for (const flags of [
    [1, 0],
    [0x80, 4],
    [0, 0x10],
    [0, 0x84],
  ]) {
    const header = streamHeader(flags);
    assertFault('E_UNSUPPORTED_XZ', 6, /reserved bits/, () => decodeStreamHeader(header, PLACE));
    header[8] = (header[8] ?? 0) ^ 1;
    assertFault('E_BAD_XZ', 8, /CRC32/, () => decodeStreamHeader(header, PLACE));
    const footer = streamFooter(8, flags);
    assertFault('E_UNSUPPORTED_XZ', 8, /reserved bits/, () => decodeStreamFooter(footer, PLACE));
    footer[0] = (footer[0] ?? 0) ^ 1;
    assertFault('E_BAD_XZ', 0, /CRC32/, () => decodeStreamFooter(footer, PLACE));
  }
});

test('section 2.1.2: a Stream Footer is read as it was written, with every Backward Size', () => {
  for (const backwardSize of [4, 8, 1024, 2 ** 32, 2 ** 34]) {
    assert.deepEqual(decodeStreamFooter(streamFooter(backwardSize, [0, 4]), PLACE), { checkId: 4, backwardSize });
  }
});

test('section 2.1.2.4: other Footer Magic Bytes are bad', () => {
  for (const at of [10, 11]) {
    const footer = streamFooter(8, [0, 1]);
    footer[at] = (footer[at] ?? 0) ^ 1;
    assertFault('E_BAD_XZ', 10, /no Stream Footer/, () => decodeStreamFooter(footer, PLACE));
  }
});
