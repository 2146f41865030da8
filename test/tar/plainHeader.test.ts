import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Piece } from '../../src/bytes/piece.js';
import type { TarEntry } from '../../src/model/tarEntry.js';
import { EntryDecoder } from '../../src/tar/entryDecoder.js';
import { TarFault } from '../../src/tar/fault.js';
import { MemberRun } from '../../src/tar/memberRun.js';
import { plainSize } from '../../src/tar/plainHeader.js';
import { POSIX_MAGIC, type RawEntry, record, V7_MAGIC } from '../support/tarBuilder.js';
import { checksumOf } from './walkTar.js';

const NAMES_FULL = 'n'.repeat(100);

const PLAIN: Readonly<Record<string, RawEntry>> = {
  'a file': {
    name: 'include/linux/a.h',
    content: 'x'.repeat(700),
    mtime: 1_700_000_000,
    uname: 'root',
    gname: 'wheel',
  },
  'an empty file': { name: 'a' },
  'a file of POSIX': { name: 'a', content: 'abc', magic: POSIX_MAGIC },
  'a directory': { name: 'include/', typeflag: '5', mode: 0o755 },
  'a directory that is one for its slash': { name: 'include/' },
  'a symbolic link': { name: 'a', typeflag: '2', linkname: '../b' },
  'a hard link': { name: 'a', typeflag: '1', linkname: NAMES_FULL },
  'a name that fills its field': { name: NAMES_FULL, content: 'abc' },
  'all mode bits': { name: 'a', mode: 0o7777777 },
  'numbers that fill their fields': { name: 'a', patch: { 108: '12345670', 136: '123456701234' } },
  'numbers that end with a blank': { name: 'a', patch: { 107: ' ', 115: ' ', 123: ' ', 135: ' ', 147: ' ' } },
};

const OTHER: Readonly<Record<string, RawEntry>> = {
  'an old header': { name: 'a', magic: V7_MAGIC },
  'a prefix': { name: 'a', magic: POSIX_MAGIC, prefix: 'include' },
  'no name': { name: '' },
  'a file with a content and a slash': { name: 'a/', content: 'abc' },
  'a directory with a content': { name: 'a/', typeflag: '5', content: 'abc' },
  'a link with a content': { name: 'a', typeflag: '2', linkname: 'b', content: 'abc' },
  'a long name': { name: '././@LongLink', typeflag: 'L', content: `${NAMES_FULL}\0` },
  'a pax header': { name: 'a', typeflag: 'x', content: '10 path=a\n' },
  'a device': { name: 'a', typeflag: '3' },
  'a sparse file': { name: 'a', typeflag: 'S' },
  'an unknown typeflag': { name: 'a', typeflag: 'Z' },
  'a blank before digits': { name: 'a', patch: { 108: ' ' } },
  'a number that is none': { name: 'a', patch: { 110: '8' } },
  'a number without digits': { name: 'a', patch: { 136: '\0'.repeat(12) } },
  'a base-256 number': { name: 'a', patch: { 124: `\x80${'\0'.repeat(11)}` } },
};

/** The entry that a run has of a header, decoded as it is when somebody asks; null where it is not plain. */
function ofRun(tar: Buffer): TarEntry | null {
  const run = new MemberRun(new Piece(tar), 0);
  run.addPlain(0);
  return run.members()[0]?.entry ?? null;
}

/** What the decoder of all formats makes of it; null for a fault. */
function ofDecoder(tar: Buffer): TarEntry | 'more' | 'end' | null {
  try {
    return new EntryDecoder(0).accept(new Piece(tar), 0);
  } catch (error) {
    if (error instanceof TarFault) return null;
    throw error;
  }
}

/** A header with some of its bytes changed, and mostly a checksum that holds. */
function changedHeaders(): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.nat(511),
    byte: fc.oneof(fc.constantFrom(0x00, 0x20, 0x2f, 0x30, 0x35, 0x37, 0x38, 0x80, 0xff), fc.nat(255)),
  });
  const isMended = fc.nat(9).map(n => n > 0);
  return fc
    .tuple(fc.constantFrom(...Object.values(PLAIN)), fc.array(change, { minLength: 1, maxLength: 3 }), isMended)
    .map(([entry, changes, mends]) => {
      const header = record({ ...entry, content: '' });
      for (const { at, byte } of changes) header[at] = byte;
      if (mends) header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      return header;
    });
}

describe('plain headers', () => {
  for (const [name, entry] of Object.entries(PLAIN)) {
    it(`are those of ${name}`, () => {
      const tar = record(entry);
      assert.equal(plainSize(new Piece(tar), 0), entry.content?.length ?? 0);
      assert.deepEqual(ofRun(tar), ofDecoder(tar));
    });
  }

  for (const [name, entry] of Object.entries(OTHER)) {
    it(`are not those of ${name}`, () => assert.equal(plainSize(new Piece(record(entry)), 0), -1));
  }

  it('are not one whose checksum is wrong, or has signed bytes, or a record of zeros', () => {
    const wrong = record({ name: 'a' });
    wrong.write('b', 0);
    const signed = record({ name: '\xe9' });
    signed.write(`${(checksumOf(signed) - 256).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    assert.notEqual(ofDecoder(signed), null);
    for (const header of [wrong, signed, Buffer.alloc(512)]) assert.equal(plainSize(new Piece(header), 0), -1);
  });

  it('whatever is changed in one: what is still plain is what the decoder of all formats finds', () => {
    const seen = { plain: 0, other: 0 };
    fc.assert(
      fc.property(changedHeaders(), header => {
        const size = plainSize(new Piece(header), 0);
        // With as much content as it states, unless that is too much, in whole records.
        const content = Buffer.alloc(Math.min(Math.max(0, size), 2 ** 20));
        const tar = Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
        const entry = ofRun(tar);
        seen[size < 0 ? 'other' : 'plain']++;
        if (size < 0) assert.equal(entry, null);
        else if (size < 2 ** 20) assert.deepEqual(entry, ofDecoder(tar));
        else assert.equal((ofDecoder(tar) as TarEntry).size, size);
      }),
      { numRuns: 5000 },
    );
    assert.ok(seen.plain > 500 && seen.other > 500, JSON.stringify(seen));
  });
});
