import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { TarEntry } from '../../src/model/tarEntry.js';
import { readMembers, readTar } from '../../src/tar/readTar.js';
import { scratch } from '../support/scratch.js';
import {
  GNU_MAGIC,
  gnuEntry,
  PIXZ_INDEX,
  POSIX_MAGIC,
  paxHeader,
  type RawEntry,
  record,
  tarOfParts,
  V7_MAGIC,
} from '../support/tarBuilder.js';
import { gnuTar, noGnuTar } from './gnuTar.js';
import { membersOf } from './walkTar.js';

async function* pieces(tar: Buffer, sizes: () => number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < tar.length; ) {
    const end = Math.min(tar.length, at + sizes());
    yield tar.subarray(at, end);
    at = end;
  }
}

interface Read {
  readonly entry: TarEntry;
  readonly content: string;
}

/** Every entry with its content as a byte string. */
async function readAll(tar: Buffer, sizes: () => number = () => 65_536): Promise<Read[]> {
  const read: Read[] = [];
  for await (const { entry, content } of readTar(pieces(tar, sizes), 'a.tar')) {
    const ready = content.ready();
    const parts = ready === null ? [] : [ready];
    if (ready === null) for await (const part of content) parts.push(part);
    read.push({ entry, content: Buffer.concat(parts).toString('latin1') });
  }
  return read;
}

async function readOne(...parts: readonly (RawEntry | Buffer)[]): Promise<TarEntry> {
  const [first, ...others] = await readAll(tarOfParts(...parts));
  assert.ok(first !== undefined && others.length === 0);
  return first.entry;
}

/** Asserts that a tar is refused, naming the byte of the tar and the reason. */
async function assertBad(tar: Buffer, offset: number, reason: RegExp): Promise<void> {
  await assert.rejects(readAll(tar), (error: Error & { code?: string; facts?: { path: string; offset: number } }) => {
    assert.equal(error.code, 'E_BAD_TAR', error.stack);
    assert.equal(error.facts?.path, 'a.tar');
    assert.match(error.message, reason);
    assert.equal(error.facts?.offset, offset, error.message);
    return true;
  });
}

const work = scratch({ after });
mkdirSync(join(work, 'd'));
writeFileSync(join(work, 'd/x.h'), 'x\n');
writeFileSync(join(work, 'large'), Buffer.alloc(100_001, 'large '));
linkSync(join(work, 'large'), join(work, 'same'));
symlinkSync('d/x.h', join(work, 'link'));
const LONG = `${'n'.repeat(120)}`;
writeFileSync(join(work, LONG), 'long\n');
symlinkSync('t/'.repeat(100), join(work, 'far'));
for (const name of ['d/x.h', 'large']) utimesSync(join(work, name), 1_700_000_000, 1_700_000_000);
const SHORT_NAMES = ['d', 'd/x.h', 'large', 'same', 'link'];
const NAMES = [...SHORT_NAMES, LONG, 'far'];

describe('a tar by GNU tar reads as what went in, in format', { skip: noGnuTar }, () => {
  const FORMATS = { gnu: 'gnu', oldgnu: 'gnu', pax: 'pax', ustar: 'ustar', v7: 'v7' } as const;
  for (const [format, expected] of Object.entries(FORMATS)) {
    it(format, async () => {
      const names = expected === 'gnu' || expected === 'pax' ? NAMES : SHORT_NAMES;
      const tar = gnuTar(work, names, [`--format=${format}`]);
      const read = await readAll(tar);
      assert.deepEqual(
        read.map(({ entry }) => entry.name),
        names.map(name => (name === 'd' ? 'd/' : name)),
      );
      assert.deepEqual(read.map(({ entry }) => entry.typeflag).slice(0, 5), ['5', '0', '0', '1', '2']);
      assert.deepEqual(new Set(read.map(({ entry }) => entry.format)), new Set([expected]));
      assert.equal(read[1]?.entry.mtime, 1_700_000_000);
      assert.deepEqual([read[1]?.content, read[2]?.content], ['x\n', 'large '.repeat(20_000).slice(0, 100_001)]);
      assert.deepEqual([read[3]?.entry.linkname, read[3]?.entry.size], ['large', 0]);
      assert.equal(read[4]?.entry.linkname, 'd/x.h');
      if (names === NAMES) assert.equal(read[6]?.entry.linkname, 't/'.repeat(100));
      assert.deepEqual(
        read.map(({ entry }) => entry.offset),
        membersOf(tar).map(({ start }) => start),
      );
      for (const { entry, content } of read) {
        assert.equal(tar.toString('latin1', entry.contentOffset, entry.contentOffset + entry.size), content);
      }
    });
  }

  it('with a label and as an incremental backup: the typeflags are kept', async () => {
    const typeflags = async (...options: string[]): Promise<string> =>
      (await readAll(gnuTar(work, SHORT_NAMES, options))).map(({ entry }) => entry.typeflag).join('');
    assert.equal(await typeflags('--format=gnu', '-V', 'a label'), 'V50012');
    assert.match(await typeflags('--format=gnu', '-g', join(work, 'snapshot')), /^D/);
  });

  const SPARSE_FORMATS = ['--format=gnu', ...['0.0', '0.1', '1.0'].map(version => `--sparse-version=${version}`)];
  for (const format of SPARSE_FORMATS) {
    it(`a sparse file reads as typeflag S under its own name (${format})`, async () => {
      writeFileSync(join(work, 'sparse'), 'start');
      truncateSync(join(work, 'sparse'), 2 ** 20);
      const read = await readAll(
        gnuTar(work, ['sparse', 'd/x.h'], ['-S', ...(format.startsWith('--format') ? [] : ['--format=pax']), format]),
      );
      assert.deepEqual(
        read.map(({ entry }) => [entry.name, entry.typeflag]),
        [
          ['sparse', 'S'],
          ['d/x.h', '0'],
        ],
      );
    });
  }
});

describe('an entry reads the same', { skip: noGnuTar }, () => {
  it('however the bytes come', async () => {
    for (const format of ['gnu', 'pax']) {
      const tar = gnuTar(work, NAMES, [`--format=${format}`]);
      const whole = await readAll(tar, () => tar.length);
      assert.deepEqual(await readAll(tar, () => 1), whole);
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 10_000 })), async sizes => {
          assert.deepEqual(await readAll(tar, () => sizes.next().value ?? 1), whole);
        }),
        { numRuns: 25 },
      );
    }
  });

  it('whether the contents before it were read, in part or not at all', async () => {
    const tar = gnuTar(work, NAMES, ['--format=gnu']);
    const whole = (await readAll(tar)).map(({ entry }) => entry);
    for (const parts of [0, 1]) {
      const entries: TarEntry[] = [];
      for await (const { entry, content } of readTar(
        pieces(tar, () => 1000),
        'a.tar',
      )) {
        entries.push(entry);
        if (parts > 0) for await (const _ of content) break;
      }
      assert.deepEqual(entries, whole);
    }
  });

  it('with its content at once where it is there in one piece, and once only', async () => {
    const tar = tarOfParts({ name: 'a', content: 'abc' }, { name: 'b', content: '' });
    const read: (string | number | undefined)[][] = [];
    for await (const { entry, content } of readTar(
      pieces(tar, () => 600),
      'a.tar',
    )) {
      const [all, more] = [content.ready(), content.ready()];
      read.push([entry.name, all === null ? undefined : Buffer.from(all).toString(), more?.length]);
    }
    assert.deepEqual(read, [
      ['a', 'abc', 0],
      ['b', '', 0],
    ]);
    for await (const { content } of readTar(
      pieces(tar, () => 514),
      'a.tar',
    )) {
      assert.equal(content.ready(), null);
      break;
    }
  });

  it('together with those that lie in the same piece, and before what is wrong behind them', async () => {
    const part = (...names: string[]): Buffer[] => names.map(name => record({ name, content: name.repeat(9) }));
    const [first, second, rest] = [part('a', 'b', 'c'), part('d', 'e'), part('f')].map(parts => Buffer.concat(parts));
    const tar = Buffer.concat([first as Buffer, second as Buffer, rest as Buffer, Buffer.alloc(512, 'x')]);
    const ends = [(first as Buffer).length, (second as Buffer).length - 500, tar.length];
    const together: string[][] = [];
    const reading = (async () => {
      for await (const members of readMembers(
        pieces(tar, () => ends.shift() as number),
        'a.tar',
      )) {
        const names: string[] = [];
        for (const { entry, content } of members) {
          let read = '';
          for await (const piece of content) read += Buffer.from(piece).toString();
          assert.equal(read, entry.name.repeat(9));
          names.push(entry.name);
        }
        together.push(names);
      }
    })();
    await assert.rejects(reading, { code: 'E_BAD_TAR' });
    assert.deepEqual(together, [['a'], ['b', 'c'], ['d'], ['e'], ['f']]);
  });

  it('from its own first header on', async () => {
    const tar = gnuTar(work, NAMES, ['--format=gnu']);
    for (const { entry } of await readAll(tar)) {
      const rest = readTar(
        pieces(tar.subarray(entry.offset), () => 700),
        'a.tar',
        entry.offset,
      );
      for await (const again of rest) {
        assert.deepEqual(again.entry, entry);
        break;
      }
    }
  });
});

it('who stops early stops the reading of the bytes', async () => {
  let stopped = false;
  const bytes = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) yield record({ name: 'a', content: 'a' });
    } finally {
      stopped = true;
    }
  };
  for await (const { entry } of readTar(bytes(), 'a.tar')) {
    assert.equal(entry.name, 'a');
    break;
  }
  assert.ok(stopped);
});

describe('numbers are read', () => {
  it('in octal, with blanks or NULs around them, and as 0 where there are none', async () => {
    const of = async (patch: Record<number, string>): Promise<TarEntry> => readOne({ name: 'a', patch });
    assert.equal((await of({ 100: '   644 \0' })).mode, 0o644);
    assert.equal((await of({ 100: '100755 \0' })).mode, 0o755);
    assert.equal((await of({ 100: '0000644\x20' })).mode, 0o644);
    assert.equal((await of({ 108: '\0'.repeat(8) })).uid, 0);
    assert.equal((await of({ 136: '77777777777 ' })).mtime, 8 ** 11 - 1);
    assert.equal((await of({ 136: '777777777777' })).mtime, 8 ** 12 - 1);
  });

  it('in base-256, negative ones too', async () => {
    const of = async (patch: Record<number, string>): Promise<TarEntry> => readOne({ name: 'a', patch });
    assert.equal((await of({ 136: `\x80${'\0'.repeat(6)}\x02\0\0\0\x05` })).mtime, 2 ** 33 + 5);
    assert.equal((await of({ 136: '\xff'.repeat(12) })).mtime, -1);
    assert.equal((await of({ 108: '\x80\0\0\0\x80\0\0\0' })).uid, 2 ** 31);
    const large = await readAll(
      Buffer.concat([
        record({ name: 'a', patch: { 124: `\x80${'\0'.repeat(10)}\x03` } }).subarray(0, 512),
        record({ name: '' }).fill(0x61, 0, 3).fill(0, 3),
        Buffer.alloc(1024),
      ]),
    );
    assert.deepEqual([large[0]?.entry.size, large[0]?.content], [3, 'aaa']);
  });

  it('in pax headers, which come before those of the entry header, times with their fractions', async () => {
    const entry = await readOne(paxHeader({ mtime: '-1.5', uid: '4000000000', size: '0', uname: '\xff' }), {
      name: 'a',
      mtime: 7,
    });
    assert.deepEqual([entry.mtime, entry.uid, entry.uname, entry.format], [-1.5, 4_000_000_000, '\xff', 'pax']);
    const { mtime } = await readOne(paxHeader({ mtime: '1700000000.123456789' }), { name: 'a' });
    assert.ok(Math.abs(mtime - 1_700_000_000.123456) < 1e-6, String(mtime));
  });

  it('of devices, where they are said to be one: V7 has no such fields', async () => {
    const patch = { 329: '0000010\0', 337: '0000003\0' };
    for (const magic of [GNU_MAGIC, POSIX_MAGIC]) {
      const { devmajor, devminor } = await readOne({ name: 'a', typeflag: '3', magic, patch });
      assert.deepEqual([devmajor, devminor], [8, 3]);
    }
    for (const other of [{ typeflag: '4', magic: V7_MAGIC }, { typeflag: '0' }]) {
      const { devmajor, devminor } = await readOne({ name: 'a', ...other, patch });
      assert.deepEqual([devmajor, devminor], [0, 0]);
    }
  });

  // GNU tar, Python's tarfile and libarchive read 0 there, and the content as entries; we read the digits.
  it('or refused: digits behind a NUL', async () => {
    for (const text of ['\0\0\0\0\x000000644', '\x0000000000644', '  \x00000000644 ', `${'\0'.repeat(11)}7`]) {
      await assertBad(tarOfParts({ name: 'a', patch: { 124: text.slice(0, 12) } }), 124, /expected a number/);
    }
    assert.equal((await readOne({ name: 'a', patch: { 124: ' \0 \0        ' } })).size, 0);
  });

  it('or refused: letters, negative sizes, what is no safe integer', async () => {
    for (const [at, text, offset] of [
      [100, 'rw-r--r-', 100],
      [124, '-0000000001 ', 124],
      [124, '00000000008 ', 124],
      [124, '\xff'.repeat(12), 124],
      [124, `\x80${'\xff'.repeat(11)}`, 124],
      [136, `\x80${'\xff'.repeat(11)}`, 136],
    ] as const) {
      await assertBad(tarOfParts({ name: 'a', patch: { [at]: text } }), offset, /expected a number/);
    }
    await assertBad(tarOfParts({ name: 'a', typeflag: '4', patch: { 337: 'minor' } }), 337, /expected a number/);
    const large = tarOfParts({ name: 'a', patch: { 136: `\x80${'\xff'.repeat(11)}` } });
    await assertBad(large, 136, /expected a number of at most 53 bits/);
    await assertBad(tarOfParts(paxHeader({ size: '1e3' }), { name: 'a' }), 0, /pax header's size is no number/);
    // To GNU tar these are no numbers, and it takes the entry header's; to others they are.
    for (const wrong of [{ size: '-1' }, { size: '1024.5' }, { size: '1.' }, { uid: '-2' }, { gid: '1.5' }]) {
      const [keyword] = Object.keys(wrong);
      await assertBad(
        tarOfParts(paxHeader(wrong), { name: 'a' }),
        0,
        new RegExp(`pax header's ${keyword} is no number`),
      );
    }
    await assertBad(tarOfParts({ name: 'a', patch: { 124: ' '.repeat(12) } }), 124, /from 0 on, found blanks/);
    await assertBad(tarOfParts(paxHeader({ mtime: '99999999999999999999' }), { name: 'a' }), 0, /mtime is no number/);
  });
});

describe('names are read', () => {
  it('over all 100 bytes of the field, behind a prefix in POSIX format alone, and from L, K and pax', async () => {
    const full = 'n'.repeat(100);
    assert.equal((await readOne({ name: full })).name, full);
    assert.equal((await readOne({ name: 'a', prefix: 'p/q', magic: POSIX_MAGIC })).name, 'p/q/a');
    assert.equal(
      (await readOne({ name: 'a', prefix: 'p'.repeat(155), magic: POSIX_MAGIC })).name,
      `${'p'.repeat(155)}/a`,
    );
    assert.equal((await readOne({ name: 'a', prefix: 'p/q' })).name, 'a');
    assert.equal((await readOne({ name: 'a', prefix: 'p/q', magic: V7_MAGIC })).name, 'a');
    const long = await readOne({ name: 'n'.repeat(5000), linkname: 'l'.repeat(5000), typeflag: '2' });
    assert.deepEqual([long.name, long.linkname], ['n'.repeat(5000), 'l'.repeat(5000)]);
    const pax = await readOne(paxHeader({ path: 'caf\xc3\xa9', linkpath: '\xff' }), { name: 'a', typeflag: '2' });
    assert.deepEqual([pax.name, pax.linkname], ['caf\xc3\xa9', '\xff']);
  });

  it('with every NUL that they hold', async () => {
    assert.equal((await readOne(paxHeader({ path: 'a\0b' }), { name: 'a' })).name, 'a\0b');
    const long = record({ name: '././@LongLink', typeflag: 'L', content: 'a\0b\0' });
    assert.equal((await readOne(long, { name: 'a' })).name, 'a\0b');
  });

  // GNU tar and Python's tarfile read on in the padding, up to a NUL; others stop where the size says.
  it('or refused, where a long one has no end', async () => {
    for (const typeflag of ['L', 'K']) {
      const long = record({ name: '././@LongLink', typeflag, content: 'abcdef', size: 3 });
      await assertBad(tarOfParts(long, { name: 'a', typeflag: '2' }), 512, /a long name has no NUL at its end/);
      const ended = record({ name: '././@LongLink', typeflag, content: 'abc' });
      const { name, linkname } = await readOne(ended, { name: 'a', typeflag: '2' });
      assert.equal(typeflag === 'L' ? name : linkname, 'abc');
    }
  });

  // GNU tar takes the last of two, Python's tarfile the first; of a long name and a path they differ, too.
  it('or refused, where there are two for one entry', async () => {
    const link = { name: 'a', typeflag: '2', linkname: 'b' };
    const long = (typeflag: string): Buffer => record({ name: '././@LongLink', typeflag, content: 'c\0' });
    for (const typeflag of ['L', 'K']) {
      await assertBad(tarOfParts(long(typeflag), long(typeflag), link), 1024, /two headers of type "[LK]"/);
    }
    await assertBad(
      tarOfParts(paxHeader({ uid: '1' }), paxHeader({ gid: '2' }), link),
      1024,
      /two headers of type "x"/,
    );
    await assertBad(tarOfParts(long('L'), paxHeader({ path: 'd' }), link), 2048, /two long names/);
    await assertBad(tarOfParts(paxHeader({ linkpath: 'd' }), long('K'), link), 2048, /two long targets/);
    const both = await readOne(long('K'), paxHeader({ path: 'd' }), link);
    assert.deepEqual([both.name, both.linkname], ['d', 'c']);
    const read = await readAll(tarOfParts(long('L'), link, long('L'), link, paxHeader({ uid: '1' }), link));
    assert.deepEqual(
      read.map(({ entry }) => [entry.name, entry.uid]),
      [
        ['c', 0],
        ['c', 0],
        ['a', 1],
      ],
    );
  });

  it('from the entry header where pax has an empty value, and from its own pax header alone', async () => {
    assert.equal((await readOne(paxHeader({ path: '' }), { name: 'own' })).name, 'own');
    const read = await readAll(tarOfParts(paxHeader({ path: 'first' }), { name: 'a' }, { name: 'second' }));
    assert.deepEqual(
      read.map(({ entry }) => entry.name),
      ['first', 'second'],
    );
  });

  it('and what a global header says holds from there on, unless an entry says otherwise', async () => {
    const read = await readAll(
      tarOfParts(
        { name: 'a', mtime: 1 },
        paxHeader({ mtime: '5', comment: 'x' }, 'g'),
        { name: 'b', mtime: 1 },
        paxHeader({ mtime: '6' }),
        { name: 'c', mtime: 1 },
        { name: 'd', mtime: 1 },
      ),
    );
    assert.deepEqual(
      read.map(({ entry }) => entry.mtime),
      [1, 5, 6, 5],
    );
    await readAll(tarOfParts(paxHeader({ comment: 'an empty commit' }, 'g')));
  });
});

describe('typeflags', () => {
  it('are kept, but for those that old formats and sparse files have', async () => {
    const of = async (typeflag: string, name = 'a'): Promise<string> => (await readOne({ name, typeflag })).typeflag;
    for (const typeflag of ['0', '1', '2', '3', '4', '5', '6', '7', 'D', 'M', 'V', 'N', 'Z', '\xff', ' ']) {
      assert.equal(await of(typeflag), typeflag);
    }
    assert.equal(await of('\0'), '0');
    for (const typeflag of ['\0', '0', '7']) assert.equal(await of(typeflag, 'directory/'), '5');
    assert.equal((await readOne(paxHeader({ 'GNU.sparse.major': '1' }), { name: 'a' })).typeflag, 'S');
  });

  it('of links, directories and devices have no content, or it is refused', async () => {
    for (const typeflag of '123456') {
      const tar = tarOfParts({ name: 'before' }, { name: 'a', typeflag, content: 'x' });
      await assertBad(tar, 512, new RegExp(`type "${typeflag}" states 1 bytes of content`));
    }
    await assertBad(tarOfParts({ name: 'a/', content: 'x' }), 0, /states 1 bytes/);
  });

  it('of sparse files whose map goes on in further records are read past it', async () => {
    const map = Buffer.alloc(512);
    const more = Buffer.alloc(512);
    more[504] = 1;
    const sparse = record({ name: 's', typeflag: 'S', size: 3, patch: { 482: '\x01' } });
    const tar = tarOfParts(sparse, more, map, Buffer.from('abc'.padEnd(512, '\0')), { name: 'next' });
    const read = await readAll(tar);
    assert.deepEqual(
      read.map(({ entry, content }) => [entry.name, entry.contentOffset, content]),
      [
        ['s', 1536, 'abc'],
        ['next', 2560, ''],
      ],
    );
  });
});

describe('a damaged tar is refused with the offset in the tar:', () => {
  const tar = tarOfParts({ name: 'a', content: 'a'.repeat(700) }, { name: 'n'.repeat(200), content: 'b' });

  it('cut anywhere, between two entries too', async () => {
    for (let size = 0; size < tar.length; size++) {
      await assert.rejects(readAll(tar.subarray(0, size)), { code: 'E_BAD_TAR' }, String(size));
    }
    await assertBad(tar.subarray(0, 1536), 1536, /it ends without the two records of zeros/);
    await assertBad(tar.subarray(0, 1600), 1536, /it ends inside an entry header, 64 bytes of which are there/);
    await assertBad(tar.subarray(0, 1000), 512, /it ends inside the 700 bytes of "a"/);
    await assertBad(tar.subarray(0, 1400), 512, /it ends inside the 700 bytes of "a"/);
    await assertBad(tar.subarray(0, tar.length - 512), tar.length - 512, /without the two records/);
    await assertBad(Buffer.alloc(0), 0, /without the two records/);
  });

  it('with any bit of an entry header changed', async () => {
    const small = tarOfParts({ name: 'a', content: 'a' });
    const before = await readAll(small);
    for (let at = 0; at < 512; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(small);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        // The checksum may be written in more than one way.
        const read = await readAll(damaged).catch(error => error.code);
        if (read !== 'E_BAD_TAR') assert.ok(at >= 148 && at < 156, `byte ${at}, bit ${bit}`);
        if (read !== 'E_BAD_TAR') assert.deepEqual(read, before);
      }
    }
    await assertBad(Buffer.from('no tar\n'.repeat(200)), 0, /no entry header where one has to be/);
  });

  it('with a lone record of zeros, and with more than zeros behind its end', async () => {
    const [first, second] = [record({ name: 'a' }), record({ name: 'b' })];
    await assertBad(
      Buffer.concat([first, Buffer.alloc(512), second, Buffer.alloc(1024)]),
      512,
      /a lone record of zeros/,
    );
    await assertBad(Buffer.concat([first, Buffer.alloc(1024), second]), 1536, /other bytes than zeros follow/);
    await assertBad(Buffer.concat([first, Buffer.alloc(20_000), Buffer.from('x')]), 20_512, /other bytes than zeros/);
    await readAll(Buffer.concat([first, Buffer.alloc(20_000)]));
  });

  it('with what is no whole index of pixz behind its end', async () => {
    const behind = (...parts: readonly Buffer[]): Buffer =>
      Buffer.concat([record({ name: 'a' }), Buffer.alloc(10_240), ...parts]);
    for (const size of [1, 7, 700, 65_536]) assert.equal((await readAll(behind(PIXZ_INDEX), () => size)).length, 1);
    const at = 512 + 10_240;
    for (let cut = 1; cut < PIXZ_INDEX.length; cut++)
      await assertBad(behind(PIXZ_INDEX.subarray(0, cut)), at, /other bytes/);
    await assertBad(behind(PIXZ_INDEX, Buffer.alloc(1)), at, /other bytes/);
    await assertBad(behind(PIXZ_INDEX, record({ name: 'b' })), at, /other bytes/);
    for (let wrong = 0; wrong < 8; wrong++) {
      const other = Buffer.from(PIXZ_INDEX);
      other[wrong] = 1;
      await assertBad(behind(other), at, /other bytes/);
    }
  });

  it('with headers that belong to no entry, pax records of another form, or more of them than can be', async () => {
    for (const extension of [paxHeader({ path: 'x' }), gnuEntry({ name: 'n'.repeat(101) }).subarray(0, 1024)]) {
      await assertBad(tarOfParts(extension), 1024, /ends between the headers of an entry/);
    }
    await assertBad(tarOfParts(paxHeader({})), 512, /ends between the headers of an entry/);
    for (const content of [
      'path=x\n',
      '8 path=x\n',
      '8 path=x',
      '99 path=x\n',
      '4 =\n',
      '0 path=x\n',
      '9 path=x\n\0',
    ]) {
      const broken = record({ name: 'x', typeflag: 'x', content });
      await assert.rejects(readAll(tarOfParts(broken, { name: 'a' })), /a record of a pax header is not/, content);
    }
    const huge = record({ name: 'x', typeflag: 'L', size: 2 ** 20 + 1 });
    await assertBad(tarOfParts(huge), 0, /an extended header of 1048577 bytes/);
    await assertBad(tarOfParts(paxHeader({ path: 'x' }, 'g'), { name: 'a' }), 512, /a global pax header states path/);
  });
});
