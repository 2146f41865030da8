import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareEntries, isSame } from '../../src/archive/compare/entries.js';
import { gathered } from '../../src/archive/compare/gathered.js';
import { settingChanges } from '../../src/archive/compare/settingsView.js';
import { classifyChange } from '../../src/archive/diff/classify.js';
import { fetchContents } from '../../src/archive/diff/fetch.js';
import { knownHeader, macroChanges } from '../../src/archive/diff/knownHeaders.js';
import { RangeHasher } from '../../src/archive/reading/rangeHasher.js';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import type { IndexedEntry } from '../../src/model/archiveIndex.js';
import { sha256 } from '../support/snapshot.js';

const NONE = fromLatin1('');

function entry(name: string, changes: Partial<IndexedEntry> = {}): IndexedEntry {
  const owner = { uid: 0, gid: 0, uname: NONE, gname: NONE };
  const place = { offset: 0, contentOffset: 512 };
  const device = { devmajor: 0, devminor: 0 };
  const rest = { typeflag: '0', mode: 0o644, size: 1, mtime: 0, linkname: NONE, format: 'gnu', sha256: name } as const;
  return { name: fromLatin1(name), ...owner, ...place, ...device, ...rest, ...changes };
}

/** Paths of few different directories, some of which are entries themselves. */
const paths = fc.uniqueArray(
  fc
    .tuple(fc.array(fc.constantFrom('a/', 'b/'), { maxLength: 3 }), fc.constantFrom('', 'x', 'y'))
    .map(([directories, file]) => `./${directories.join('')}${file}`),
  { maxLength: 12 },
);

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 12 });

describe('the comparison of entries', () => {
  it('finds no difference between a tar and itself, and every entry that one of two lacks', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const [entriesA, entriesB] = [a.map(name => entry(name)), b.map(name => entry(name))];
        assert.ok(isSame(compareEntries(entriesA, entriesA)));
        const { onlyA, onlyB, paired, contents } = compareEntries(entriesA, entriesB);
        assert.deepEqual(
          onlyA.map(({ name }) => name),
          a.filter(name => !b.includes(name)),
        );
        assert.deepEqual(
          onlyB.map(({ name }) => name),
          b.filter(name => !a.includes(name)),
        );
        assert.deepEqual([paired, contents.length], [a.filter(name => b.includes(name)).length, 0]);
      }),
    );
  });

  it('of the same entries passes over no field that differs in one of them', () => {
    const same = ['a', 'b', 'b', 'c'].map(name => entry(name));
    assert.deepEqual(
      compareEntries(
        same,
        same.map(each => ({ ...each, offset: 1024 })),
      ),
      { onlyA: [], onlyB: [], again: new Set(), contents: [], fields: [], order: null, paired: 4 },
    );
    const other = {
      name: 'd',
      typeflag: '7',
      linkname: 'a',
      devmajor: 1,
      devminor: 1,
      mode: 0,
      mtime: 1,
      uid: 1,
      gid: 1,
      uname: 'u',
      gname: 'g',
    };
    for (const [field, value] of Object.entries({ ...other, format: 'ustar', sha256: 'x' })) {
      assert.ok(!isSame(compareEntries(same, same.with(2, { ...entry('b'), [field]: value }))), field);
    }
    assert.ok(!isSame(compareEntries(same, same.slice(1))) && !isSame(compareEntries(same.slice(1), same)));
  });

  it('is the same of equal entries whether another follows them or not', () => {
    const hardLink = { typeflag: '1', linkname: fromLatin1('a'), sha256: null } as const;
    const some = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 8 });
    fc.assert(
      fc.property(some, each => {
        const entries = each.map(([name, isLink]) => entry(name, isLink ? hardLink : {}));
        const last = entry('last');
        const alike = compareEntries(entries, entries);
        assert.deepEqual(compareEntries(entries, [...entries, last]), { ...alike, onlyB: [last] });
      }),
    );
  });

  it('says how few entries would have to move: all but the longest run that kept its order', () => {
    fc.assert(
      fc.property(
        names.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([a, b]) => {
          const { order } = compareEntries(
            a.map(name => entry(name)),
            b.map(name => entry(name)),
          );
          assert.equal(order?.moved ?? 0, a.length - longestCommon(a, b));
        },
      ),
    );
  });

  it('counts a changed field once for each pair of values, with the first entry as example', () => {
    const a = ['x', 'y', 'z'].map(name => entry(name));
    const b = a.map(each => ({ ...each, mtime: each.name === 'x' ? 0 : 9, mode: 0o600 }));
    assert.deepEqual(compareEntries(a, b).fields, [
      { field: 'mode', from: '0644', to: '0600', count: 3, example: 'x', isOfHardLinks: false },
      { field: 'mtime', from: '0', to: '9', count: 2, example: 'y', isOfHardLinks: false },
    ]);
  });

  it("takes a hard link's content from the member that it names, the last one before it", () => {
    const link = entry('l', { typeflag: '1', linkname: fromLatin1('a'), sha256: null, size: 0 });
    const stored = entry('l', { sha256: 'one' });
    const first = entry('a', { sha256: 'one' });
    const { contents, fields } = compareEntries([first, link], [first, stored]);
    assert.deepEqual([contents.length, fields.map(({ field }) => field)], [0, ['typeflag']]);
    assert.equal(compareEntries([entry('a', { sha256: 'two' }), link], [first, stored]).contents.length, 2);
  });

  it('pairs entries of one name by their number', () => {
    const twice = [entry('a', { sha256: '1' }), entry('a', { sha256: '2' })];
    assert.ok(isSame(compareEntries(twice, twice)));
    assert.equal(compareEntries(twice, [...twice].reverse()).contents.length, 2);
    assert.equal(compareEntries(twice, twice.slice(0, 1)).onlyA.length, 1);
    // A name may hold any byte.
    const { onlyB } = compareEntries(twice, [entry('a\x001', { sha256: 'other' }), ...twice]);
    assert.deepEqual(
      onlyB.map(({ name }) => name),
      ['a\x001'],
    );
  });
});

/** The quadratic way. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const lengths = a.map(() => b.map(() => 0));
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      const row = lengths[i] ?? [];
      const before = lengths[i - 1]?.[j - 1] ?? 0;
      row[j] = a[i] === b[j] ? before + 1 : Math.max(lengths[i - 1]?.[j] ?? 0, row[j - 1] ?? 0);
      most = Math.max(most, row[j] ?? 0);
    }
  }
  return most;
}

describe('digests of ranges', () => {
  it('are those of the ranges, however the bytes come in pieces', () => {
    const cuts = fc.uniqueArray(fc.nat(199), { maxLength: 10 }).map(list => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 200, maxLength: 200 }), cuts, cuts, (bytes, bounds, pieces) => {
        const ranges = bounds.flatMap((from, i) => (i % 2 === 0 ? [{ from, to: bounds[i + 1] ?? 200 }] : []));
        const hasher = new RangeHasher(ranges);
        let at = 0;
        for (const cut of [...pieces, 200]) {
          hasher.update(bytes.subarray(at, cut));
          at = cut;
        }
        assert.deepEqual(
          hasher.digests,
          ranges.map(({ from, to }) => sha256(Buffer.from(bytes.subarray(from, to)))),
        );
        assert.deepEqual(hasher.whole(), { size: 200, sha256: sha256(Buffer.from(bytes)) });
      }),
    );
  });

  it('of what was cut short are not there', () => {
    const hasher = new RangeHasher([
      { from: 0, to: 2 },
      { from: 2, to: 9 },
    ]);
    hasher.update(Uint8Array.of(1, 2, 3));
    assert.equal(hasher.digests.length, 1);
  });
});

describe('contents that are fetched', () => {
  it('are the right ones, each Block of theirs read once and no other', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
    const wanted = fc.array(fc.tuple(fc.nat(100), fc.nat(30)), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sizes, wanted, async (blockSizes, spans) => {
        const total = blockSizes.reduce((sum, size) => sum + size, 0);
        const bytes = Uint8Array.from({ length: total }, (_, i) => i % 251);
        let end = 0;
        const blocks = blockSizes.map(uncompressedSize => {
          const uncompressedOffset = end;
          end += uncompressedSize;
          return { stream: 0, offset: 0, unpaddedSize: 0, uncompressedSize, uncompressedOffset };
        });
        const read: string[] = [];
        const archive = {
          container: { streams: [], blocks, compressedSize: 0, uncompressedSize: total },
          async *readRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
            for (const [i, block] of blocks.entries()) {
              const blockEnd = block.uncompressedOffset + block.uncompressedSize;
              if (blockEnd <= from || block.uncompressedOffset >= to) continue;
              read.push(String(i));
              yield bytes.slice(Math.max(from, block.uncompressedOffset), Math.min(to, blockEnd));
            }
          },
        };
        const entries = spans.map(([from, size], i) => {
          const contentOffset = Math.min(from, total - 1);
          return entry(String(i), { contentOffset, size: Math.min(size, total - contentOffset) });
        });
        const contents = await fetchContents(archive as unknown as Parameters<typeof fetchContents>[0], entries);
        for (const each of entries) {
          assert.deepEqual(contents.get(each), bytes.slice(each.contentOffset, each.contentOffset + each.size));
        }
        assert.equal(new Set(read).size, read.length);
      }),
    );
  });
});

describe('what changed in a header', () => {
  const classify = (a: string, b: string, isHeader = true): string =>
    classifyChange(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'), isHeader);

  it('is a comment, white space, code or no text', () => {
    assert.equal(classify('int a; /* x */\n', 'int a; /* y */\n'), 'comments');
    assert.equal(classify('int a; // x\n', 'int a;\n'), 'comments');
    assert.equal(
      classify('/* SPDX-License-Identifier: MIT */\n', '/* SPDX-License-Identifier: GPL-2.0 */\n'),
      'comments',
    );
    assert.equal(classify('int a;\n', 'int  a;\n\n'), 'white space');
    assert.equal(classify('int a;\n', 'int b;\n'), 'code');
    assert.equal(classify('char *a = "/* x */";\n', 'char *a = "/* y */";\n'), 'code');
    assert.equal(classify('a\0', 'b\0'), 'binary');
    assert.equal(classify('# one\n', '# two\n', false), 'code');
  });
});

describe('settings that differ', () => {
  it('are those that are known of both sides', () => {
    const a = new Map([
      ['x', '1'],
      ['y', '2'],
      ['z', '3'],
    ]);
    const b = new Map([
      ['x', '1'],
      ['y', '4'],
      ['w', '5'],
    ]);
    assert.deepEqual(settingChanges(a, b), [{ setting: 'y', from: '2', to: '4' }]);
  });
});

it('a macro may be called as anything that JavaScript objects have', () => {
  const autoconf = knownHeader('./include/generated/autoconf.h');
  assert.ok(autoconf !== null);
  const names = ['toString', 'constructor', '__proto__', 'CONFIG_SMP'];
  const header = Buffer.from(names.map(name => `#define ${name} 1\n`).join(''));
  assert.deepEqual(
    macroChanges(autoconf, header, new Uint8Array(0)),
    names.map(macro => ({ macro, from: '1', to: null, cause: 'kernel configuration' })),
  );
});

describe('entries that one side has only', () => {
  const found = (only: readonly string[], other: readonly string[]): (readonly [string, number])[] =>
    gathered(
      only.map(name => entry(name)),
      other.map(name => entry(name)),
    ).map(({ entry: { name }, below }) => [name, below] as const);

  it('are told by the directory of which the other side has nothing', () => {
    const kernel = ['./new/', './new/include/', './new/include/a.h', './new/b.h'];
    assert.deepEqual(found(kernel, ['./', './old/', './old/b.h']), [['./new/', 3]]);
    assert.deepEqual(found([...kernel, './newer.h'], []), [
      ['./new/', 3],
      ['./newer.h', 0],
    ]);
  });

  it('are told one by one where the other side has something in it, or where it comes after them', () => {
    assert.deepEqual(found(['./d/', './d/a.h'], ['./d/b.h']), [
      ['./d/', 0],
      ['./d/a.h', 0],
    ]);
    assert.deepEqual(found(['./d/a.h', './d/'], []), [
      ['./d/a.h', 0],
      ['./d/', 0],
    ]);
    assert.deepEqual(found(['./a.h', './a.h'], []), [
      ['./a.h', 0],
      ['./a.h', 0],
    ]);
  });

  it('are told at once, however deep they claim to be', () => {
    // More directories in all than a Set can hold.
    const deep = Array.from({ length: 140 }, (_, i) => `./${i}${'/a'.repeat(2 ** 17)}`);
    assert.equal(found(deep, []).length, 140);
    assert.deepEqual(found([`${deep[0]}/`, `${deep[0]}/x`, './b'], deep), [
      [`${deep[0]}/`, 1],
      ['./b', 0],
    ]);
  });

  it('are all counted, whatever they are, and none in a directory that both have something of', () => {
    fc.assert(
      fc.property(paths, paths, (only, other) => {
        const gatheredNames = found(
          only,
          other.filter(name => !only.includes(name)),
        );
        assert.equal(
          gatheredNames.reduce((sum, [, below]) => sum + 1 + below, 0),
          only.length,
        );
        for (const [name, below] of gatheredNames) {
          if (below > 0) assert.ok(!other.some(each => !only.includes(each) && each.startsWith(name)), name);
        }
      }),
    );
  });
});
