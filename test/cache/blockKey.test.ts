import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { blockKey } from '../../src/cache/blockKey.js';
import type { PlannedEntry, PlannedRegular } from '../../src/model/plan.js';
import type { EncodingSettings } from '../../src/model/settings.js';
import type { BlockInput } from '../../src/pool/protocol.js';
import { CONTENT } from '../plan/planSamples.js';

type Entries = Extract<BlockInput, { kind: 'entries' }>;

const DIGEST = 'ab'.repeat(32);
const FILE: PlannedRegular = {
  kind: 'regular',
  name: fromLatin1('./include/a.h'),
  mode: 0o644,
  size: 100,
  source: { location: fromLatin1('/tree/include/a.h'), strip: 'comments', digest: DIGEST },
};
const LINK: PlannedEntry = {
  kind: 'symlink',
  name: fromLatin1('./include/l.h'),
  mode: 0o644,
  target: fromLatin1('a.h'),
};
const INPUT: Entries = {
  kind: 'entries',
  block: { first: 4, end: 6, skip: 0, size: 1536 },
  entries: [FILE, LINK],
  mtime: 7,
};
const { encoding: ENCODING } = CONTENT;
const withEntry = (entry: PlannedEntry): Entries => ({ ...INPUT, entries: [entry, LINK] });

/** Each changes one thing that the Block's bytes depend on. */
const OTHER_INPUTS: Readonly<Record<string, BlockInput>> = {
  'the content': withEntry({ ...FILE, source: { ...FILE.source, digest: 'cd'.repeat(32) } }),
  'the size': withEntry({ ...FILE, size: 101 }),
  'the mode': withEntry({ ...FILE, mode: 0o755 }),
  'the name': withEntry({ ...FILE, name: fromLatin1('./include/b.h') }),
  'the kind': withEntry({ kind: 'hardlink', name: FILE.name, mode: 0o644, target: fromLatin1('./include/z.h') }),
  'a link target': { ...INPUT, entries: [FILE, { ...LINK, target: fromLatin1('b.h') }] },
  'symbolic or hard': { ...INPUT, entries: [FILE, { ...LINK, kind: 'hardlink' }] },
  'the order': { ...INPUT, entries: [LINK, FILE] },
  'one entry less': { ...INPUT, entries: [FILE] },
  'one entry more': { ...INPUT, entries: [FILE, LINK, LINK] },
  'the time stamp': { ...INPUT, mtime: 8 },
  'what of the first entry is left out': { ...INPUT, block: { ...INPUT.block, skip: 512 } },
  'where the last entry ends': { ...INPUT, block: { ...INPUT.block, size: 1024 } },
  'an end of the archive': { kind: 'zeros', size: 1536 },
  'bytes of a tar': { kind: 'bytes', pieces: [new Uint8Array(1536)], size: 1536 },
};

const { lzma2 } = ENCODING;
const OTHER_ENCODINGS: Readonly<Record<string, EncodingSettings>> = {
  'the codec': { ...ENCODING, codec: { ...ENCODING.codec, name: 'other' } },
  'its version': { ...ENCODING, codec: { ...ENCODING.codec, version: '5.2.4' } },
  'the Check': { ...ENCODING, check: 'crc32' },
  ...Object.fromEntries(
    Object.entries(lzma2).map(([name, value]) => {
      const other = typeof value === 'number' ? value + 1 : `${value}x`;
      return [`LZMA2's ${name}`, { ...ENCODING, lzma2: { ...lzma2, [name]: other } }];
    }),
  ),
};

describe('the key of a Block', () => {
  it('differs with each thing that the bytes depend on', () => {
    const keys = new Map([[blockKey(INPUT, ENCODING), 'the Block itself']]);
    const all = [
      ...Object.entries(OTHER_INPUTS).map(([what, input]) => [what, blockKey(input, ENCODING)] as const),
      ...Object.entries(OTHER_ENCODINGS).map(([what, encoding]) => [what, blockKey(INPUT, encoding)] as const),
    ];
    assert.equal(Object.keys(OTHER_ENCODINGS).length, 3 + 8);
    for (const [what, key] of all) {
      assert.match(key, /^[0-9a-f]{64}$/);
      assert.equal(keys.get(key), undefined, `${what} does not matter, or as ${keys.get(key)} does`);
      keys.set(key, what);
    }
  });

  it('is the same for the same Block, wherever it lies and however its settings were put together', () => {
    const moved: BlockInput = {
      ...INPUT,
      block: { ...INPUT.block, first: 0, end: 2 },
      entries: [{ ...FILE, source: { ...FILE.source, location: fromLatin1('/elsewhere/a.h') } }, LINK],
    };
    const reversed = Object.fromEntries(Object.entries(lzma2).reverse()) as unknown as typeof lzma2;
    const { codec, check } = ENCODING;
    assert.equal(blockKey(moved, { check, lzma2: reversed, codec }), blockKey(INPUT, ENCODING));
  });

  it('does not mistake one list of names for another', () => {
    // Names of the bytes that could be taken for separators, or for another field.
    const name = fc
      .array(fc.constantFrom('a', '\n', '0', '1', ' ', '\x01', 'ÿ'), { maxLength: 4 })
      .map(parts => parts.join(''));
    const entry = fc.tuple(name, name).map(([path, target]): PlannedEntry => {
      return { kind: 'symlink', name: fromLatin1(`./${path}`), mode: 0o644, target: fromLatin1(target) };
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 3 }), fc.array(entry, { maxLength: 3 }), (one, two) => {
        const isSame = JSON.stringify(one) === JSON.stringify(two);
        const [first, second] = [one, two].map(entries => blockKey({ ...INPUT, entries }, ENCODING));
        assert.equal(first === second, isSame);
      }),
    );
  });
});
