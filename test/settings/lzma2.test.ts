import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presetOptions, radixPresetOptions } from '../../src/lzma/presets.js';
import { type Lzma2Choice, resolveLzma2 } from '../../src/settings/lzma2.js';

const MIB = 2 ** 20;
const NOTHING: Lzma2Choice = {
  preset: undefined,
  lzma2: undefined,
  allowLargeDictionary: false,
  codec: 'liblzma',
  blockSize: 4 * MIB,
};
const resolve = (change: Partial<Lzma2Choice>): ReturnType<typeof resolveLzma2> =>
  resolveLzma2({ ...NOTHING, ...change });

test('preset 6 is the default, with a dictionary no larger than a Block', () => {
  assert.deepEqual(resolve({}), { ...presetOptions(6, false), dictionarySize: 4 * MIB });
  assert.equal(resolve({ blockSize: 64 * MIB }).dictionarySize, 8 * MIB);
  assert.equal(resolve({ blockSize: 5 * MIB }).dictionarySize, 6 * MIB);
  assert.equal(resolve({ blockSize: 4096 }).dictionarySize, 4096);
});

test('a preset is named by the option or inside --lzma2, not by both', () => {
  const blockSize = 1024 * MIB;
  assert.deepEqual(resolve({ preset: '9e', blockSize }), presetOptions(9, true));
  assert.deepEqual(resolve({ lzma2: 'preset=3', blockSize }), presetOptions(3, false));
  assert.throws(() => resolve({ preset: '3', lzma2: 'preset=3' }), { code: 'E_OPTION_CONFLICT' });
});

test('every key of --lzma2 changes its own option and no other', () => {
  const table = {
    'dict=1MiB': { dictionarySize: MIB },
    'dict=65536': { dictionarySize: 65_536 },
    'dict=5000': { dictionarySize: 6144 },
    'lc=0': { lc: 0 },
    'lc=2,lp=2': { lc: 2, lp: 2 },
    'pb=4': { pb: 4 },
    'mode=fast': { mode: 'fast' },
    'nice=273': { niceLength: 273 },
    'mf=hc3': { matchFinder: 'hc3' },
    'depth=1000': { depth: 1000 },
    'depth=0': { depth: 0 },
    'nice=10,nice=20': { niceLength: 20 },
    ',nice=20,': { niceLength: 20 },
  };
  for (const [lzma2, change] of Object.entries(table))
    assert.deepEqual(resolve({ lzma2 }), { ...resolve({}), ...change });
});

test('a dictionary that is named is not bounded by the block size', () => {
  assert.equal(resolve({ lzma2: 'dict=64MiB' }).dictionarySize, 64 * MIB);
});

test('a dictionary over 64 MiB has to be allowed', () => {
  assert.throws(() => resolve({ lzma2: 'dict=65MiB' }), {
    code: 'E_OPTION_VALUE',
    message: /--allow-large-dictionary/,
  });
  const allowed = (lzma2: string): number => resolve({ lzma2, allowLargeDictionary: true }).dictionarySize;
  assert.equal(allowed('dict=96MiB'), 96 * MIB);
  assert.equal(allowed('dict=1536MiB'), 1536 * MIB);
  assert.throws(() => allowed('dict=1537MiB'), { code: 'E_OPTION_VALUE' });
});

test('values out of range, unknown keys and half pairs are refused with what was expected', () => {
  const refused = [
    'lc=5',
    'lc=-1',
    'lc=',
    'lc',
    '=4',
    'lc=4,lp=1',
    'lp=5',
    'pb=5',
    'mode=slow',
    'nice=1',
    'nice=274',
    'nice=3,mf=bt4',
    'nice=2,mf=hc3',
    'mf=bt5',
    'mf=BT4',
    'depth=x',
    'depth=1e3',
    'depth=2147483648',
    'dict=4095',
    'dict=big',
    'preset=10',
    'preset=6x',
    'level=6',
    'toString=1',
    'lc=3 ',
  ];
  for (const lzma2 of refused) {
    assert.throws(() => resolve({ lzma2 }), { code: 'E_OPTION_VALUE', message: /--lzma2.*expected \S/ }, lzma2);
  }
  for (const preset of ['', '10', '-1', 'e', '6E', '6ee', 'best']) {
    assert.throws(() => resolve({ preset }), { code: 'E_OPTION_VALUE', message: /--preset/ }, preset);
  }
});

test('radix: presets 0 to 3 are fast, 4 to 6 normal, 7 to 9 and every e max, with the Block as dictionary', () => {
  const modeOf = (preset: string): string => resolve({ codec: 'radix', preset }).mode;
  assert.deepEqual(['0', '3', '4', '6', '7', '9', '0e'].map(modeOf), [
    ...['fast', 'fast', 'normal', 'normal', 'max', 'max', 'max'],
  ]);
  assert.equal(resolve({ codec: 'radix', blockSize: 32 * MIB }).dictionarySize, 32 * MIB);
  assert.equal(resolve({ codec: 'radix', blockSize: 5 * MIB }).dictionarySize, 6 * MIB);
  const chosen = resolve({ codec: 'radix', lzma2: 'lc=3,pb=2,nice=40,mode=max,dict=1MiB' });
  assert.deepEqual(chosen, { ...radixPresetOptions(9, false), lc: 3, pb: 2, niceLength: 40, dictionarySize: MIB });
});

test('radix: options of another match finder are refused', () => {
  for (const lzma2 of ['mf=bt4', 'depth=10', 'nice=7', 'mode=best', 'dict=128MiB']) {
    assert.throws(() => resolve({ codec: 'radix', lzma2 }), { code: 'E_OPTION_VALUE' }, lzma2);
  }
  for (const lzma2 of ['mf=radix', 'mode=max']) {
    assert.throws(() => resolve({ lzma2 }), { code: 'E_OPTION_VALUE' }, lzma2);
  }
  assert.throws(() => resolve({ codec: 'radix', lzma2: 'dict=128MiB', allowLargeDictionary: true }), /64MiB/);
});
