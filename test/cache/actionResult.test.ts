import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeActionResult, encodeActionResult } from '../../src/cache/remote/actionResult.js';
import { run } from '../support/cli.js';
import { unless } from '../support/tools.js';

const HASH = '0123456789abcdef'.repeat(4);

/** Written down by hand from the messages' definitions and the wire format. */
const EXPECTED = Buffer.concat([
  // output_files (2), 79 bytes; path (1), 5 bytes; digest (2), 70 bytes; hash (1), 64 bytes; size_bytes (2).
  Buffer.from([0x12, 0x4f, 0x0a, 0x05]),
  Buffer.from('block'),
  Buffer.from([0x12, 0x46, 0x0a, 0x40]),
  Buffer.from(HASH),
  Buffer.from([0x10, 0x80, 0x89, 0x7a]),
]);

describe('an ActionResult', () => {
  it('is the bytes that protobuf has for it', () => {
    assert.equal(encodeActionResult({ hash: HASH, size: 2_000_000 }).toString('hex'), EXPECTED.toString('hex'));
    assert.deepEqual(decodeActionResult(EXPECTED), { hash: HASH, size: 2_000_000 });
  });

  it('is read by python3 as the messages that it is made of', { skip: unless('python3') }, async () => {
    const code = `import sys
def fields(b):
    def varint(i):
        v = s = 0
        while True:
            v |= (b[i] & 127) << s; s += 7; i += 1
            if b[i - 1] < 128: return v, i
    i = 0
    while i < len(b):
        k, i = varint(i); v, i = varint(i)
        if k & 7 == 2: yield k >> 3, b[i:i + v]; i += v
        else: yield k >> 3, v
(result,) = [v for k, v in fields(sys.stdin.buffer.read()) if k == 2]
file = dict(fields(result)); digest = dict(fields(file[2]))
print(file[1].decode(), digest[1].decode(), digest[2])`;
    for (const size of [0, 127, 128, 2 ** 31, 2 ** 40 + 3]) {
      const { stdout } = await run('python3', ['-c', code], { input: encodeActionResult({ hash: HASH, size }) });
      assert.equal(stdout.toString(), `block ${HASH} ${size}\n`);
    }
  });

  it('is read again, whatever fields a server has added', () => {
    // exit_code (4) = 0, execution_metadata (9) with a worker, an unknown fixed64 and fixed32.
    const others = ['2000', '4a060a04686f7374', 'f1010102030405060708', 'fd0101020304'].map(hex =>
      Buffer.from(hex, 'hex'),
    );
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.shuffledSubarray(others), (size, added) => {
        const bytes = Buffer.concat([...added, encodeActionResult({ hash: HASH, size }), ...added]);
        assert.deepEqual(decodeActionResult(bytes), { hash: HASH, size });
      }),
    );
  });

  it('that names no blob, or is none, is refused', () => {
    const good = encodeActionResult({ hash: HASH, size: 300 });
    const bad = [
      Buffer.alloc(0),
      Buffer.from('<html>not found</html>'),
      Buffer.from([0x20, 0x00]),
      encodeActionResult({ hash: HASH.slice(1), size: 300 }),
      encodeActionResult({ hash: HASH.toUpperCase(), size: 300 }),
      encodeActionResult({ hash: `../${HASH.slice(3)}`, size: 300 }),
      Buffer.from('12ffffffffffffffffff01', 'hex'),
      Buffer.from('80'.repeat(40), 'hex'),
    ];
    for (const bytes of bad) assert.equal(decodeActionResult(bytes), null, bytes.toString('hex'));
    for (let length = 1; length < good.length; length++)
      assert.equal(decodeActionResult(good.subarray(0, length)), null);
    fc.assert(fc.property(fc.uint8Array(), bytes => assert.equal(decodeActionResult(Buffer.from(bytes)), null)));
  });
});
