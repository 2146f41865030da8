import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { liblzma } from '../../src/lzma/liblzma.js';
import { presetOptions } from '../../src/lzma/presets.js';
import { assembleBlock, type EncodedBlock } from '../../src/xz/block.js';
import { CHECKS, type CheckName } from '../../src/xz/check.js';
import { encodeStream } from '../../src/xz/stream.js';
import { parseStream } from './parseXz.js';

const OPTIONS = { ...presetOptions(1, false), dictionarySize: 2 ** 20 };
const NAMES: readonly CheckName[] = ['none', 'crc32', 'crc64', 'sha256'];

const xz = spawnSync('xz', ['--version']).status === 0 ? false : 'xz is not on the PATH';
const python = spawnSync('python3', ['-c', 'import lzma']).status === 0 ? false : "python3's lzma is not here";

const text = (i: number): Buffer => Buffer.from(`#define MACRO_${i} ${i}\n`.repeat(200 + (i % 7)));
const CASES: readonly [string, readonly Buffer[]][] = [
  ['no Block', []],
  ['one Block', [text(1)]],
  ['an empty Block alone', [Buffer.alloc(0)]],
  ['an empty Block between others', [text(1), Buffer.alloc(0), text(2)]],
  ['three hundred Blocks', [...Array(300).keys()].map(text)],
];

const cache = new Map<string, readonly Uint8Array[]>();

/** Encodes each content once only, for the sake of time. */
function encoded(content: Buffer): readonly Uint8Array[] {
  const key = content.toString('latin1');
  const lzma2 = cache.get(key) ?? liblzma.encode(content, OPTIONS);
  cache.set(key, lzma2);
  return lzma2;
}

async function streamOf(contents: readonly Buffer[], name: CheckName): Promise<Buffer> {
  const check = CHECKS[name];
  const blocks = async function* (): AsyncGenerator<EncodedBlock> {
    for (const content of contents) {
      const lzma2 = encoded(content);
      const { dictionarySize } = OPTIONS;
      const checkValue = check.compute(content);
      yield assembleBlock({ lzma2, dictionarySize, uncompressedSize: content.length, check, checkValue });
    }
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeStream(blocks(), name)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function run(command: string, args: readonly string[], input: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync(command, args, { input, maxBuffer: 2 ** 28 });
  assert.equal(status, 0, String(stderr));
  return stdout;
}

for (const [title, contents] of CASES) {
  describe(`a Stream of ${title}`, () => {
    for (const name of NAMES) {
      it(`has the specification's fields, with Check ${name}`, async () => {
        const stream = parseStream(await streamOf(contents, name));
        assert.equal(stream.checkId, CHECKS[name].id);
        assert.deepEqual(
          stream.blocks.map(block => block.uncompressedSize),
          contents.map(content => content.length),
        );
        for (const [i, block] of stream.blocks.entries()) {
          assert.deepEqual(block.check, Buffer.from(CHECKS[name].compute(contents[i] ?? Buffer.alloc(0))));
          assert.equal(block.dictionarySize, OPTIONS.dictionarySize);
        }
      });

      it(`is decoded by xz, with Check ${name}`, { skip: xz }, async () => {
        const stream = await streamOf(contents, name);
        assert.equal(run('xz', ['-dc', '-q', '-T1'], stream).compare(Buffer.concat(contents)), 0);
      });
    }

    it('is decoded by Python, and each Block by a raw LZMA2 decoder', { skip: python }, async () => {
      const stream = await streamOf(contents, 'crc64');
      const program =
        'import sys, lzma; sys.stdout.buffer.write(lzma.decompress(sys.stdin.buffer.read(), format=lzma.FORMAT_XZ))';
      assert.equal(run('python3', ['-c', program], stream).compare(Buffer.concat(contents)), 0);
      const raw = `import sys, lzma
filters = [{"id": lzma.FILTER_LZMA2, "dict_size": ${OPTIONS.dictionarySize}}]
decoder = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=filters)
sys.stdout.buffer.write(decoder.decompress(sys.stdin.buffer.read()))
assert decoder.eof and not decoder.unused_data`;
      const { blocks } = parseStream(stream);
      for (const [i, block] of blocks.slice(0, 3).entries()) {
        assert.deepEqual(run('python3', ['-c', raw], block.lzma2), contents[i]);
      }
    });
  });
}

describe('what xz says of our Streams', { skip: xz }, () => {
  it('both sizes in each Block Header, offsets and ratios as we wrote them', async () => {
    const contents = [text(1), Buffer.alloc(0), text(3)];
    const stream = await streamOf(contents, 'crc64');
    const { blocks } = parseStream(stream);
    const listed = listing(stream);
    assert.equal(listed.length, contents.length);
    let compressedAt = 12;
    let uncompressedAt = 0;
    for (const [i, block] of blocks.entries()) {
      // Columns of `xz --robot -lvv`, from "block" on; the last are header size, size flags, compressed size, filters.
      const row = listed[i] ?? [];
      const total = Math.ceil((block.headerSize + block.compressedSize) / 4) * 4 + block.check.length;
      assert.deepEqual(row.slice(4, 8).map(Number), [compressedAt, uncompressedAt, total, block.uncompressedSize]);
      assert.deepEqual(row.slice(9, 11), ['CRC64', Buffer.from(block.check).reverse().toString('hex')]);
      assert.deepEqual(row.slice(11, 14), [String(block.headerSize), 'cu', String(block.compressedSize)]);
      assert.equal(row[15], '--lzma2=dict=1MiB');
      compressedAt += total;
      uncompressedAt += block.uncompressedSize;
    }
  });

  it('a bit that flips anywhere is found', async () => {
    const stream = await streamOf([text(1), text(2)], 'crc64');
    for (let at = 0; at < stream.length; at += 23) {
      const damaged = Buffer.from(stream);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at);
      assert.notEqual(spawnSync('xz', ['-t', '-q'], { input: damaged }).status, 0, `byte ${at}`);
    }
  });
});

/** The "block" rows of `xz --robot -lvv`, which reads files only. */
function listing(stream: Buffer): string[][] {
  const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-stream-'));
  try {
    const path = join(scratch, 'stream.xz');
    writeFileSync(path, stream);
    const rows = run('xz', ['--robot', '-lvv', path], Buffer.alloc(0)).toString('latin1').split('\n');
    return rows.map(row => row.split('\t')).filter(row => row[0] === 'block');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
