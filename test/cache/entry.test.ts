import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ENTRY_OVERHEAD, encodeEntry, openEntry, type Seal } from '../../src/cache/entry.js';
import { seal, sealOf, unseal } from '../../src/cache/sealed.js';
import type { EncodedBlock } from '../../src/xz/block.js';

const KEY = '0123456789abcdef'.repeat(4);
const SECRET: Seal = { kind: 'secret', secret: Buffer.alloc(32, 7) };
const BLOCK: EncodedBlock = {
  bytes: Uint8Array.from({ length: 60 }, (_, i) => i),
  unpaddedSize: 58,
  uncompressedSize: 2 ** 33 + 5,
};

describe('an entry of the cache', () => {
  it('gives back the Block that it was made of, under a secret and without one', () => {
    for (const each of [SECRET, { kind: 'open' } as const]) {
      const opened = openEntry(encodeEntry(KEY, BLOCK, each), KEY, each);
      assert.ok(opened.kind === 'block');
      assert.deepEqual({ ...opened.block, bytes: [...opened.block.bytes] }, { ...BLOCK, bytes: [...BLOCK.bytes] });
    }
  });

  it('is refused when any one of its bits is another', () => {
    const entry = encodeEntry(KEY, BLOCK, SECRET);
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const changed = Buffer.from(entry);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const opened = openEntry(changed, KEY, SECRET);
      assert.deepEqual(
        opened,
        { kind: 'bad', reason: bit < ENTRY_OVERHEAD * 8 ? 'not ours' : 'damaged' },
        `bit ${bit}`,
      );
    }
  });

  it('is refused at every length but its own', () => {
    const entry = Buffer.concat([encodeEntry(KEY, BLOCK, SECRET), Buffer.alloc(8)]);
    for (let length = 0; length <= entry.length; length++) {
      if (length === entry.length - 8) continue;
      const opened = openEntry(entry.subarray(0, length), KEY, SECRET);
      assert.deepEqual(opened, { kind: 'bad', reason: 'truncated' }, `length ${length}`);
    }
  });

  it('is refused under another key, another secret, or without one', () => {
    const entry = encodeEntry(KEY, BLOCK, SECRET);
    const other: Seal = { kind: 'secret', secret: Buffer.alloc(32, 8) };
    assert.equal(openEntry(entry, KEY.replace('0', '1'), SECRET).kind, 'bad');
    assert.equal(openEntry(entry, KEY, other).kind, 'bad');
    assert.equal(openEntry(entry, KEY, { kind: 'open' }).kind, 'bad');
    assert.equal(openEntry(encodeEntry(KEY, BLOCK, { kind: 'open' }), KEY, SECRET).kind, 'bad');
  });

  it('is refused when it is anything at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        assert.equal(openEntry(Buffer.from(bytes), KEY, SECRET).kind, 'bad');
        assert.equal(openEntry(Buffer.from(bytes), KEY, { kind: 'open' }).kind, 'bad');
      }),
    );
  });
});

describe('sealed bytes', () => {
  const bytes = Buffer.from('what an index holds');
  const sealed = Buffer.concat([...seal('stat index', KEY, () => [bytes], 'a secret of some length').pieces]);

  it('are given back under their kind, name and secret, and under no other', () => {
    assert.deepEqual(unseal('stat index', KEY, sealed, 'a secret of some length'), bytes);
    assert.equal(unseal('outline', KEY, sealed, 'a secret of some length'), null);
    assert.equal(unseal('stat index', KEY.slice(1), sealed, 'a secret of some length'), null);
    assert.equal(unseal('stat index', KEY, sealed, 'another secret'), null);
  });

  it('are refused when a bit or a byte is another, or missing', () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      assert.equal(unseal('stat index', KEY, changed, 'a secret of some length'), null);
      assert.equal(unseal('stat index', KEY, sealed.subarray(0, i), 'a secret of some length'), null);
    }
  });

  it('have another seal for other bytes', () => {
    const sealing = (of: Buffer): string => seal('stat index', KEY, () => [of], 's').id;
    assert.notEqual(sealing(Buffer.from('x')), sealing(bytes));
  });

  it('are the same in whatever pieces they come, with the id that is read from them', () => {
    for (const at of [0, 1, 2, bytes.length]) {
      const inTwo = seal(
        'stat index',
        KEY,
        () => [bytes.subarray(0, at), bytes.subarray(at)],
        'a secret of some length',
      );
      assert.deepEqual(Buffer.concat([...inTwo.pieces]), sealed);
      assert.equal(inTwo.id, sealOf(sealed));
    }
  });
});
