import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BlockRecord } from '../../src/xz/block.js';
import { encodeIndex, IndexDecoder } from '../../src/xz/indexField.js';
import { crcOf, index, padded, vli } from './buildXz.js';
import { assertFault, PLACE } from './fault.js';

/** What an Index says, pushed in pieces of `pieceSize` bytes. */
function decoded(bytes: Uint8Array, pieceSize = bytes.length) {
  const records: BlockRecord[] = [];
  const found = { count: -1 };
  const decoder = new IndexDecoder(PLACE, {
    onCount: count => {
      found.count = count;
    },
    onRecord: record => void records.push(record),
  });
  let at = 0;
  while (!decoder.isDone && at < bytes.length) at += decoder.push(bytes.subarray(at, at + pieceSize));
  assert.ok(decoder.isDone, 'the Index did not end');
  return { ...found, records, size: decoder.size, left: bytes.length - at };
}

const record = fc.record(
  { unpaddedSize: fc.integer({ min: 5, max: 2 ** 40 }), uncompressedSize: fc.maxSafeNat() },
  { noNullPrototype: true },
);

test('section 4: an Index is read as it was written, in pieces of any size, and what follows is left', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(9),
      (records, size, left) => {
        const bytes = encodeIndex(records);
        const followed = Buffer.concat([bytes, Buffer.alloc(left, 0xff)]);
        assert.deepEqual(decoded(followed, size), { count: records.length, records, size: bytes.length, left });
      },
    ),
    { numRuns: 300 },
  );
});

test('section 4.1: an Index begins with its Index Indicator', () => {
  assertFault('E_BAD_XZ', 0, /Index Indicator/, () => decoded(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])));
});

test('section 4.2: a number of Records costs nothing until they come', () => {
  const claim = Buffer.concat([Buffer.from([0]), vli(2n ** 52n)]);
  let count = 0;
  const decoder = new IndexDecoder(PLACE, {
    onCount: claimed => {
      count = claimed;
    },
    onRecord: () => assert.fail('there is no Record'),
  });
  assert.equal(decoder.push(claim), claim.length);
  assert.equal(count, 2 ** 52);
  assert.equal(decoder.isDone, false);
});

test('section 4.3.1: an Unpadded Size under five bytes is bad', () => {
  for (const size of [0, 1, 4]) {
    assertFault('E_BAD_XZ', 2, /Unpadded Size/, () => decoded(index([[size, 1]])));
  }
  assert.equal(decoded(index([[5, 0]])).count, 1);
});

test('sections 4.2 and 4.3: numbers that are no variable-length integers are bad', () => {
  const broken = (...bytes: number[]): Buffer => {
    const covered = padded(Buffer.from(bytes));
    return Buffer.concat([covered, crcOf(covered)]);
  };
  assertFault('E_BAD_XZ', 1, /variable-length integer/, () => decoded(broken(0, 0x81, 0x00, 5, 1)));
  assertFault('E_BAD_XZ', 2, /variable-length integer/, () => decoded(broken(0, 1, 0x85, 0x00, 1)));
  assertFault('E_BAD_XZ', 2, /variable-length integer/, () => decoded(broken(0, 1, 5, 0x81, 0x00)));
});

test('section 4.4: Index Padding is null', () => {
  const bytes = index([
    [20, 1],
    [20, 1],
  ]);
  assert.equal(bytes.length, 12);
  for (const at of [6, 7]) {
    const changed = Buffer.from(bytes);
    changed[at] = 1;
    crcOf(changed.subarray(0, -4)).copy(changed, changed.length - 4);
    assertFault('E_BAD_XZ', 6, /Index Padding/, () => decoded(changed));
  }
});

test('section 4.5: a wrong CRC32 is bad', () => {
  const bytes = index([[20, 1]]);
  for (let at = bytes.length - 4; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    assertFault('E_BAD_XZ', bytes.length - 4, /CRC32 of an Index/, () => decoded(changed));
  }
});

test('a number over 2^53 - 1 is unsupported where the CRC32 is right, and bad where it is not', () => {
  const bytes = index([[20, 2n ** 53n]]);
  assertFault('E_UNSUPPORTED_XZ', 2, /2\^53/, () => decoded(bytes));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  assertFault('E_BAD_XZ', bytes.length - 4, /CRC32/, () => decoded(bytes));
});
