import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHUNK_HEADER_MAX, ChunkReader, chunkHeaderSize, frame } from '../../src/lzma/chunk.js';
import { stored } from '../xz/buildXz.js';
import { assertFault, PLACE } from '../xz/fault.js';

/** The chunks that these control bytes begin, each of one byte of content. */
function read(...controls: number[]): void {
  const reader = new ChunkReader();
  for (const control of controls) reader.next(Uint8Array.of(control, 0, 0, 0, 0, 0), PLACE);
}

function bad(reason: RegExp, ...controls: number[]): void {
  assertFault('E_BAD_XZ', 0, reason, () => read(...controls));
}

test('every control byte between 0x03 and 0x7f is invalid', () => {
  for (let control = 0x03; control < 0x80; control++) bad(/control byte .* is invalid/, 0x01, control);
});

test('the first chunk resets the dictionary', () => {
  for (let control = 0x02; control < 0xe0; control++) {
    if (control === 0x02 || control >= 0x80) bad(/does not reset the dictionary/, control);
  }
  read(0x01);
  for (let control = 0xe0; control <= 0xff; control++) read(control);
});

test('an LZMA chunk needs properties since the last reset of the dictionary', () => {
  read(0x01, 0x02, 0xc0, 0x80, 0xa0, 0x02, 0x80);
  read(0xe0, 0x80, 0x01, 0xc0, 0x80);
  bad(/properties that were never set/, 0x01, 0x80);
  bad(/properties that were never set/, 0x01, 0xa0);
  bad(/properties that were never set/, 0xe0, 0x01, 0xa0);
});

test('sizes are stored as one less, the uncompressed of LZMA with 21 bits', () => {
  const chunk = (...header: number[]): unknown => new ChunkReader().next(Uint8Array.from(header), PLACE);
  assert.deepEqual(chunk(0x01, 0x00, 0x00), { size: 4, uncompressedSize: 1 });
  assert.deepEqual(chunk(0x01, 0xff, 0xff), { size: 3 + 2 ** 16, uncompressedSize: 2 ** 16 });
  assert.deepEqual(chunk(0xe0, 0x00, 0x00, 0x00, 0x00, 0x5d), { size: 7, uncompressedSize: 1 });
  assert.deepEqual(chunk(0xff, 0xff, 0xff, 0xff, 0xff, 0x5d), { size: 6 + 2 ** 16, uncompressedSize: 2 ** 21 });
  assert.equal(chunk(0x00), null);
  assert.deepEqual([0x00, 0x01, 0x02, 0x80, 0xbf, 0xc0, 0xff].map(chunkHeaderSize), [1, 3, 3, 5, 5, 6, 6]);
  assert.equal(CHUNK_HEADER_MAX, 6);
});

test('a header that is cut short is bad', () => {
  for (const header of [[], [0x01], [0x01, 0], [0xe0, 0, 0, 0, 0]]) {
    assertFault('E_BAD_XZ', 0, /before their end marker/, () => new ChunkReader().next(Uint8Array.from(header), PLACE));
  }
});

test('runs of chunks cover the data, the end marker included', () => {
  const data = stored(Buffer.alloc(200_000, 1));
  const runs = frame(data, 140_000, PLACE);
  assert.deepEqual(
    runs.map(run => [run.from, run.to, run.uncompressedSize]),
    [
      [0, 2 * 65_539, 131_072],
      [2 * 65_539, data.length, 68_928],
    ],
  );
  assert.deepEqual(frame(Uint8Array.of(0), 1, PLACE), [{ from: 0, to: 1, uncompressedSize: 0 }]);
  assert.equal(frame(data, 1, PLACE).length, 4);
});

test('data that end inside a chunk, without an end marker, or behind it are bad', () => {
  const data = stored(Buffer.alloc(100, 1));
  assertFault('E_BAD_XZ', 0, /inside a chunk/, () => frame(data.subarray(0, 50), 100, PLACE));
  assertFault('E_BAD_XZ', 103, /before their end marker/, () => frame(data.subarray(0, 103), 100, PLACE));
  const behind = Buffer.concat([data, Buffer.alloc(1)]);
  assertFault('E_BAD_XZ', 104, /before the Compressed Data/, () => frame(behind, 100, PLACE));
});
