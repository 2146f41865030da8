import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Piece } from '../../src/bytes/piece.js';
import { EntryDecoder } from '../../src/tar/entryDecoder.js';
import { GNU_MAGIC, gnuEntry, POSIX_MAGIC, type RawEntry, tarOfParts } from '../support/tarBuilder.js';
import { inMemory } from './skimmed.js';
import { checksumOf } from './walkTar.js';

const RECORD = 512;
/** Numbers, typeflag and link's name begin here, and the magic ends. */
const NUMBERS = { from: 100, to: 265 };
const ANY = Array.from({ length: 256 }, (_, value) => value);
/** For names: what may end one, or begin a number. */
const TELLING = [0, 1, 0x20, 0x2f, 0x30, 0x41, 0x80, 0xff];

const HEADERS: readonly RawEntry[] = [
  { name: './include/linux/a.h', content: '#define A 1\n' },
  { name: './empty.h' },
  { name: './d/', typeflag: '5' },
  { name: './l', typeflag: '2', linkname: 'a.h' },
  { name: './h', typeflag: '1', linkname: './include/linux/a.h' },
  { name: 'a.h', prefix: 'include/linux', magic: POSIX_MAGIC, content: 'x'.repeat(513) },
  { name: 'n'.repeat(100), magic: GNU_MAGIC, content: 'y' },
];

const bytes = (entry: RawEntry): Buffer => gnuEntry(entry).subarray(0, RECORD);

/** Where the decoder says that an entry ends which has this header alone, or null. */
function endOf(header: Buffer): number | null {
  const decoder = new EntryDecoder(0);
  try {
    return typeof decoder.accept(new Piece(header), 0) === 'object' ? decoder.offset : null;
  } catch {
    return null;
  }
}

describe('plain members', () => {
  it('are what they are made from', () => {
    for (const header of HEADERS) {
      const { view, plain } = inMemory(bytes(header));
      assert.deepEqual(plain.runAt(view, 0), { members: 1, size: endOf(bytes(header)) }, header.name);
    }
  });

  it('are entries that end at the same byte for the decoder, whichever byte of a header is changed to what', () => {
    const seen = { plain: 0, others: 0, forDecoderToo: 0 };
    for (const raw of HEADERS) {
      const { view, plain } = inMemory(bytes(raw));
      for (let at = 0; at < RECORD; at++) {
        for (const value of at >= NUMBERS.from && at < NUMBERS.to ? ANY : TELLING) {
          const header = bytes(raw);
          header[at] = value;
          // Of those whose checksum would not hold any more, what else they say counts.
          if (at < 148 || at >= 156)
            header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
          view.set(header);
          const { members, size } = plain.runAt(view, 0);
          const end = endOf(header);
          if (members === 1) {
            seen.plain++;
            assert.equal(end, size, `${raw.name}: byte ${at} is ${value}`);
          } else {
            assert.deepEqual({ members, size }, { members: 0, size: 0 });
            seen.others++;
            if (end === null) seen.forDecoderToo++;
          }
        }
      }
    }
    assert.ok(seen.plain > 100_000 && seen.others > 50_000 && seen.forDecoderToo > 20_000, JSON.stringify(seen));
  });

  it('have the checksum that they state', () => {
    const { view, plain } = inMemory(bytes(HEADERS[0] as RawEntry));
    for (let at = 0; at < RECORD; at++) {
      const header = bytes(HEADERS[0] as RawEntry);
      header[at] = (header[at] as number) ^ 1;
      view.set(header);
      assert.equal(plain.runAt(view, 0).members, 0, `byte ${at}`);
    }
    const all = Buffer.from(bytes(HEADERS[0] as RawEntry));
    all.fill(0xff, 0, 99).fill(0xff, 157, 256).fill(0xff, 265, 512);
    all.write(`${checksumOf(all).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    view.set(all);
    assert.equal(plain.runAt(view, 0).members, 1, 'however large it is');
  });

  it('are gone past as far as their headers are there', () => {
    const tar = tarOfParts(...HEADERS);
    const { view, plain } = inMemory(tar);
    const ends = HEADERS.map((_, i) => tarOfParts(...HEADERS.slice(0, i + 1)).length - tarOfParts().length);
    for (let there = 0; there <= tar.length; there++) {
      const starts = [0, ...ends.slice(0, -1)];
      const members = starts.filter(start => start + RECORD <= there).length;
      const run = plain.runAt(view.subarray(0, there), 0);
      assert.deepEqual(run, { members, size: members === 0 ? 0 : ends[members - 1] }, `${there} bytes`);
    }
  });

  it('may follow behind records that begin neither a member nor an end', () => {
    const member = bytes(HEADERS[0] as RawEntry);
    const other = Buffer.alloc(RECORD, 'ustar ');
    const halfZeros = Buffer.alloc(RECORD).fill(1, 8);
    for (const [records, expected] of [
      [[other, other, member], 2],
      [[other, Buffer.alloc(RECORD)], 1],
      [[other, halfZeros, member], 1],
      [[member], 0],
      [[other, other], 2],
    ] as const) {
      const { view, plain } = inMemory(Buffer.concat([...records, Buffer.from('a part')]));
      assert.equal(plain.othersAt(view, 0), expected * RECORD);
    }
  });
});
