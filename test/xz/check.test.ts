import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CHECKS, checkNameOf, checkOfId, checkSizeOf } from '../../src/xz/check.js';
import { CRC64_SIZE } from '../../src/xz/crc64.js';
import * as model from './parseXz.js';

/** Around the least that is folded, and the parts it is folded in. */
const FOLDED_FROM = [9400, 9407, 9408, 9409, 9416, 9424, 12_288, 15_424, 15_432, 15_440, 27_712];
const NINE_DIGITS = Buffer.from('123456789');

function crc64(bytes: Uint8Array): Uint8Array {
  return CHECKS.crc64.compute(bytes);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test('CRC64 of the nine digits is the known one', () => {
  assert.equal(Buffer.from(crc64(NINE_DIGITS)).readBigUInt64LE(), 0x995dc9bbdf1939fan);
  assert.equal(Buffer.from(crc64(Buffer.alloc(0))).readBigUInt64LE(), 0n);
});

test('CRC64 is the bitwise definition, whatever the length and alignment', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(9), (bytes, offset) => {
      const data = bytes.subarray(Math.min(offset, bytes.length));
      assert.equal(Buffer.from(crc64(data)).readBigUInt64LE(), model.crc64(data));
    }),
    { numRuns: 300 },
  );
});

test('CRC64 is the bitwise definition over data that are folded, and in pieces of any size', () => {
  const data = Buffer.alloc(150_001, 0);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state >>> 24;
  }
  const expected = model.crc64(data);
  fc.assert(
    fc.property(fc.array(fc.nat(data.length), { maxLength: 4 }), cuts => {
      const running = CHECKS.crc64.start(null);
      let from = 0;
      for (const to of [...cuts.sort((a, b) => a - b), data.length]) {
        running.update(data.subarray(from, to));
        from = to;
      }
      assert.equal(Buffer.from(running.value()).readBigUInt64LE(), expected);
    }),
    {
      examples: [[[]], [[65_536]], [[131_072, 131_073]], [[1, 65_537]], ...FOLDED_FROM.map(at => [[at]] as [number[]])],
      numRuns: 60,
    },
  );
});

test('two CRC64 in progress do not disturb each other', () => {
  const [first, second] = [CHECKS.crc64.start(null), CHECKS.crc64.start(null)];
  first.update(NINE_DIGITS.subarray(0, 4));
  second.update(Buffer.alloc(70_000, 7));
  first.update(NINE_DIGITS.subarray(4));
  assert.equal(Buffer.from(first.value()).readBigUInt64LE(), 0x995dc9bbdf1939fan);
});

test('each Check has the ID and the size that the specification gives it', () => {
  const table = Object.entries(CHECKS).map(([name, check]) => [name, check.id, check.size]);
  assert.deepEqual(table, [
    ['none', 0x00, 0],
    ['crc32', 0x01, 4],
    ['crc64', 0x04, 8],
    ['sha256', 0x0a, 32],
  ]);
});

test('each Check computes its field as the container stores it', () => {
  assert.equal(hex(CHECKS.none.compute(NINE_DIGITS)), '');
  assert.equal(hex(CHECKS.crc32.compute(NINE_DIGITS)), '2639f4cb');
  assert.equal(hex(CHECKS.crc64.compute(NINE_DIGITS)), 'fa3919dfbbc95d99');
  assert.equal(hex(CHECKS.sha256.compute(NINE_DIGITS)), createHash('sha256').update(NINE_DIGITS).digest('hex'));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), data => {
      assert.equal(Buffer.from(CHECKS.crc32.compute(data)).readUInt32LE(), model.crc32(data));
      for (const check of Object.values(CHECKS)) assert.equal(check.compute(data).length, check.size);
    }),
  );
});

test('section 2.1.1.2: the Check field of each of the 16 IDs has its size', () => {
  const sizes = Array.from({ length: 16 }, (_, id) => checkSizeOf(id));
  assert.deepEqual(sizes, [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]);
  for (const check of Object.values(CHECKS)) assert.equal(checkSizeOf(check.id), check.size);
});

test('reserved Check IDs are named by their number and computed by nobody', () => {
  assert.deepEqual([0x01, 0x04, 0x02, 0x0f].map(checkNameOf), ['crc32', 'crc64', '0x02', '0x0f']);
  const known = Array.from({ length: 16 }, (_, id) => id).filter(id => checkOfId(id) !== null);
  assert.deepEqual(known, [0x00, 0x01, 0x04, 0x0a]);
});

test('CRC64 looks at data in the memory that it is given, and copies others to where they disturb nobody', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 100, shared: true });
  const data = Buffer.alloc(150_001, '#define A 1\n');
  const running = CHECKS.crc64.start(memory);
  running.update(data);
  assert.ok(new Uint8Array(memory.buffer).every(byte => byte === 0));
  memory.grow(10);
  const inside = new Uint8Array(memory.buffer, CRC64_SIZE + 3, data.length);
  inside.set(data);
  running.update(inside);
  running.update(data.subarray(0, 7));
  const all = Buffer.concat([data, data, data.subarray(0, 7)]);
  assert.equal(hex(running.value()), hex(crc64(all)));
  assert.equal(Buffer.from(crc64(all)).readBigUInt64LE(), model.crc64(all));
  assert.ok(Buffer.from(inside).equals(data));
});
