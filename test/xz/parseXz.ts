import assert from 'node:assert/strict';

/**
 * A reader of single .xz Streams, written from the specification alone and sharing nothing with src/xz: it checks
 * every field that the specification fixes, and returns those that vary. It does not decode LZMA2.
 */
export interface ParsedStream {
  readonly checkId: number;
  readonly blocks: readonly ParsedBlock[];
  readonly indexSize: number;
}

export interface ParsedBlock {
  readonly headerSize: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly dictionarySize: number;
  readonly lzma2: Buffer;
  readonly check: Buffer;
}

/** Section 2.1.1.2, by Check ID. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export function parseStream(xz: Buffer): ParsedStream {
  // 2.1.1 Stream Header
  assert.equal(xz.subarray(0, 6).toString('latin1'), '\xfd7zXZ\0');
  assert.equal(xz.readUInt8(6), 0);
  const checkId = xz.readUInt8(7);
  assert.equal(xz.readUInt32LE(8), crc32(xz.subarray(6, 8)));
  const blocks: ParsedBlock[] = [];
  let at = 12;
  while (xz.readUInt8(at) !== 0) {
    const { block, end } = parseBlock(xz, at, CHECK_SIZES[checkId] ?? Number.NaN);
    blocks.push(block);
    at = end;
  }
  const indexEnd = parseIndex(xz, at, blocks);
  // 2.1.2 Stream Footer
  const footer = xz.subarray(indexEnd);
  assert.equal(footer.length, 12);
  assert.equal(footer.readUInt32LE(0), crc32(footer.subarray(4, 10)));
  assert.equal((footer.readUInt32LE(4) + 1) * 4, indexEnd - at);
  assert.deepEqual(footer.subarray(8, 10), xz.subarray(6, 8));
  assert.equal(footer.subarray(10).toString('latin1'), 'YZ');
  return { checkId, blocks, indexSize: indexEnd - at };
}

/** Section 3. */
function parseBlock(xz: Buffer, start: number, checkSize: number): { block: ParsedBlock; end: number } {
  const headerSize = (xz.readUInt8(start) + 1) * 4;
  const header = xz.subarray(start, start + headerSize);
  assert.equal(header.readUInt8(1), 0b1100_0000, 'both sizes are present, and one filter');
  const compressed = readVli(header, 2);
  const uncompressed = readVli(header, compressed.end);
  const id = readVli(header, uncompressed.end);
  const propertySize = readVli(header, id.end);
  assert.deepEqual([id.value, propertySize.value], [0x21n, 1n]);
  const property = header.readUInt8(propertySize.end);
  const padding = header.subarray(propertySize.end + 1, headerSize - 4);
  assert.ok(padding.length < 4 && padding.every(byte => byte === 0), 'Header Padding');
  assert.equal(header.readUInt32LE(headerSize - 4), crc32(header.subarray(0, headerSize - 4)));
  const dataAt = start + headerSize;
  const dataEnd = dataAt + Number(compressed.value);
  const checkAt = dataEnd + ((4 - (dataEnd % 4)) % 4);
  assert.ok(
    xz.subarray(dataEnd, checkAt).every(byte => byte === 0),
    'Block Padding',
  );
  const block = {
    headerSize,
    compressedSize: Number(compressed.value),
    uncompressedSize: Number(uncompressed.value),
    dictionarySize: dictionarySizeOf(property),
    lzma2: xz.subarray(dataAt, dataEnd),
    check: xz.subarray(checkAt, checkAt + checkSize),
  };
  return { block, end: checkAt + checkSize };
}

/** Section 4; returns where it ends. */
function parseIndex(xz: Buffer, start: number, blocks: readonly ParsedBlock[]): number {
  const count = readVli(xz, start + 1);
  assert.equal(count.value, BigInt(blocks.length));
  let at = count.end;
  for (const block of blocks) {
    const unpadded = readVli(xz, at);
    const uncompressed = readVli(xz, unpadded.end);
    assert.equal(unpadded.value, BigInt(block.headerSize + block.compressedSize + block.check.length));
    assert.equal(uncompressed.value, BigInt(block.uncompressedSize));
    at = uncompressed.end;
  }
  const padded = at + ((4 - ((at - start) % 4)) % 4);
  assert.ok(
    xz.subarray(at, padded).every(byte => byte === 0),
    'Index Padding',
  );
  assert.equal(xz.readUInt32LE(padded), crc32(xz.subarray(start, padded)));
  return padded + 4;
}

/** Section 1.2, as its C code has it. */
export function readVli(bytes: Uint8Array, start: number): { value: bigint; end: number } {
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[start + i];
    assert.ok(byte !== undefined, 'a variable-length integer is cut short');
    assert.ok(i === 0 || byte !== 0, 'a variable-length integer is longer than it needs to be');
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  assert.fail('a variable-length integer is longer than nine bytes');
}

/** Section 5.3.1, as its C code has it. */
export function dictionarySizeOf(bits: number): number {
  assert.ok(bits <= 40, 'reserved dictionary size');
  if (bits === 40) return 2 ** 32 - 1;
  return (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
}

/** Section 6, bit by bit. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Section 6, bit by bit. */
export function crc64(bytes: Uint8Array): bigint {
  let crc = 2n ** 64n - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? 0xc96c5795d7870f42n : 0n);
  }
  return crc ^ (2n ** 64n - 1n);
}
