import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
import type { Lzma2Options } from '../../src/model/lzma2.js';
import { xorshift } from '../bytes/xorshift.js';
import { deBruijn, type Encoded, fibonacci, NO_PYTHON, periodic, requireDecodable } from './awkward.js';
import { headerText, randomBytes } from './lzmaSamples.js';

const OPTIONS: Lzma2Options = radixPresetOptions(6, false);
const MODES = ['fast', 'normal', 'max'] as const;

function encode(input: Uint8Array, options: Lzma2Options): Buffer {
  return Buffer.concat(radix.encode(input, options));
}

function encoded(input: Buffer, options: Lzma2Options, title: string): Encoded {
  return { lzma2: encode(input, options), input, dictionarySize: options.dictionarySize, title };
}

const INPUTS: readonly [string, Buffer][] = [
  ['no byte', Buffer.alloc(0)],
  ['one byte', Buffer.from('x')],
  ['two equal bytes', Buffer.from('aa')],
  ['text', headerText(150_000, 1)],
  ['text of several slices', headerText(3_300_000, 2)],
  ['random bytes', randomBytes(150_000, 2)],
  ['random bytes of several slices', randomBytes(2_200_000, 3)],
  ['zeros', Buffer.alloc(3_000_000)],
  ['text after random bytes', Buffer.concat([randomBytes(70_000, 3), headerText(70_000, 4)])],
  ['random bytes after text', Buffer.concat([headerText(200_000, 4), randomBytes(200_000, 5)])],
  ['random bytes, twice', Buffer.concat([randomBytes(300_000, 6), randomBytes(300_000, 6)])],
  ['a de Bruijn sequence of two symbols', deBruijn(2, 17)],
  ['a de Bruijn sequence of 256 symbols', deBruijn(256, 2)],
  ['a Fibonacci string', fibonacci(300_000)],
  ['two bytes in turn', periodic(400_000, 2, 1)],
  ['words whose hashes differ in one bit', oneBitApart()],
];

/** Pairs of words of six bytes whose hashes of 48 bits (`assembly/sort.ts`) differ in one bit alone, for each of the bits. */
function oneBitApart(): Buffer {
  const modulus = 2n ** 48n;
  const factor = 0x9e3779b97f4a7c15n % modulus;
  let inverse = 1n;
  for (let known = 1; known < 48; known *= 2) inverse = (inverse * (2n - factor * inverse)) % modulus;
  const random = xorshift(9);
  const wordOf = (hash: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE((((hash * inverse) % modulus) + modulus) % modulus);
    return bytes.subarray(0, 6);
  };
  const pieces = Array.from({ length: 48 }, (_, bit) => {
    const hash = BigInt(random() >>> 0) * 2n ** 16n + BigInt(random() >>> 16);
    return [hash, hash ^ (1n << BigInt(bit))].map(each => Buffer.concat([wordOf(each), randomBytes(9, 1 + bit)]));
  });
  return Buffer.concat(pieces.flat());
}

describe('the radix encoder', () => {
  for (const [title, input] of INPUTS) {
    it(`gives ${title} back at every effort`, { skip: NO_PYTHON }, () => {
      requireDecodable(MODES.map(mode => encoded(input, { ...OPTIONS, mode }, mode)));
    });
  }

  it('gives strings of every length to 300 and of every period to 300 back', { skip: NO_PYTHON }, () => {
    const text = headerText(300, 7);
    const all: Encoded[] = [];
    for (let n = 1; n <= 300; n++) {
      all.push(encoded(text.subarray(0, n), OPTIONS, `length ${n}`));
      all.push(encoded(periodic(n * 3 + 2000, n, n), OPTIONS, `period ${n}`));
    }
    requireDecodable(all);
  });

  it('takes every lc, lp and pb', { skip: NO_PYTHON }, () => {
    const input = headerText(20_000, 8);
    const all: Encoded[] = [];
    for (let lc = 0; lc <= 4; lc++) {
      for (let lp = 0; lc + lp <= 4; lp++) {
        for (let pb = 0; pb <= 4; pb++) {
          all.push(encoded(input, { ...OPTIONS, lc, lp, pb }, `${lc} ${lp} ${pb}`));
        }
      }
    }
    requireDecodable(all);
    assert.equal(new Set(all.map(({ lzma2 }) => lzma2.toString('base64'))).size, 75, 'each makes other bytes');
  });

  it('reaches no farther back than the dictionary', { skip: NO_PYTHON }, () => {
    const half = randomBytes(100_000, 9);
    const input = Buffer.concat([half, half]);
    requireDecodable([encoded(input, { ...OPTIONS, dictionarySize: 65_536 }, 'a dictionary of 64 KiB')]);
    const near = encode(input, { ...OPTIONS, dictionarySize: 65_536 }).length;
    const far = encode(input, { ...OPTIONS, dictionarySize: 131_072 }).length;
    assert.ok(near > 190_000 && far < 110_000, `${near} ${far}`);
  });

  it('gives inputs made of copies, edits and noise back, under settings of every kind', { skip: NO_PYTHON }, () => {
    const next = xorshift(10);
    const all: Encoded[] = [];
    for (let round = 0; round < 60; round++) {
      const pieces: Buffer[] = [headerText(1 + (next() % 3000), next())];
      for (let n = next() % 40; n > 0; n--) {
        const whole = Buffer.concat(pieces);
        const from = next() % whole.length;
        const kind = next() % 4;
        if (kind === 0) pieces.push(randomBytes(1 + (next() % 300), next()));
        else if (kind === 1) pieces.push(Buffer.alloc(1 + (next() % 600), next() % 256));
        else pieces.push(whole.subarray(from, from + 1 + (next() % 2000)));
      }
      const lc = next() % 5;
      const lp = next() % (5 - lc);
      const options: Lzma2Options = {
        ...OPTIONS,
        ...{ lc, lp, pb: next() % 5, niceLength: 8 + (next() % 266), mode: MODES[next() % 3] ?? 'fast' },
        dictionarySize: 4096 << (next() % 5),
      };
      all.push(encoded(Buffer.concat(pieces), options, `round ${round}: ${JSON.stringify(options)}`));
    }
    requireDecodable(all);
  });

  it('makes smaller data the harder it tries', () => {
    const input = headerText(500_000, 11);
    const [fast = 0, normal = 0, max = 0] = MODES.map(mode => encode(input, { ...OPTIONS, mode }).length);
    assert.ok(max < normal && normal < fast, `${fast} ${normal} ${max}`);
  });

  it('does not depend on what it encoded before', () => {
    const input = headerText(100_000, 12);
    const first = encode(input, OPTIONS);
    encode(randomBytes(200_000, 13), { ...OPTIONS, lc: 0, pb: 2, mode: 'max' });
    assert.deepEqual(encode(input, OPTIONS), first);
  });

  it('begins a Block with a dictionary reset, every slice with a state reset and properties, and ends it with the end marker', () => {
    const [first, second, third, end] = radix.encode(headerText(3 * 2 ** 20, 14), OPTIONS);
    assert.ok((first?.[0] ?? 0) >= 0xe0);
    for (const slice of [second, third]) assert.equal((slice?.[0] ?? 0) & 0xe0, 0xc0);
    assert.equal(first?.[5], 4, 'lc=4, lp=0, pb=0');
    assert.deepEqual([...(end ?? [])], [0]);
    assert.equal(encode(randomBytes(100, 15), OPTIONS)[0], 0x01, 'stored, with a dictionary reset');
    assert.deepEqual([...encode(Buffer.alloc(0), OPTIONS)], [0]);
  });

  it('refuses options beyond its tables, naming itself and another codec', () => {
    for (const change of [{ lc: 4, lp: 1 }, { pb: 5 }, { niceLength: 7 }, { niceLength: 274 }]) {
      assert.throws(() => encode(Buffer.from('x'), { ...OPTIONS, ...change }), {
        code: 'E_CODEC',
        message: /^Cannot run codec "radix\/2": .*--codec liblzma/,
      });
    }
  });

  it('radix/2 makes the bytes that it always made, at every effort', () => {
    // When one of these has to move, the codec needs a new version: archives change with it.
    const input = Buffer.concat([headerText(2 ** 21, 16), randomBytes(2 ** 14, 17), Buffer.alloc(10_000)]);
    const digests = MODES.map(mode =>
      createHash('sha256')
        .update(encode(input, { ...OPTIONS, mode }))
        .digest('hex'),
    );
    assert.deepEqual(digests, [
      'bb0e266d246bbe693fa962e1fbbb3571aee44a975d687f760b31720c7caa02ff',
      '72d831ba81a1af7a68b71411b9bfe65d0108d3e69558565d949aae9be76bbc81',
      '2e41748666e8f90102e0292511df88e27807522816de158435d279d414813731',
    ]);
  });
});
