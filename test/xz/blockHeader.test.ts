import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockHeaderSize, decodeBlockHeader, encodeBlockHeader } from '../../src/xz/blockHeader.js';
import { blockHeader, LZMA2_FLAGS, vli } from './buildXz.js';
import { assertFault, PLACE } from './fault.js';

const COMPRESSED = 0x40;
const UNCOMPRESSED = 0x80;
/** Where the first field behind Block Flags stands. */
const FIELDS = 2;

function bad(at: number, reason: RegExp, header: Buffer): void {
  assertFault('E_BAD_XZ', at, reason, () => decodeBlockHeader(header, PLACE));
}

function unsupported(at: number, reason: RegExp, header: Buffer): void {
  assertFault('E_UNSUPPORTED_XZ', at, reason, () => decodeBlockHeader(header, PLACE));
}

test('section 3.1: a Block Header is read as we write it', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 2 ** 24 }), fc.maxSafeNat());
  fc.assert(
    fc.property(size, size, (compressedSize, uncompressedSize) => {
      fc.pre(compressedSize > 0);
      const bytes = encodeBlockHeader(compressedSize, uncompressedSize, 2 ** 22);
      assert.deepEqual(decodeBlockHeader(bytes, PLACE), {
        size: bytes.length,
        compressedSize,
        uncompressedSize,
        filters: [{ id: 0x21, properties: Uint8Array.of(20) }],
      });
    }),
  );
});

test('section 3.1.1: sizes are multiples of four, and 0 begins an Index', () => {
  assert.deepEqual([0, 1, 2, 255].map(blockHeaderSize), [0, 8, 12, 1024]);
});

test('section 3.1.2: sizes and filters are there as Block Flags say', () => {
  const sizes = (flags: number, ...fields: Buffer[]): unknown => {
    const { compressedSize, uncompressedSize, filters } = decodeBlockHeader(blockHeader(flags, fields), PLACE);
    return [compressedSize, uncompressedSize, filters.length];
  };
  assert.deepEqual(sizes(0, LZMA2_FLAGS), [null, null, 1]);
  assert.deepEqual(sizes(COMPRESSED, vli(7), LZMA2_FLAGS), [7, null, 1]);
  assert.deepEqual(sizes(UNCOMPRESSED, vli(0), LZMA2_FLAGS), [null, 0, 1]);
  const delta = Buffer.from([0x03, 0x01, 0x00]);
  assert.deepEqual(sizes(COMPRESSED | UNCOMPRESSED | 3, vli(7), vli(9), delta, delta, delta, LZMA2_FLAGS), [7, 9, 4]);
});

test('section 3.1.2: reserved bits are unsupported, with a right CRC32 alone', () => {
  for (const bit of [0x04, 0x08, 0x10, 0x20]) {
    const header = blockHeader(bit, [LZMA2_FLAGS]);
    unsupported(1, /reserved bits of the Block Flags/, header);
    const end = header.length - 4;
    header[end] = (header[end] ?? 0) ^ 1;
    bad(end, /CRC32/, header);
  }
});

test('section 3.1.3: a Compressed Size of 0, or one that no Block can have, is bad', () => {
  bad(FIELDS, /Compressed Size of a Block is out of range/, blockHeader(COMPRESSED, [vli(0), LZMA2_FLAGS]));
  bad(
    FIELDS,
    /Compressed Size of a Block is out of range/,
    blockHeader(COMPRESSED, [vli(2n ** 63n - 1n), LZMA2_FLAGS]),
  );
});

test('a size over 2^53 - 1 is unsupported', () => {
  unsupported(FIELDS, /Compressed Size .* 2\^53/, blockHeader(COMPRESSED, [vli(2n ** 53n), LZMA2_FLAGS]));
  unsupported(FIELDS, /Uncompressed Size .* 2\^53/, blockHeader(UNCOMPRESSED, [vli(2n ** 60n), LZMA2_FLAGS]));
});

test('section 1.2: a size that is no variable-length integer is bad', () => {
  bad(FIELDS, /not a variable-length integer/, blockHeader(UNCOMPRESSED, [Buffer.from([0x8d, 0x00]), LZMA2_FLAGS]));
  const ten = Buffer.from([...Array<number>(9).fill(0x80), 0x01]);
  bad(FIELDS, /not a variable-length integer/, blockHeader(UNCOMPRESSED, [ten, LZMA2_FLAGS]));
});

test('section 3.1.5: Filter Flags that end behind the Block Header are bad', () => {
  bad(FIELDS + 2, /ends inside its Filter Properties/, blockHeader(0, [Buffer.from([0x21, 0x05]), Buffer.alloc(4, 1)]));
  bad(FIELDS + 2, /ends inside its Filter Properties/, blockHeader(0, [Buffer.from([0x21, 0x7f])]));
  const cut = blockHeader(UNCOMPRESSED, [Buffer.from([0xff, 0xff])]);
  bad(FIELDS, /ends inside its Uncompressed Size/, cut);
  bad(12, /ends inside its Filter ID/, blockHeader(3, [LZMA2_FLAGS, LZMA2_FLAGS, Buffer.from([0x03, 0x02, 0, 0])]));
});

test('section 3.1.5: a Filter ID that no file may have is bad', () => {
  bad(FIELDS, /Filter ID/, blockHeader(0, [vli(2n ** 62n), Buffer.from([0])]));
  const custom = decodeBlockHeader(blockHeader(0, [vli(2n ** 62n - 2n ** 20n), Buffer.from([0])]), PLACE);
  assert.equal(custom.filters.length, 1);
});

test('section 3.1.6: Header Padding is null, or a field of a newer format', () => {
  assert.equal(decodeBlockHeader(blockHeader(0, [LZMA2_FLAGS], [0, 0, 0, 0, 0]), PLACE).size, 16);
  unsupported(FIELDS + 5, /Header Padding/, blockHeader(0, [LZMA2_FLAGS], [0, 0, 1]));
});

test('section 3.1.7: whatever byte changes, the CRC32 says so first', () => {
  const header = blockHeader(COMPRESSED | UNCOMPRESSED, [vli(300), vli(70_000), LZMA2_FLAGS]);
  for (let at = 0; at < header.length; at++) {
    for (let change = 1; change < 256; change++) {
      const changed = Buffer.from(header);
      changed[at] = (changed[at] ?? 0) ^ change;
      bad(header.length - 4, /CRC32 of a Block Header/, changed);
    }
  }
});
