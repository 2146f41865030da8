import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KheadersPackError, type Manifest, parseManifest } from 'kheaders-pack';
import { codecNamed } from '../../src/lzma/codec.js';
import { VALID_MANIFEST as VALID } from '../support/validManifest.js';

type Path = readonly (string | number)[];

/** The valid manifest with another value at one place; undefined takes the property away. */
function changed(path: Path, value: unknown): string {
  const copy = structuredClone(VALID) as unknown;
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
  return JSON.stringify(copy);
}

function assertRefused(text: string, expected: RegExp): void {
  assert.throws(
    () => parseManifest(text, 'm.json'),
    (error: unknown) => {
      assert.ok(error instanceof KheadersPackError, String(error));
      assert.equal(error.code, 'E_MANIFEST');
      assert.match(error.message, /^Cannot use manifest "m\.json": /);
      assert.match(error.message, expected);
      return true;
    },
  );
}

describe('a manifest', () => {
  it('is read as it stands, whatever its white space and the order of its properties', () => {
    const expected: Manifest = parseManifest(JSON.stringify(VALID), 'm.json');
    assert.deepEqual(expected, VALID);
    const reordered = Object.fromEntries(Object.entries(VALID).reverse());
    assert.deepEqual(parseManifest(`\n${JSON.stringify(reordered, null, 4)}`, 'm.json'), expected);
  });

  it('may have properties of a later version, which are passed over', () => {
    assert.deepEqual(parseManifest(changed(['later'], { x: [1] }), 'm.json'), VALID);
    assert.deepEqual(parseManifest(changed(['entries', 1, 'later'], 'x'), 'm.json'), VALID);
  });

  it('is refused with the place that is wrong, and what stands there', () => {
    const cases: readonly (readonly [Path, unknown, RegExp])[] = [
      [
        ['schema'],
        'kheaders-pack/manifest/2',
        /: schema: expected one of kheaders-pack\/manifest\/1, found "kheaders-pack\/manifest\/2"$/,
      ],
      [['archive', 'sha256'], 'ABC', /: archive\.sha256: expected 64 hexadecimal digits, found "ABC"$/],
      [['archive', 'size'], -1, /: archive\.size: expected a whole number from 0 to \d+, found -1$/],
      [['archive', 'size'], 1e20, /: archive\.size: expected a whole number/],
      [['archive', 'size'], 40, /: archive\.size: the Blocks end behind it$/],
      [['archive'], [], /: archive: expected an object, found a list$/],
      [['tar', 'size'], 1, /: tar\.size: expected 10240, the Blocks' sum, found 1$/],
      [['blocks'], {}, /: blocks: expected a list, found an object$/],
      [['blocks', 1, 'offset'], 111, /: blocks\[1\]\.offset: it lies in the Block before$/],
      [['blocks', 1, 'uncompressedOffset'], 2_561, /: blocks\[1\]\.uncompressedOffset: expected 2560, found 2561$/],
      [
        ['entries', 1, 'kind'],
        'fifo',
        /: entries\[1\]\.kind: expected one of directory, regular, symlink, hardlink, found "fifo"$/,
      ],
      [['entries', 1, 'block'], 1, /: entries\[1\]\.block: the entry does not begin in it$/],
      [['entries', 1, 'block'], 2, /: entries\[1\]\.block: the entry does not begin in it$/],
      [['entries', 2, 'offset'], 1_024, /: entries\[2\]\.offset: it lies in the entry before/],
      [['entries', 2, 'target'], './b.h', /: entries\[2\]\.target: no regular file before has that name$/],
      [['entries', 2, 'target'], undefined, /: entries\[2\]\.target: only links have one/],
      [['entries', 1, 'target'], 'x', /: entries\[1\]\.target: only links have one/],
      [['entries', 1, 'targetBase64'], 'Li9hLmg=', /: entries\[1\]\.targetBase64: only links have one$/],
      [['entries', 1, 'sha256'], undefined, /: entries\[1\]\.sha256: only regular files have one/],
      [['entries', 0, 'sourceSize'], 3, /: entries\[0\]\.sourceSize: only regular files and hard links have one$/],
      [['entries', 3, 'sourceSha256'], VALID.archive.sha256, /: entries\[3\]\.sourceSha256: only regular files and/],
      [['entries', 0, 'size'], 1, /: entries\[0\]\.size: only regular files have any$/],
      [['entries', 2, 'path'], './a.h', /: entries\[2\]\.path: an entry before has the same$/],
      [['entries', 3, 'pathBase64'], 'Li9hLmg=', /: entries\[3\]\.path: it is not what its bytes in base64 say$/],
      [['entries', 1, 'path'], '\ud800', /: entries\[1\]\.path: expected a string/],
      [['entries', 1, 'path'], 'a\0b', /: entries\[1\]\.path: /],
      [['entries', 1, 'mode'], 4_096, /: entries\[1\]\.mode: expected a whole number from 0 to 4095, found 4096$/],
      [['settings', 'mtime'], 0.5, /: settings\.mtime: expected a whole number/],
      [
        ['settings', 'strip'],
        'some',
        /: settings\.strip: expected one of none, kernel, comments, tokens, found "some"$/,
      ],
      [
        ['settings', 'kernels', 0, 'srcarch'],
        '../../outside',
        /: settings\.kernels\[0\]\.srcarch: expected the name of a directory, found "\.\.\/\.\.\/outside"$/,
      ],
      [['settings', 'kernels', 0, 'srcarch'], '..', /: settings\.kernels\[0\]\.srcarch: /],
      [['settings', 'include'], [1], /: settings\.include\[0\]: expected a string, found 1$/],
      [['settings', 'encoding', 'lzma2', 'lc'], 5, /: settings\.encoding\.lzma2\.lc: /],
    ];
    for (const [path, value, expected] of cases) {
      assertRefused(changed(path, value), expected);
    }
  });

  it('states a compression that options could have said, by the rules of its codec', () => {
    const radix = { codec: codecNamed('radix').id, check: 'crc64' };
    const lzma2 = VALID.settings.encoding.lzma2;
    const ofRadix = { ...lzma2, mode: 'max', matchFinder: 'radix', niceLength: 8 };
    const other = { codec: { name: 'radix', version: '99' }, check: 'crc64' };
    const settings = (change: object): string => changed(['settings'], { ...VALID.settings, ...change });
    const lzma2With = (change: object): string =>
      settings({ encoding: { ...VALID.settings.encoding, lzma2: { ...lzma2, ...change } } });
    const radixWith = (change: object): string =>
      settings({ encoding: { ...radix, lzma2: { ...ofRadix, ...change } } });
    const cases: readonly (readonly [string, RegExp])[] = [
      [settings({ blockSize: 1 }), /: settings\.blockSize: expected a whole number from 4096 to 1073741824, found 1$/],
      [settings({ blockSize: 2 ** 31 }), /: settings\.blockSize: /],
      [
        settings({ blockSize: 2 ** 27, encoding: { ...radix, lzma2: ofRadix } }),
        /: settings\.blockSize: expected a whole number from 4096 to 67108864, found 134217728$/,
      ],
      [
        settings({ blockSize: 1, encoding: { ...other, lzma2: ofRadix } }),
        /: settings\.blockSize: expected a whole number from 4096 to 1073741824, found 1$/,
      ],
      [
        lzma2With({ dictionarySize: 5_000 }),
        /: settings\.encoding\.lzma2\.dictionarySize: expected 2\^n or 2\^n \+ 2\^\(n-1\), found 5000$/,
      ],
      [
        lzma2With({ dictionarySize: 2 ** 32 }),
        /lzma2\.dictionarySize: expected a whole number from 4096 to 1610612736, found 4294967296$/,
      ],
      [radixWith({ dictionarySize: 2 ** 27 }), /lzma2\.dictionarySize: expected a whole number from 4096 to 67108864,/],
      [lzma2With({ lc: 3, lp: 2 }), /lzma2\.lp: expected lc \+ lp of at most 4$/],
      [lzma2With({ mode: 'max' }), /lzma2\.mode: expected one of fast, normal, found "max"$/],
      [
        lzma2With({ matchFinder: 'radix' }),
        /lzma2\.matchFinder: expected one of hc3, hc4, bt2, bt3, bt4, found "radix"$/,
      ],
      [radixWith({ matchFinder: 'bt4' }), /lzma2\.matchFinder: expected one of radix, found "bt4"$/],
      [lzma2With({ niceLength: 3 }), /lzma2\.niceLength: expected a whole number from 4 to 273, found 3$/],
      [radixWith({ niceLength: 7 }), /lzma2\.niceLength: expected a whole number from 8 to 273, found 7$/],
      [radixWith({ depth: 1 }), /lzma2\.depth: expected a whole number from 0 to 0, found 1$/],
    ];
    for (const [text, expected] of cases) assertRefused(text, expected);
    // A later version of a codec may take what this one does not.
    const later = settings({ blockSize: 2 ** 27, encoding: { ...other, lzma2: { ...ofRadix, depth: 1 } } });
    for (const text of [radixWith({}), lzma2With({ dictionarySize: 6_144 }), later]) {
      assert.equal(parseManifest(text, 'm.json').schema, VALID.schema);
    }
  });

  it('states kernels and a selection that options could have said', () => {
    const settings = (change: object): string => changed(['settings'], { ...VALID.settings, ...change });
    const kernels = (...names: string[]): string =>
      settings({ kernels: names.map(name => ({ name, srcarch: 'x86' })) });
    const cases: readonly (readonly [string, RegExp])[] = [
      [kernels(), /: settings\.kernels: expected one kernel at least$/],
      [kernels('--out=x'), /: settings\.kernels\[0\]\.name: expected the name of a kernel, found "--out=x"$/],
      [kernels('a/b'), /kernels\[0\]\.name: /],
      [kernels('..'), /kernels\[0\]\.name: /],
      [kernels('a', ''), /kernels\[1\]\.name: expected the name of a kernel, found ""$/],
      [kernels('a', 'b', 'a'), /kernels\[2\]\.name: a kernel before has the same$/],
      [settings({ symvers: true }), /: settings\.symvers: only profile modules has Module\.symvers$/],
      [
        settings({ listed: true, profile: 'modules', kernels: [{ name: '', srcarch: '' }] }),
        /: settings\.listed: a list takes the place of a profile$/,
      ],
      [settings({ listed: true }), /kernels\[0\]\.srcarch: it is stated where a profile reads one architecture/],
      [settings({ profile: 'all' }), /kernels\[0\]\.srcarch: it is stated where/],
      [settings({ kernels: [{ name: '', srcarch: '' }] }), /kernels\[0\]\.srcarch: it is stated where/],
      [settings({ exclude: ['a', 'b'.repeat(4_097)] }), /: settings\.exclude\[1\]: expected at most 4096 characters$/],
      [
        settings({ include: Array(200).fill('a'.repeat(4_000)), exclude: Array(300).fill('b'.repeat(4_000)) }),
        /: settings\.exclude: expected at most 1048576 characters in all$/,
      ],
      [
        settings({ listed: true, kernels: ['a', 'b'].map(name => ({ name, srcarch: '' })) }),
        /: settings\.kernels: expected one, for there is a list of files$/,
      ],
    ];
    for (const [text, expected] of cases) assertRefused(text, expected);
    const top = [{ name: '', srcarch: '' }];
    for (const text of [
      kernels('a'),
      kernels('6.1', '6.12'),
      settings({ profile: 'modules', symvers: true }),
      settings({ profile: 'all', kernels: top }),
      settings({ listed: true, kernels: top }),
    ])
      assert.equal(parseManifest(text, 'm.json').schema, VALID.schema);
  });

  it('has no Block over the block size but the last', () => {
    const { blocks, settings } = VALID;
    const ofSizes = (first: number, last: number, blockSize: number): string =>
      JSON.stringify({
        ...VALID,
        settings: { ...settings, blockSize },
        blocks: [
          { ...blocks[0], uncompressedSize: first },
          { ...blocks[1], uncompressedOffset: first, uncompressedSize: last },
        ],
      });
    const expected = /: blocks\[0\]\.uncompressedSize: it is more than the block size, 4096$/;
    assertRefused(ofSizes(5_120, 5_120, 4_096), expected);
    for (const text of [ofSizes(5_120, 5_120, 5_120), ofSizes(4_096, 6_144, 4_096)])
      assert.equal(parseManifest(text, 'm.json').schema, VALID.schema);
  });

  it('has entries below the top alone', () => {
    const inside = /: entries\[1\]\.path: expected \.\/ and a path without \. and \.\., found /;
    for (const path of ['./../a.h', './a/../../b.h', '/a.h', 'a.h', '../a.h', './a//b.h', './a/', './', './.'])
      assertRefused(changed(['entries', 1, 'path'], path), inside);
    for (const path of ['./..', './a/../', '.', 'a/', './a//'])
      assertRefused(changed(['entries', 0, 'path'], path), /: entries\[0\]\.path: expected \.\/ and a path/);
    assert.equal(parseManifest(changed(['entries', 0, 'path'], './a/'), 'm.json').schema, VALID.schema);
  });

  it('lacks no property that it must have', () => {
    const optional = /sourceSize|sourceSha256|pathBase64/;
    const visit = (value: unknown, path: Path): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        visit(inner, at);
        if (!Array.isArray(value) && !optional.test(key)) assertRefused(changed(at, undefined), /./);
      }
    };
    visit(VALID, []);
  });

  it('is no JSON, or another one: a refusal, never a crash', () => {
    for (const text of ['', '{', 'null', '[]', '"x"', '1', '{}', '\ufeff{}', `${JSON.stringify(VALID)}x`]) {
      assertRefused(text, /it is no JSON|expected/);
    }
    const nested = `${'['.repeat(3_000_000)}${']'.repeat(3_000_000)}`;
    assertRefused(nested, /./);
    assertRefused(changed(['entries'], 1).replace('"entries":1', `"entries":${nested}`), /./);
    assertRefused('{"__proto__":{"schema":"kheaders-pack/manifest/1"}}', /schema: .*found nothing$/);
  });

  it('with anything at all in any place is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), (value, seed) => {
        const places: Path[] = [];
        const visit = (inner: unknown, path: Path): void => {
          places.push(path);
          if (typeof inner !== 'object' || inner === null) return;
          for (const [key, each] of Object.entries(inner))
            visit(each, [...path, Array.isArray(inner) ? Number(key) : key]);
        };
        visit(VALID, []);
        const path = places[1 + (seed % (places.length - 1))] ?? [];
        try {
          parseManifest(changed(path, value), 'm.json');
        } catch (error) {
          assert.ok(error instanceof KheadersPackError && error.code === 'E_MANIFEST', String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
