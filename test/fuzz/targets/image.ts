import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findArchive } from '../../../src/image/findArchive.js';
import { xxh64Low } from '../../../src/image/xxh64.js';
import { CHECKS } from '../../../src/xz/check.js';
import { buildElf } from '../../image/buildElf.js';
import { buildBzImage } from '../../image/images.js';
import { tarOfParts } from '../../support/tarBuilder.js';
import { storedBlock, stream } from '../../xz/buildXz.js';
import { mendXz } from '../mendXz.js';
import type { Random } from '../random.js';
import { isRead, PLAIN, type Target } from '../target.js';

const MAGIC = Buffer.from('\xfd7zXZ\0', 'latin1');

const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-fuzz-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'image');

/** An archive that is found lies in the file where it is said to. */
function check(input: Buffer): Promise<boolean> {
  writeFileSync(path, input);
  return isRead(['E_IMAGE', 'E_BAD_XZ', 'E_UNSUPPORTED_XZ', 'E_MEMORY_LIMIT'], async () => {
    const found = await findArchive(path, { memoryLimit: '16MiB', jobs: 1 });
    if (found === null) return;
    assert.equal(found.bytes.length % 4, 0);
    if (found.within.length > 0) return;
    assert.ok(input.subarray(found.offset, found.offset + found.bytes.length).equals(found.bytes));
  });
}

/** The archives in an image, and sometimes a compressed image anew. */
function mend(input: Buffer, random: Random): Buffer {
  const at = input.indexOf(MAGIC);
  const mended = at < 0 ? input : Buffer.concat([input.subarray(0, at), mendXz(input.subarray(at), random)]);
  return random.once(12) ? gzipSync(mended) : mended;
}

const content = tarOfParts({ name: './include/a.h', content: '#define A 1\n' });
const archive = stream(1, [storedBlock(content, CHECKS.crc32.compute(content))]);
const other = stream(1, [storedBlock(Buffer.from('text'), CHECKS.crc32.compute(Buffer.from('text')))]);
const marked = Buffer.concat([Buffer.from('IKHD_ST'), archive, Buffer.from('IKHD_ED')]);
const symbols = [
  { name: 'kernel_headers_data', at: 0 },
  { name: 'kernel_headers_data_end', at: archive.length },
];

function elf(bits: 32 | 64, isLittle: boolean, isRelocatable: boolean): Buffer {
  return buildElf({ bits, isLittle, isRelocatable, address: 0x1000n }, archive, symbols).file;
}

/** A frame of zstd with one raw block, and perhaps with a checksum. */
function zstd(data: Buffer, hasChecksum = false): Buffer {
  const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(hasChecksum ? 4 : 0)];
  size.writeUInt32LE(data.length);
  if (hasChecksum) checksum.writeUInt32LE(xxh64Low(data));
  const header = (data.length << 3) | 1;
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, hasChecksum ? 0xa4 : 0xa0]),
    size,
    Buffer.from([header & 0xff, (header >> 8) & 0xff, header >> 16]),
    data,
    checksum,
  ]);
}

const executable = elf(64, true, false);

export const image: Target = {
  ...PLAIN,
  seeds: [
    marked,
    Buffer.concat([Buffer.from('padding'), other, archive, Buffer.from('behind')]),
    executable,
    elf(32, false, true),
    elf(64, true, true),
    elf(32, true, false),
    gzipSync(executable),
    zstd(executable),
    zstd(executable, true),
    Buffer.concat([zstd(executable.subarray(0, 100), true), zstd(executable.subarray(100))]),
    Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68, 0x0b, 0x00, 0x00]), Buffer.from('x')]),
    buildBzImage(gzipSync(executable)),
    buildBzImage(Buffer.concat([zstd(executable), Buffer.alloc(4)])),
    stream(1, [storedBlock(executable, CHECKS.crc32.compute(executable))]),
    archive,
  ],
  dictionary: [
    archive,
    other,
    MAGIC,
    Buffer.from('YZ'),
    archive.subarray(0, 12),
    archive.subarray(-12),
    marked.subarray(0, 7),
    marked.subarray(-7),
    Buffer.from('\x7fELF', 'latin1'),
    Buffer.from('kernel_headers_data\0'),
    Buffer.from([0x1f, 0x8b, 0x08]),
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  ],
  sizeMax: 2 ** 15,
  mend,
  check,
};
