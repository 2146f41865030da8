import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkContainer } from '../../../src/archive/reading/checkContainer.js';
import { withArchive } from '../../../src/archive/reading/open.js';
import { CHECKS, type CheckName } from '../../../src/xz/check.js';
import { scratch } from '../../support/scratch.js';
import {
  blockHeader,
  index,
  LZMA2_FLAGS,
  padded,
  stored,
  storedBlock,
  stream,
  streamFooter,
  streamHeader,
  vli,
} from '../../xz/buildXz.js';
import { fileOf, fromFile, fromPipe } from './reader.js';

/**
 * What the parts of an .xz file say of each other, by the specification's sections: each archive is right but for the one
 * thing. A part by itself is tested in `test/xz/`.
 */
const work = scratch({ after });
const CONTENT = Buffer.from('#define A 1\n');
const NAMES = Object.keys(CHECKS) as CheckName[];
const FLAGS = [0, CHECKS.crc32.id] as const;
const BLOCK = storedBlock(CONTENT, CHECKS.crc32.compute(CONTENT));
const RECORD = [BLOCK.header.length + BLOCK.data.length + BLOCK.check.length, CONTENT.length] as const;
const GOOD = stream(CHECKS.crc32.id, [BLOCK]);

/** The verdict from a file and from a pipe, which has to be the same. */
async function verdictOf(archive: Buffer): Promise<{ verdict: string; reason: string }> {
  const path = fileOf(work, 'archive.xz', archive);
  const [file, pipe] = [await checkContainer(fromFile(path)), await checkContainer(fromPipe(archive, {}, 7))];
  assert.equal(pipe.verdict, file.verdict, `from a file: ${file.fault?.reason}; from a pipe: ${pipe.fault?.reason}`);
  return { verdict: file.verdict, reason: `${file.fault?.reason} / ${pipe.fault?.reason}` };
}

async function assertVerdict(expected: 'good' | 'bad', archive: Buffer, what: string): Promise<void> {
  const { verdict, reason } = await verdictOf(archive);
  assert.equal(verdict, expected, `${what}: ${reason}`);
}

/** A Stream of the one Block, with these bytes for its Index and its Stream Footer. */
function withEnd(listed: Buffer, footer: Buffer): Buffer {
  const block = Buffer.concat([padded(Buffer.concat([BLOCK.header, BLOCK.data])), BLOCK.check]);
  return Buffer.concat([streamHeader(FLAGS), block, listed, footer]);
}

function withIndex(listed: Buffer): Buffer {
  return withEnd(listed, streamFooter(listed.length, FLAGS));
}

test('the archives of these tests are good, but for the one thing', async () => {
  await assertVerdict('good', GOOD, 'built as a whole');
  assert.ok(withIndex(index([RECORD])).equals(GOOD));
});

test('section 2: a file whose size is no multiple of four is bad', async () => {
  for (const more of [1, 2, 3, 5]) {
    await assertVerdict('bad', Buffer.concat([GOOD, Buffer.alloc(more)]), `${more} null bytes more`);
  }
  for (const less of [1, 2, 3]) await assertVerdict('bad', GOOD.subarray(0, -less), `${less} bytes less`);
});

test('section 2: several Streams are read as one, and what follows the last and is no Stream is bad', async () => {
  await assertVerdict('good', Buffer.concat([GOOD, GOOD, stream(CHECKS.none.id, [])]), 'three Streams');
  await assertVerdict('bad', Buffer.concat([GOOD, Buffer.from('garbage.')]), 'garbage');
  await assertVerdict('bad', Buffer.concat([GOOD, GOOD.subarray(0, 12)]), 'half a Stream');
});

test('section 2.1: Stream Header, Index and Stream Footer are always there', async () => {
  const listed = index([]);
  const parts = [streamHeader(FLAGS), listed, streamFooter(listed.length, FLAGS)];
  await assertVerdict('good', Buffer.concat(parts), 'no Block');
  for (const [i, name] of ['Stream Header', 'Index', 'Stream Footer'].entries()) {
    await assertVerdict('bad', Buffer.concat(parts.toSpliced(i, 1)), `without ${name}`);
  }
});

test('section 2.1: contents that come to more than can be counted are refused', async () => {
  const records = [...[1, 2].map(() => [RECORD[0], 2n ** 52n] as const)];
  const blocks = [1, 2].map(() => Buffer.concat([padded(Buffer.concat([BLOCK.header, BLOCK.data])), BLOCK.check]));
  const listed = index(records);
  const archive = Buffer.concat([streamHeader(FLAGS), ...blocks, listed, streamFooter(listed.length, FLAGS)]);
  const { verdict, fault } = await checkContainer(fromFile(fileOf(work, 'large.xz', archive)));
  assert.deepEqual([verdict, fault?.reason], ['unsupported', 'its contents are over 2^53 - 1 bytes']);
  assert.equal((await checkContainer(fromPipe(archive))).verdict, 'bad');
});

test('section 2.1.1.2: a Stream with a Check that nobody knows yet is read, and is not good', async () => {
  for (const [id, size] of [
    [0x02, 4],
    [0x0f, 64],
  ] as const) {
    const { verdict, reason } = await verdictOf(stream(id, [{ ...BLOCK, check: Buffer.alloc(size, 0x5a) }]));
    assert.equal(verdict, 'unsupported', reason);
  }
});

test('section 2.1.2.2: a Backward Size that is not the size of the Index is bad', async () => {
  const listed = index([RECORD]);
  for (const size of [4, listed.length - 4, listed.length + 4, listed.length + 8, 2 ** 20, 2 ** 34]) {
    if (size !== listed.length) await assertVerdict('bad', withEnd(listed, streamFooter(size, FLAGS)), `${size} bytes`);
  }
});

test('section 2.1.2.3: Stream Flags that differ between Stream Header and Stream Footer are bad', async () => {
  const listed = index([RECORD]);
  for (const id of [0x00, 0x02, 0x04, 0x0a]) {
    await assertVerdict('bad', withEnd(listed, streamFooter(listed.length, [0, id])), `Check ${id}`);
  }
});

test('section 2.2: Stream Padding is null bytes, a multiple of four of them, between Streams and behind them', async () => {
  for (const size of [0, 4, 8, 70_000]) {
    await assertVerdict('good', Buffer.concat([GOOD, Buffer.alloc(size), GOOD, Buffer.alloc(size)]), `${size} bytes`);
  }
  for (const size of [1, 2, 3, 6, 70_001]) {
    await assertVerdict(
      'bad',
      Buffer.concat([GOOD, Buffer.alloc(size), GOOD, Buffer.alloc(8 - (size % 4))]),
      `${size} bytes`,
    );
  }
  for (const at of [0, 3, 4, 7]) {
    const padding = Buffer.alloc(8);
    padding[at] = 1;
    await assertVerdict('bad', Buffer.concat([GOOD, padding, GOOD]), `byte ${at} between Streams`);
    await assertVerdict('bad', Buffer.concat([GOOD, padding]), `byte ${at} at the end`);
  }
  await assertVerdict('bad', Buffer.concat([Buffer.alloc(4), GOOD]), 'before the first Stream');
});

test('section 3.1.3: a Compressed Size that is not that of the Compressed Data is bad', async () => {
  const { length } = BLOCK.data;
  for (const size of [1, length - 1, length + 1, length + 4, 2 ** 30]) {
    const header = blockHeader(0x40, [vli(size), LZMA2_FLAGS]);
    await assertVerdict('bad', stream(FLAGS[1], [{ ...BLOCK, header }]), `${size} instead of ${length}`);
  }
  const header = blockHeader(0x40, [vli(length), LZMA2_FLAGS]);
  await assertVerdict('good', stream(FLAGS[1], [{ ...BLOCK, header }]), 'the right one');
});

test('section 3.1.4: an Uncompressed Size that is not that of the contents is bad', async () => {
  const { length } = CONTENT;
  for (const size of [0, length - 1, length + 1, 2 ** 30]) {
    const header = blockHeader(0x80, [vli(size), LZMA2_FLAGS]);
    await assertVerdict('bad', stream(FLAGS[1], [{ ...BLOCK, header }]), `${size} instead of ${length}`);
  }
  const header = blockHeader(0x80, [vli(length), LZMA2_FLAGS]);
  await assertVerdict('good', stream(FLAGS[1], [{ ...BLOCK, header }]), 'the right one');
});

test('section 3.3: Block Padding is null bytes, as many as a multiple of four needs', async () => {
  for (const size of [9, 10, 11, 12]) {
    const content = CONTENT.subarray(0, size);
    const block = storedBlock(content, CHECKS.crc32.compute(content));
    const archive = stream(FLAGS[1], [block]);
    await assertVerdict('good', archive, `${size} bytes`);
    const from = 12 + block.header.length + block.data.length;
    for (let at = from; at % 4 !== 0; at++) {
      const changed = Buffer.from(archive);
      changed[at] = 1;
      await assertVerdict('bad', changed, `${size} bytes, byte ${at}`);
    }
  }
});

test('section 3.4: a Check that is not that of the contents is bad, whichever it is', async () => {
  for (const name of NAMES.filter(each => each !== 'none')) {
    const check = CHECKS[name].compute(CONTENT);
    await assertVerdict('good', stream(CHECKS[name].id, [storedBlock(CONTENT, check)]), name);
    for (let at = 0; at < check.length; at++) {
      const changed = Uint8Array.from(check, (byte, i) => (i === at ? byte ^ 0x80 : byte));
      await assertVerdict('bad', stream(CHECKS[name].id, [storedBlock(CONTENT, changed)]), `${name}, byte ${at}`);
    }
  }
});

test('section 3.4: the Check is that of the contents before the filters', async () => {
  const header = blockHeader(1, [Buffer.from([0x03, 1, 0]), LZMA2_FLAGS]);
  const encoded = CONTENT.map((byte, i) => byte - (CONTENT[i - 1] ?? 0));
  const block = { header, data: stored(encoded), content: CONTENT, check: CHECKS.crc32.compute(CONTENT) };
  await assertVerdict('good', stream(FLAGS[1], [block]), 'of the contents');
  await assertVerdict('bad', stream(FLAGS[1], [{ ...block, check: CHECKS.crc32.compute(encoded) }]), 'of the filtered');
});

test('section 4.2: a Number of Records that is not that of the Blocks is bad', async () => {
  await assertVerdict('bad', withIndex(index([])), 'none');
  await assertVerdict('bad', withIndex(index([RECORD, RECORD])), 'two');
  for (const count of [0, 2, 3, 200, 2n ** 40n])
    await assertVerdict('bad', withIndex(index([RECORD], count)), `${count} of one`);
});

test('section 4.3: a Record that is not what its Block is is bad', async () => {
  const [unpadded, uncompressed] = RECORD;
  for (const change of [-8, -4, -1, 1, 4, 8, 2 ** 40]) {
    await assertVerdict('bad', withIndex(index([[unpadded + change, uncompressed]])), `Unpadded Size ${change}`);
    await assertVerdict('bad', withIndex(index([[unpadded, uncompressed + change]])), `Uncompressed Size ${change}`);
  }
});

test('section 4.3: two Records that were swapped are bad, though their sums are right', async () => {
  const longer = storedBlock(
    Buffer.concat([CONTENT, CONTENT]),
    CHECKS.crc32.compute(Buffer.concat([CONTENT, CONTENT])),
  );
  const archive = stream(FLAGS[1], [BLOCK, longer]);
  const end = index([RECORD, [longer.header.length + longer.data.length + 4, 24]]);
  const swapped = index([[longer.header.length + longer.data.length + 4, 24], RECORD]);
  assert.equal(swapped.length, end.length);
  const body = archive.subarray(0, archive.length - 12 - end.length);
  await assertVerdict('bad', Buffer.concat([body, swapped, streamFooter(swapped.length, FLAGS)]), 'swapped');
});

test('section 4.3: a Block that is read by itself has the sizes of its Record, or is bad', async () => {
  const [unpadded, uncompressed] = RECORD;
  const readFirst = (archive: Buffer): Promise<void> =>
    withArchive(fromFile(fileOf(work, 'range.xz', archive)), async open => {
      for await (const _ of open.readRange(0, 1)) break;
    });
  await readFirst(withIndex(index([RECORD])));
  for (const change of [-1, 1, 4]) {
    await assert.rejects(readFirst(withIndex(index([[unpadded, uncompressed + change]]))), { code: 'E_BAD_XZ' });
    await assert.rejects(readFirst(withIndex(index([[unpadded - 1, uncompressed]]))), { code: 'E_BAD_XZ' });
  }
});

// A Block Header that agreed with its contents, and not with the Index, gave all of them before the end told.
test('section 4.3: a Block that is decoded in steps gives no more than its Record says', async () => {
  const MIB = 2 ** 20;
  const content = Buffer.alloc(9 * MIB, 'kernel headers ');
  const header = blockHeader(0x80, [vli(content.length), LZMA2_FLAGS]);
  const archive = stream(CHECKS.none.id, [
    { header, data: stored(content), check: Buffer.alloc(0), content: content.subarray(0, 8 * MIB) },
  ]);
  let given = 0;
  const settings = fromFile(fileOf(work, 'steps.xz', archive), { memoryLimit: 17 * MIB });
  const reading = withArchive(settings, async open => {
    for await (const piece of open.read()) given += piece.length;
  });
  await assert.rejects(reading, { code: 'E_BAD_XZ' });
  assert.ok(given <= 8 * MIB, `${given} bytes`);
});
