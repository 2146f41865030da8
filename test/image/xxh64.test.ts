import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { xxh64Low } from '../../src/image/xxh64.js';
import { run } from '../support/cli.js';
import { noise } from '../support/kernelTree.js';
import { unless } from '../support/tools.js';

/** What xxHash tests itself with (cli/xsum_sanity_check.c): bytes, and the XXH64 of so many of its buffer with seed 0. */
const VECTORS = [
  [0, 0xef46db3751d8e999n],
  [1, 0xe934a84adb052768n],
  [4, 0x9136a0dca57457een],
  [14, 0x8282dcc4994e35c8n],
  [222, 0xb641ae8cb691c174n],
] as const;

function sanityBuffer(size: number): Buffer {
  let value = 2654435761n;
  return Buffer.from(
    Array.from({ length: size }, () => {
      const byte = Number(value >> 56n);
      value = BigInt.asUintN(64, value * 11400714785074694797n);
      return byte;
    }),
  );
}

describe('the lower half of XXH64', () => {
  it("is that of xxHash's own vectors", () => {
    for (const [size, expected] of VECTORS) {
      assert.equal(xxh64Low(sanityBuffer(size)), Number(BigInt.asUintN(32, expected)), `${size} bytes`);
    }
    assert.equal(xxh64Low(Buffer.from('abc')), 0xad770999);
  });

  it('is what zstd puts behind a frame, for every size of the rest', { skip: unless('zstd') }, async () => {
    const bytes = Buffer.from(noise(100_040, 7));
    for (const size of [...Array.from({ length: 72 }, (_, i) => i), 100_000, 100_031]) {
      const input = bytes.subarray(bytes.length - size);
      const { stdout } = await run('zstd', ['-q', '-c', '--check'], { input });
      assert.equal(xxh64Low(input), stdout.readUInt32LE(stdout.length - 4), `${size} bytes`);
    }
  });
});
