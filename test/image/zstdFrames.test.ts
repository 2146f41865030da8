import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/image/compressed.js';
import { findArchive } from '../../src/image/findArchive.js';
import { framesOf } from '../../src/image/zstdFrames.js';
import { gatherEnvironment } from '../../src/settings/environment.js';
import { resolveReading } from '../../src/settings/reading.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const MIB = 2 ** 20;
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A last block of two bytes as they are. */
const BLOCK = [(2 << 3) | 1, 0, 0, 0x61, 0x62];

const largestWindow = (bytes: Uint8Array): number => Math.max(0, ...[...framesOf(bytes)].map(({ window }) => window));

describe("the windows of Zstandard's frames", () => {
  it('are those of the frame headers, and the content where that is one segment', () => {
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0x00, 0x00, ...BLOCK])), 1024);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0x00, 0x07, ...BLOCK])), 1024 + 7 * 128);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0x00, 0xf8, ...BLOCK])), 2 ** 41);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0x20, 0x02, ...BLOCK])), 2);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0x61, 0x09, 0x02, 0x01, ...BLOCK])), 0x102 + 256);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0xa0, 0, 0, 0, 0x80, ...BLOCK])), 2 ** 31);
    assert.equal(largestWindow(Buffer.from([...MAGIC, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, ...BLOCK])), 2 ** 32);
  });

  it('of further frames count, behind checksums, blocks of one byte and what is skipped', () => {
    const first = [...MAGIC, 0x04, 0x00, (9 << 3) | 2, 0, 0, 0x61, ...BLOCK, 1, 2, 3, 4];
    const skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9];
    assert.equal(largestWindow(Buffer.from([...first, ...skipped, ...MAGIC, 0x00, 0x50, ...BLOCK])), MIB);
  });

  it('are followed as far as there are frames', () => {
    const frame = Buffer.from([...MAGIC, 0x00, 0x50, ...BLOCK]);
    for (let size = 0; size < frame.length; size++) {
      assert.equal(largestWindow(frame.subarray(0, size)), size < 6 ? 0 : MIB, `${size} bytes`);
    }
    assert.equal(largestWindow(Buffer.concat([frame, Buffer.from('no frame')])), MIB);
    assert.equal(largestWindow(Buffer.alloc(0)), 0);
  });

  it('are those that zstd was asked for', { skip: unless('zstd') }, async () => {
    for (const log of [10, 20, 25]) {
      const args = ['-q', '-c', `--zstd=wlog=${log}`];
      const { stdout } = succeeded(await run('zstd', args, { input: Buffer.alloc(2 ** 17, 'abc') }));
      assert.equal(largestWindow(stdout), 2 ** log);
    }
  });
});

function withOtherEnd(bytes: Buffer): Buffer {
  const last = bytes.length - 1;
  return Buffer.concat([bytes.subarray(0, last), Buffer.from([bytes.readUInt8(last) ^ 1])]);
}

describe("a frame's checksum", { skip: unless('zstd') }, () => {
  const content = Buffer.from(noise(300_007, 3));
  const settings = resolveReading({ archive: 'image' }, gatherEnvironment());
  const decompressed = (...frames: Buffer[]): Promise<Uint8Array> =>
    decompress('zstd', Buffer.concat(frames), 'image', settings);
  const zstd = async (bytes: Buffer, ...args: string[]): Promise<Buffer> =>
    succeeded(await run('zstd', ['-q', '-c', ...args], { input: bytes })).stdout;
  const skipped = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9]);
  let frames: Buffer[];
  before(async () => {
    const first = await zstd(content.subarray(0, 200_000), '--check');
    const second = await zstd(content.subarray(200_000, 200_007), '--no-check');
    const third = await zstd(content.subarray(200_007), '--check');
    frames = [first, skipped, second, third];
  });

  it('is that of its own content', async () => {
    const found = [...framesOf(Buffer.concat(frames))];
    assert.deepEqual(
      found.map(({ checksum }) => checksum !== null),
      [true, false, false, true],
    );
    assert.deepEqual(
      found.map(({ bytes }) => Buffer.from(bytes)),
      frames,
    );
    assert.ok(content.equals(await decompressed(...frames)));
    assert.equal((await decompressed(skipped)).length, 0);
  });

  // fzstd passes over it: an image with a wrong one was good.
  it('that does not match makes the image damaged, whichever frame it is of', async () => {
    for (const i of [0, 3]) {
      const changed = frames.map((frame, at) => (at === i ? withOtherEnd(frame) : frame));
      await assert.rejects(decompressed(...changed), {
        code: 'E_IMAGE',
        message: /zstd data are damaged: the checksum/,
      });
    }
  });

  it('that is cut off makes it damaged, and so does anything behind', async () => {
    const all = Buffer.concat(frames);
    for (const bytes of [all.subarray(0, -1), all.subarray(0, -4), Buffer.concat([all, skipped.subarray(0, -1)])]) {
      await assert.rejects(decompressed(bytes), { code: 'E_IMAGE', message: /zstd data are damaged/ });
    }
    await assert.rejects(decompressed(all, Buffer.from('no frame')), { code: 'E_IMAGE' });
  });
});

describe('an image that would take more memory than allowed', () => {
  const limited = (bytes: Uint8Array): Promise<unknown> => {
    writeFileSync(join(work, 'image'), bytes);
    return findArchive(join(work, 'image'), { memoryLimit: '16MiB' });
  };

  // 12 KiB with a window of 1 GiB took all of it, whatever the limit.
  it('by the window of its zstd frame is refused before it is taken', async () => {
    const blocks = Array.from({ length: 20 }, () => [0xc0, 0x12, 0, ...Buffer.alloc(600, 'abc')]);
    const before = process.resourceUsage().maxRSS;
    await assert.rejects(limited(Buffer.from([...MAGIC, 0x00, 160, ...blocks.flat(), ...BLOCK])), {
      code: 'E_MEMORY_LIMIT',
    });
    assert.ok(process.resourceUsage().maxRSS - before < 200 * 1024);
  });

  it('by what its gzip data come to says so', async () => {
    await assert.rejects(limited(gzipSync(Buffer.alloc(17 * MIB))), { code: 'E_MEMORY_LIMIT' });
  });
});
