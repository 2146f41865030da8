import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findArchive } from '../../src/image/findArchive.js';
import { largestWindow } from '../../src/image/zstdFrames.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const MIB = 2 ** 20;
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A last block of two bytes as they are. */
const BLOCK = [(2 << 3) | 1, 0, 0, 0x61, 0x62];

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
