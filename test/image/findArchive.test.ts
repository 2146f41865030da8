import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findArchive } from '../../src/image/findArchive.js';
import type { FoundArchive } from '../../src/model/foundArchive.js';
import { packed, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { buildElf, type ElfShape } from './buildElf.js';
import { buildBzImage, compressed } from './images.js';

const work = scratch({ after });
const plain = join(work, 'k.tar.xz');
await packed([kernelTree(join(work, 'tree'), { 'include/n.h': noise(50_000, 1) })], plain);
const archive = readFileSync(plain);

const START = Buffer.from('IKHD_ST');
const END = Buffer.from('IKHD_ED');
const JUNK = Buffer.from(noise(5001, 2));
const EXECUTABLE: ElfShape = { bits: 64, isLittle: true, isRelocatable: false, address: 0xffff_ffff_8100_0000n };
const MODULE: ElfShape = { ...EXECUTABLE, isRelocatable: true };

/** A kernel of today, or a module: the archive between two symbols. */
function elf(shape: ElfShape): Buffer {
  const symbols = [
    { name: 'kernel_headers_data', at: JUNK.length },
    { name: 'kernel_headers_data_end', at: JUNK.length + archive.length },
  ];
  return buildElf(shape, Buffer.concat([JUNK, archive, JUNK]), symbols).file;
}

async function find(bytes: Buffer, name = 'image'): Promise<FoundArchive | null> {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return findArchive(path);
}

async function assertFound(bytes: Buffer, expected: Partial<FoundArchive>, name?: string): Promise<void> {
  const found = await find(bytes, name);
  assert.ok(found !== null);
  assert.deepEqual(Buffer.from(found.bytes), archive);
  for (const [key, value] of Object.entries(expected)) assert.deepEqual(found[key as keyof FoundArchive], value, key);
}

describe('an archive is found', () => {
  it('between the markers, wherever they are', async () => {
    const offset = JUNK.length + START.length;
    await assertFound(Buffer.concat([JUNK, START, archive, END, JUNK]), { by: 'markers', offset, within: [] });
    await assertFound(Buffer.concat([START, archive, END]), { by: 'markers', offset: START.length });
  });

  it('between the markers, in several Streams', { skip: unless('xz') }, async () => {
    const { stdout } = succeeded(await run('xz', ['-c'], { input: JUNK }));
    const found = await find(Buffer.concat([JUNK, START, archive, stdout, END]));
    assert.deepEqual(found?.by, 'markers');
    assert.deepEqual(Buffer.from(found.bytes), Buffer.concat([archive, stdout]));
  });

  it('between the right ones of several markers', async () => {
    const bytes = Buffer.concat([START, JUNK, END, START, archive, END, END, JUNK]);
    await assertFound(bytes, { by: 'markers', offset: START.length * 2 + JUNK.length + END.length });
  });

  it('between the symbols, in a kernel and in a module', async () => {
    const before = 64 + JUNK.length;
    await assertFound(elf(EXECUTABLE), { by: 'symbols', offset: before, within: [] });
    await assertFound(elf(MODULE), { by: 'symbols', offset: before, within: [] }, 'kheaders.ko');
  });

  it('by its Stream alone, with nothing to mark it', async () => {
    await assertFound(Buffer.concat([JUNK, archive, JUNK]), { by: 'scan', offset: JUNK.length });
    // Without a symbol table, as objcopy -S leaves a kernel.
    const { file, at } = buildElf(EXECUTABLE, Buffer.concat([JUNK, archive]), []);
    await assertFound(file, { by: 'scan', offset: at + JUNK.length });
  });

  it('behind other Streams, which hold no headers, or only look like one', { skip: unless('xz', 'tar') }, async () => {
    const { stdout: text } = succeeded(await run('xz', ['-c'], { input: JUNK }));
    const { stdout: tar } = succeeded(await run('tar', ['-cJf', '-', '-C', work, 'tree/Makefile']));
    const decoys = Buffer.concat([
      JUNK,
      text,
      tar,
      archive.subarray(0, 1000),
      Buffer.from('YZYZ'),
      archive.subarray(0, 12),
    ]);
    await assertFound(Buffer.concat([decoys, archive, JUNK]), { by: 'scan', offset: decoys.length });
  });
});

describe('a file that was made to take long', () => {
  const header = archive.subarray(0, 12);
  const footer = archive.subarray(-12);
  /** CPU seconds that looking into a file takes in which nothing is found. */
  const secondsFor = async (bytes: Buffer): Promise<number> => {
    const before = process.cpuUsage();
    assert.equal(await find(bytes), null);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const filled = (piece: Buffer): Buffer => Buffer.concat([Buffer.from('x'), Buffer.alloc(2 ** 16, piece)]);

  // Each Header was tried with each Footer: 16 KiB took 73 CPU seconds, 128 KiB would have taken an hour.
  it('holds many Stream Headers, and ends of Stream Footers', async () => {
    assert.ok((await secondsFor(Buffer.concat([filled(header), filled(Buffer.from('YZ'))]))) < 5);
  });

  it('holds many Stream Headers and Stream Footers', async () => {
    assert.ok((await secondsFor(Buffer.concat([filled(header), filled(footer)]))) < 5);
  });

  it('holds many markers', async () => {
    const [starts, ends] = [Buffer.concat([START, header]), Buffer.concat([footer, END])];
    assert.ok((await secondsFor(Buffer.concat([filled(starts), filled(ends)]))) < 5);
  });
});

describe('a compressed image is decompressed:', () => {
  const COMPRESSORS = {
    gzip: ['-9'],
    xz: ['--check=crc32', '--x86', '--lzma2=,dict=32MiB'],
    zstd: ['-q', '-19'],
  } as const;
  for (const [tool, args] of Object.entries(COMPRESSORS)) {
    it(`a bzImage with ${tool}`, { skip: unless(tool) }, async () => {
      const { file } = buildElf(EXECUTABLE, Buffer.concat([JUNK, archive]), []);
      const image = buildBzImage(await compressed(tool, args, file));
      const within = [`${tool} payload at byte ${6 * 512 + 1000}`];
      await assertFound(image, { by: 'scan', offset: 64 + JUNK.length, within }, 'vmlinuz');
    });
  }

  for (const [tool, suffix] of Object.entries({ gzip: 'gz', xz: 'xz', zstd: 'zst' })) {
    it(`a module, .ko.${suffix}`, { skip: unless(tool) }, async () => {
      const { stdout } = succeeded(await run(tool, ['-q', '-c'], { input: elf(MODULE) }));
      await assertFound(stdout, { by: 'symbols', within: [tool] }, `kheaders.ko.${suffix}`);
    });
  }
});

describe('an image in an image', { skip: unless('gzip') }, () => {
  const nested = async (depth: number): Promise<Buffer> => {
    let image = elf(EXECUTABLE);
    for (let i = 0; i < depth; i++) image = buildBzImage(await compressed('gzip', [], image));
    return image;
  };

  it('is looked into three deep, which is more than kernels and their modules come to', async () => {
    const found = await find(await nested(3));
    assert.equal(found?.within.length, 3);
    assert.deepEqual(Buffer.from(found.bytes), archive);
  });

  it('and no deeper: somebody made it to take long', async () => {
    assert.equal(await find(await nested(4)), null);
  });
});

it('who stops is told so, and not that the image holds no archive', async () => {
  const path = join(work, 'stopped');
  writeFileSync(path, elf(EXECUTABLE));
  await assert.rejects(findArchive(path, { signal: AbortSignal.abort() }), { code: 'E_ABORTED' });
});

describe('an image that asks for more memory than may be used is refused before it is read:', () => {
  const MAGIC = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

  it('compressed, of gigabytes', async () => {
    const path = join(work, 'large.gz');
    for (const size of [2 ** 31 + 4096, 2e10]) {
      writeFileSync(path, MAGIC);
      truncateSync(path, size);
      const expected = { code: 'E_MEMORY_LIMIT', facts: { path, needed: size, limit: 2 ** 26 } };
      await assert.rejects(findArchive(path, { memoryLimit: '64MiB' }), expected);
    }
  });

  it('but not because a limit is larger than what zlib can do', { skip: unless('gzip') }, async () => {
    const path = join(work, 'small.gz');
    writeFileSync(path, await compressed('gzip', [], Buffer.concat([JUNK, archive, JUNK])));
    const found = await findArchive(path, { memoryLimit: '8GiB' });
    assert.deepEqual(Buffer.from(found?.bytes ?? []), archive);
  });
});

describe('what is no image', () => {
  it('is left to the reader of archives: an archive, a damaged one, a text, nothing', async () => {
    assert.equal(await find(archive, 'k.tar.xz'), null);
    assert.equal(await find(archive, 'renamed'), null);
    assert.equal(await find(archive.subarray(0, archive.length - 40), 'cut'), null);
    assert.equal(await find(JUNK, 'text'), null);
    assert.equal(await find(Buffer.alloc(0), 'empty'), null);
  });

  it('and so is an archive of several Streams with damage before the last, and one with other bytes before it', async () => {
    const damaged = Buffer.from(archive);
    damaged[0] = 0;
    for (const bytes of [Buffer.concat([damaged, archive]), Buffer.concat([JUNK, archive, archive])]) {
      for (const name of ['several.tar.xz', 'several']) assert.equal(await find(bytes, name), null);
    }
    assert.equal(await find(Buffer.concat([damaged, archive, JUNK]), 'followed.tar.xz'), null);
  });
});

describe('an image without an archive is trouble that says why:', () => {
  const refused = async (bytes: Buffer, reason: RegExp): Promise<void> => {
    await assert.rejects(find(bytes), error => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'E_IMAGE');
      assert.match(error.message, reason);
      return true;
    });
  };

  it('a kernel that was built without one', async () => {
    const { file } = buildElf(EXECUTABLE, JUNK, [{ name: 'kernel_headers_data', at: 0 }]);
    await refused(file, /it holds no archive of headers .*CONFIG_IKHEADERS/);
  });

  it('a kernel whose archive is cut off', async () => {
    const { file } = buildElf(EXECUTABLE, archive.subarray(0, archive.length - 40), []);
    await refused(file, /it holds no archive of headers/);
  });

  it('a bzImage compressed in another way, or damaged', { skip: unless('gzip') }, async () => {
    await refused(buildBzImage(Buffer.from([0x02, 0x21, 0x4c, 0x18, 0, 0, 0, 0])), /compressed with lz4/);
    await refused(buildBzImage(Buffer.alloc(100)), /compressed with an unknown way/);
    const payload = await compressed('gzip', [], elf(EXECUTABLE));
    await refused(buildBzImage(payload.subarray(0, payload.length >> 1)), /its gzip data are damaged/);
  });
});
