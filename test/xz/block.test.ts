import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roundUp4 } from '../../src/xz/alignment.js';
import { assembleBlock } from '../../src/xz/block.js';
import { encodeBlockHeader } from '../../src/xz/blockHeader.js';
import { CHECKS, type CheckName } from '../../src/xz/check.js';
import { encodeIndex } from '../../src/xz/indexField.js';
import { encodeStreamFooter, encodeStreamHeader } from '../../src/xz/streamHeader.js';
import { crc32, parseStream, readVli } from './parseXz.js';

const checkName = fc.constantFrom<CheckName>('none', 'crc32', 'crc64', 'sha256');
const parts = fc.record({
  lzma2: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 }),
  uncompressedSize: fc.oneof(fc.nat(300), fc.maxSafeNat()),
  dictionarySize: fc.constantFrom(4096, 6144, 2 ** 20, 2 ** 22, 2 ** 26),
  checkByte: fc.nat(255),
});

test('Block Header: a multiple of four, no longer than needed, and its CRC32 covers all before it', () => {
  const size = fc.oneof(fc.nat(2 ** 24), fc.maxSafeNat());
  fc.assert(
    fc.property(size, size, (compressed, uncompressed) => {
      const header = Buffer.from(encodeBlockHeader(compressed, uncompressed, 2 ** 22));
      assert.equal(header.length, (header.readUInt8(0) + 1) * 4);
      assert.equal(header.readUInt32LE(header.length - 4), crc32(header.subarray(0, -4)));
      const first = readVli(header, 2);
      const second = readVli(header, first.end);
      assert.deepEqual([first.value, second.value], [BigInt(compressed), BigInt(uncompressed)]);
      assert.ok(header.length - 4 - (second.end + 3) < 4);
    }),
  );
});

test('Blocks, Index and Stream Footer agree with each other and with the specification', () => {
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 5 }), checkName, (all, name) => {
      const check = CHECKS[name];
      const given = all.map(part => ({ ...part, check, checkValue: new Uint8Array(check.size).fill(part.checkByte) }));
      const blocks = given.map(assembleBlock);
      const index = encodeIndex(blocks);
      const pieces = [encodeStreamHeader(check), ...blocks.map(block => block.bytes), index];
      const stream = parseStream(Buffer.concat([...pieces, encodeStreamFooter(check, index.length)]));
      assert.equal(stream.checkId, check.id);
      const parsed = stream.blocks.map(block => ({
        lzma2: Buffer.from(block.lzma2),
        uncompressedSize: block.uncompressedSize,
        dictionarySize: block.dictionarySize,
        checkValue: new Uint8Array(block.check),
      }));
      const expected = given.map(({ lzma2, uncompressedSize, dictionarySize, checkValue }) => ({
        lzma2: Buffer.concat(lzma2),
        uncompressedSize,
        dictionarySize,
        checkValue,
      }));
      assert.deepEqual(parsed, expected);
    }),
  );
});

test('everything in .xz is aligned to four bytes', () => {
  assert.deepEqual([0, 1, 3, 4, 5].map(roundUp4), [0, 4, 4, 4, 8]);
});

test('the Index of a Stream without Blocks is the one that xz writes', () => {
  assert.equal(Buffer.from(encodeIndex([])).toString('hex'), '000000001cdf4421');
});
