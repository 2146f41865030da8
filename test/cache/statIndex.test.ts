import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { areSettled, type DigestedFile, indexPieces, StatIndex } from '../../src/cache/statIndex.js';
import { isRacy, lastChange } from '../../src/tree/stamp.js';

const SECOND = 1_000_000_000n;
/** When the pack began. */
const TAKEN = 1_000_000n * SECOND;
const TAKEN_MS = Number(TAKEN / 1_000_000n);

function stamp(mtime: bigint, ctime = mtime, rest = '5 6'): string {
  return `100 ${mtime} ${ctime} ${rest}`;
}

const OLD = stamp(TAKEN - 10n * SECOND);

function file(path: string, of = OLD, kernel = ''): DigestedFile {
  const digested = { rawSize: 100, size: path.length, digest: path.padEnd(64, '.'), rawDigest: null };
  const location = fromLatin1(`/tree/${path}`);
  return {
    kernel: fromLatin1(kernel),
    file: { kind: 'regular', path: fromLatin1(path), location, size: 100, stamp: of, isExecutable: false },
    digested,
  };
}

function indexOf(files: readonly DigestedFile[]): StatIndex {
  return new StatIndex('id', Buffer.concat([...indexPieces(files, TAKEN_MS)]));
}

describe('the stat index', () => {
  const files = ['include/a.h', 'include/b\n.h', 'include/ÿ.h', 'arch/x/d.h'].map(path => file(path));
  const index = (): StatIndex => indexOf(files);

  it('knows every file that it was made of, in whatever order they are asked for', () => {
    for (const order of [files, files.toReversed(), [files[2], files[0], files[2], files[3], files[1]]]) {
      const known = index();
      for (const each of order) {
        assert.ok(each !== undefined);
        assert.deepEqual(known.lookUp(each), each.digested);
      }
    }
    assert.equal(index().count, files.length);
  });

  it('does not know a file of another name, of another kernel, or with any part of its stamp changed', () => {
    const [first] = files;
    assert.ok(first !== undefined);
    const others = [
      stamp(TAKEN - 9n * SECOND, TAKEN - 10n * SECOND),
      stamp(TAKEN - 10n * SECOND, TAKEN - 10n * SECOND + 1n),
      OLD.replace('100 ', '101 '),
      OLD.replace(' 5 ', ' 7 '),
      OLD.replace(/6$/, '7'),
    ];
    for (const other of others) assert.equal(index().lookUp(file('include/a.h', other)), null, other);
    assert.equal(index().lookUp(file('include/e.h')), null);
    assert.equal(index().lookUp(file('include/a.h', OLD, 'kernel')), null);
    // What it held before is still to be had, to tell what is new.
    assert.deepEqual(index().earlier(file('include/a.h', others[0])), first.digested);
    assert.equal(index().earlier(file('include/e.h')), null);
  });

  it('trusts no file that had changed within two seconds of the pack, or later than it, and still tells what it held', () => {
    const cases: [bigint, bigint, boolean][] = [
      [TAKEN - 3n * SECOND, TAKEN - 3n * SECOND, true],
      [TAKEN - 2n * SECOND, TAKEN - 3n * SECOND, false],
      [TAKEN - 3n * SECOND, TAKEN - 2n * SECOND, false],
      [TAKEN - 3n * SECOND, TAKEN, false],
      [TAKEN + 99n * SECOND, TAKEN - 3n * SECOND, false],
    ];
    for (const [mtime, ctime, isKept] of cases) {
      const racy = file('include/r.h', stamp(mtime, ctime));
      assert.equal(isRacy(lastChange(racy.file.stamp), TAKEN_MS), !isKept);
      const known = indexOf([...files, racy]);
      assert.equal(known.lookUp(racy) !== null, isKept);
      assert.deepEqual(known.earlier(racy), racy.digested);
      assert.equal(known.isSettled, isKept);
      assert.equal(areSettled([...files, racy], TAKEN_MS), isKept);
    }
  });

  it('comes in pieces of bounded size, which together are what one piece would be', () => {
    const many = Array.from({ length: 2000 }, (_, i) => file(`include/${i}.h`));
    const pieces = [...indexPieces(many, TAKEN_MS)];
    assert.ok(pieces.length > 1);
    for (const piece of pieces) assert.ok(piece.length < 2 ** 17, `${piece.length}`);
    const fields = many.flatMap(({ file: { path, stamp }, digested: { rawSize, size, digest } }) => [
      path,
      stamp,
      rawSize,
      size,
      digest,
      '',
    ]);
    assert.equal(Buffer.concat(pieces).toString('latin1'), fields.join('\0'));
    const known = indexOf(many);
    assert.equal(known.count, many.length);
    for (const each of many) assert.deepEqual(known.lookUp(each), each.digested);
  });

  it('knows the digests on disk of those files of which somebody asked for them', () => {
    const [first, second] = files as [DigestedFile, DigestedFile];
    const asked = { ...first, digested: { ...first.digested, rawDigest: 'f'.repeat(64) } };
    assert.equal(index().hasRawDigests, false);
    const known = indexOf([asked, second]);
    assert.equal(known.hasRawDigests, true);
    assert.deepEqual(known.lookUp(asked), asked.digested);
    assert.equal(known.lookUp(second)?.rawDigest, null);
  });

  it('takes nothing but a digest for one, should fields stand where others did', () => {
    const [
      {
        file: { path, stamp },
      },
    ] = files as [DigestedFile];
    const shifted = new StatIndex('id', Buffer.from([path, stamp, 1, 1, 'digest', 'include/b.h'].join('\0'), 'latin1'));
    assert.equal(shifted.lookUp(files[0] as DigestedFile)?.rawDigest, null);
  });

  it('that is empty knows nothing', () => {
    assert.equal(StatIndex.empty.count, 0);
    assert.equal(StatIndex.empty.lookUp(file('include/a.h')), null);
    const none = indexOf([]);
    assert.equal(none.count, 0);
    assert.equal(none.lookUp(file('')), null);
  });
});
