import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import {
  BLOCKING_SIZE,
  type EntryMetadata,
  endOfArchiveSize,
  entryHeaderSize,
  entrySize,
  RECORD_SIZE,
  roundUpRecord,
  writeEntryHeaders,
} from '../../src/tar/entryHeader.js';
import { checksumOf, membersOf, sizeOf, storedChecksum } from './walkTar.js';

const name = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength }).map(codes => String.fromCharCode(...codes));

const regular = fc.record({ name: name(700), size: fc.nat(3000), mtime: fc.nat() }).map(
  (fields): EntryMetadata => ({
    ...fields,
    name: fromLatin1(fields.name),
    typeflag: '0',
    mode: 0o644,
    linkname: fromLatin1(''),
  }),
);
const link = fc
  .record({ name: name(300), linkname: name(700), typeflag: fc.constantFrom<'1' | '2'>('1', '2'), mtime: fc.nat() })
  .map(
    (fields): EntryMetadata => ({
      ...fields,
      name: fromLatin1(fields.name),
      linkname: fromLatin1(fields.linkname),
      mode: 0o644,
      size: 0,
    }),
  );
const entry = fc.oneof(regular, link);

test('an entry takes as many bytes as its size says, and its checksums hold', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 6 }), entries => {
      const size = entries.reduce((sum, one) => sum + entrySize(one), 0);
      const tar = Buffer.alloc(size + endOfArchiveSize(size));
      const starts: number[] = [];
      let at = 0;
      for (const one of entries) {
        starts.push(at);
        assert.equal(writeEntryHeaders(one, tar, at) - at, entryHeaderSize(one));
        at += entrySize(one);
      }
      const members = membersOf(tar);
      assert.deepEqual(
        members.map(member => [member.start, member.typeflag]),
        entries.map((one, i) => [starts[i], one.typeflag]),
      );
      assert.equal(members.at(-1)?.end ?? 0, size);
    }),
  );
});

test('every size that a number holds exactly is read back', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), size => {
      const header = Buffer.alloc(RECORD_SIZE);
      const { typeflag, mode, linkname } = { typeflag: '0', mode: 0o644, linkname: fromLatin1('') } as const;
      writeEntryHeaders({ name: fromLatin1('x'), typeflag, mode, linkname, mtime: 0, size }, header, 0);
      assert.equal(sizeOf(header), size);
      assert.equal(storedChecksum(header), checksumOf(header));
    }),
    { examples: [[2 ** 33 - 1], [2 ** 33], [2 ** 53 - 1]] },
  );
});

test('contents are padded to whole tar blocks', () => {
  assert.deepEqual([0, 1, 511, 512, 513].map(roundUpRecord), [0, 512, 512, 512, 1024]);
});

test('an archive ends with two blocks of zeros at least, and fills a multiple of 10,240 bytes with the fewest', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), count => {
      const size = count * RECORD_SIZE;
      const end = endOfArchiveSize(size);
      assert.equal((size + end) % BLOCKING_SIZE, 0);
      assert.ok(end >= 2 * RECORD_SIZE && end < 2 * RECORD_SIZE + BLOCKING_SIZE);
    }),
    { examples: [[0], [18], [19], [20]] },
  );
});
