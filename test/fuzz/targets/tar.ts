import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { KheadersPackError } from '../../../src/errors.js';
import type { TarEntry } from '../../../src/model/tarEntry.js';
import { type Boundary, BoundaryFinder } from '../../../src/tar/boundaries.js';
import { TarFault } from '../../../src/tar/fault.js';
import { readTar } from '../../../src/tar/readTar.js';
import {
  gnuEntry,
  POSIX_MAGIC,
  paxHeader,
  type RawEntry,
  record,
  tarOfParts,
  V7_MAGIC,
} from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { type Cuts, countIn, excerptsOf } from '../../tar/skimmed.js';
import { checksumOf, sizeOf } from '../../tar/walkTar.js';
import type { Random } from '../random.js';
import type { Comparison, Target } from '../target.js';

/** What a tar was read as: its entries, with contents' lengths, and the offset of the fault where there is one. */
interface Reading {
  readonly entries: readonly TarEntry[];
  readonly fault: number | null;
}

async function readingOf(input: Buffer, pieceSize: number): Promise<Reading> {
  const entries: TarEntry[] = [];
  const pieces = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < input.length; at += pieceSize) yield input.subarray(at, at + pieceSize);
  };
  try {
    for await (const { entry, content } of readTar(pieces(), 'fuzz.tar')) {
      entries.push(entry);
      let size = 0;
      for await (const part of content) size += part.length;
      assert.equal(size, entry.size);
    }
    return { entries, fault: null };
  } catch (error) {
    if (!(error instanceof KheadersPackError) || error.code !== 'E_BAD_TAR') throw error;
    return { entries, fault: (error.facts as { offset: number }).offset };
  }
}

function boundariesOf(input: Buffer): Boundary[] {
  const finder = new BoundaryFinder();
  finder.push(input);
  finder.finish();
  return finder.take();
}

/** One part, and parts of so many records. */
function cutsOf(records: number): readonly Cuts[] {
  const piece = (): number => 700;
  return [2 ** 20, 512 * records].map(size => ({ part: () => size, piece, isTaken: () => true }));
}

/**
 * However its bytes come, a tar is the same entries, which lie behind each other and in it. `BoundaryFinder` sees the same,
 * and a fault where there is one. Who skims it counts as many, or says that it cannot.
 */
async function check(input: Buffer): Promise<boolean> {
  const { entries, fault } = await readingOf(input, input.length + 1);
  assert.deepEqual(await readingOf(input, 1 + (input.length % 997)), { entries, fault });
  let end = 0;
  for (const entry of entries) {
    assert.equal(entry.offset, end);
    assert.ok(entry.contentOffset >= entry.offset + 512 && entry.size >= 0);
    end = entry.contentOffset + Math.ceil(entry.size / 512) * 512;
    assert.ok(Number.isSafeInteger(end));
  }
  if (fault !== null) {
    for (const cuts of cutsOf(1 + (input.length % 7))) {
      for (const isPlain of [true, false]) assert.equal(await countIn(excerptsOf(input, cuts, isPlain)), null);
    }
    assert.ok(fault >= 0 && fault <= input.length, `the fault is at byte ${fault} of ${input.length}`);
    assert.throws(() => boundariesOf(input), TarFault);
    return false;
  }
  for (const cuts of cutsOf(1 + (input.length % 7))) {
    for (const isPlain of [true, false]) {
      const count = await countIn(excerptsOf(input, cuts, isPlain));
      assert.ok(count === null || count === entries.length, `${count} of ${entries.length} entries`);
    }
  }
  assert.ok(end + 1024 <= input.length);
  assert.deepEqual(
    boundariesOf(input),
    entries.map(({ name }, i) => ({ name, size: (entries[i + 1]?.offset ?? end) - (entries[i]?.offset ?? 0) })),
  );
  return true;
}

/** Each header's checksum, as far as sizes can be followed, and now and then the two records of zeros. */
function mend(input: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(input);
  for (let at = 0; at + 512 <= bytes.length; ) {
    const header = bytes.subarray(at, at + 512);
    if (header.every(byte => byte === 0)) break;
    if (!random.once(32)) header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const size = sizeOf(header);
    at += 512 + (size >= 0 && size < bytes.length ? Math.ceil(size / 512) * 512 : 0);
  }
  if (random.once(4)) return bytes;
  // Contents that were cut or grew: whole records again, and an end.
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 512));
  return whole.length >= 1024 && whole.subarray(-1024).every(byte => byte === 0)
    ? whole
    : Buffer.concat([whole, Buffer.alloc(1024)]);
}

/** Python's tarfile lists each: name, size, link target and place of the content, bytes as hexadecimal digits. */
const LISTING = `import sys, io, json, tarfile
source = sys.stdin.buffer
for line in source:
    data = source.read(int(line))
    try:
        tar = tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="surrogateescape", encoding="utf-8")
        found = [[m.name.encode("utf-8", "surrogateescape").hex(), m.size, m.linkname.encode("utf-8", "surrogateescape").hex(), m.offset_data] for m in tar.getmembers()]
    except Exception as error:
        found = None
    print(json.dumps(found))`;

type Listed = readonly [name: string, size: number, linkname: string, contentOffset: number];

const noPython = unless('python3');

/**
 * What we read whole, Python lists as the same members, slashes at the end aside, or as fewer; it reads much that we
 * refuse.
 */
async function compare(inputs: readonly Buffer[]): Promise<Comparison> {
  if (noPython !== false) return { compared: 0, disagreements: [] };
  const readings = await Promise.all(inputs.map(async input => ({ input, reading: await readingOf(input, 2 ** 16) })));
  const whole = readings.filter(
    ({ input, reading }) => reading.fault === null && reading.entries.every(entry => isPlain(entry, input)),
  );
  const { stdout, status } = spawnSync('python3', ['-c', LISTING], {
    input: Buffer.concat(whole.flatMap(({ input }) => [Buffer.from(`${input.length}\n`), input])),
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0);
  const listings = stdout
    .toString()
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Listed[] | null);
  assert.equal(listings.length, whole.length);
  const disagreements = whole.flatMap(({ input, reading }, i) => {
    const ours = reading.entries.map(entry => JSON.stringify(listed(entry)));
    // At a header that it does not like, Python ends without a word.
    const theirs = (listings[i] ?? []).map(([name, ...rest]) =>
      JSON.stringify([name.replace(/(?:2f)+$/, ''), ...rest]),
    );
    const isSame = theirs.every((each, at) => each === ours[at]);
    return isSame ? [] : [{ input, reason: `we read ${ours.join(' ')}, Python's tarfile ${theirs.join(' ')}` }];
  });
  return { compared: whole.length, disagreements };
}

/**
 * Python undoes sparse files, and reads the rest of a volume, incremental backups and NULs in names in its own way. It
 * looks for device numbers and a prefix in headers of every format; GNU tar and we only where they are said to be.
 */
function isPlain({ typeflag, name, linkname, contentOffset, format }: TarEntry, input: Buffer): boolean {
  if (!'01234567'.includes(typeflag) || `${name}${linkname}`.includes('\0')) return false;
  const header = input.toString('latin1', contentOffset - 512, contentOffset);
  return /^[0-7\0 ]*$/.test(header.slice(329, 345)) && (format === 'ustar' || /^\0*$/.test(header.slice(345)));
}

function listed({ name, size, linkname, contentOffset }: TarEntry): Listed {
  return [hex(name.replace(/\/+$/, '')), size, hex(linkname), contentOffset];
}

function hex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex');
}

const LONG = 'n'.repeat(130);
const base256 = '\x80\0\0\0\0\0\0\0\0\0\0\x05';
const sparse: RawEntry = { name: 's', typeflag: 'S', content: 'abc', patch: { 482: '\x01' } };
const continued = Buffer.alloc(512);

export const tar: Target = {
  seeds: [
    tarOfParts(),
    tarOfParts(
      { name: './', typeflag: '5' },
      { name: './a.h', content: '#define A 1\n' },
      { name: './b.h', typeflag: '1', linkname: './a.h' },
    ),
    tarOfParts(
      { name: LONG, content: 'x' },
      { name: 'l', typeflag: '2', linkname: LONG },
      { name: LONG, typeflag: '2', linkname: LONG },
    ),
    tarOfParts(
      { name: 'a', prefix: 'p/q', magic: POSIX_MAGIC, content: 'y'.repeat(513) },
      { name: 'd/', magic: V7_MAGIC, typeflag: '\0' },
    ),
    tarOfParts(paxHeader({ path: `${LONG}/x`, size: '3', mtime: '1.5', uname: 'root', linkpath: 'q' }), {
      name: 'short',
      content: 'abc',
    }),
    tarOfParts(paxHeader({ mtime: '7', comment: 'c' }, 'g'), { name: 'a' }, paxHeader({ mtime: '', uid: '9' }), {
      name: 'b',
    }),
    tarOfParts({ name: 'a', content: 'hello', patch: { 124: base256 } }, { name: 'z', content: '1' }),
    tarOfParts(gnuEntry(sparse).subarray(0, 512), continued, Buffer.from('abc'.padEnd(512, '\0')), { name: 'z' }),
    tarOfParts(paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'sp' }), {
      name: 'x',
      content: '0\n',
    }),
    tarOfParts(...['3', '4', '6', '7', 'D', 'V', 'M', 'N', 'X'].map(typeflag => ({ name: 'a', typeflag }))),
  ],
  dictionary: [
    record({ name: 'a', content: 'b' }),
    record({ name: '././@LongLink', typeflag: 'L', content: `${LONG}\0` }),
    record({ name: '././@LongLink', typeflag: 'K', content: 'k\0' }),
    paxHeader({ path: 'p' }),
    paxHeader({ size: '512' }),
    paxHeader({ uid: '1', gid: '2' }, 'g'),
    Buffer.alloc(512),
    ...[
      '12 path=abc\n',
      '11 size=12\n',
      '20 mtime=1700000000.9\n',
      '18 GNU.sparse.map=\n',
      base256,
      '\xff'.repeat(12),
      '00000000644',
      'ustar  \0',
      'ustar\x0000',
    ].map(text => Buffer.from(text, 'latin1')),
    ...[...'01234567LKxgXDMVNS'].map(typeflag => Buffer.from(typeflag)),
  ],
  align: (_, at) => at - (at % 512),
  sizeMax: 2 ** 14,
  sampled: 3000,
  mend,
  check,
  compare,
};
