import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { KheadersPackError } from '../../src/errors.js';
import { CODEC_NAMES, codecNamed, DEFAULT_CODEC } from '../../src/lzma/codec.js';
import * as encoder from '../../src/lzma/liblzma.js';
import { presetOptions } from '../../src/lzma/presets.js';
import type { Lzma2Options } from '../../src/model/lzma2.js';
import { headerText, randomBytes } from './lzmaSamples.js';

const OPTIONS: Lzma2Options = { ...presetOptions(6, false), dictionarySize: 4 * 2 ** 20 };

/** LZMA2 data come in pieces; where they are cut is of no importance here. */
function encode(input: Uint8Array, options: Lzma2Options): Buffer {
  return Buffer.concat(encoder.liblzma.encode(input, options));
}

function encodeInSteps(input: Uint8Array, options: Lzma2Options, stepSize: number): Buffer {
  return Buffer.concat(encoder.encodeInSteps(input, options, stepSize));
}

const python = spawnSync('python3', ['-c', 'import lzma']).status === 0 ? false : "python3's lzma is not here";
const DECODER = `import sys, lzma
decoder = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": int(sys.argv[1])}])
sys.stdout.buffer.write(decoder.decompress(sys.stdin.buffer.read()))
assert decoder.eof and not decoder.unused_data`;

/** Decodes LZMA2 data and checks that nothing follows its end marker. */
function decode(lzma2: Uint8Array, dictionarySize: number): Buffer {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', DECODER, String(dictionarySize)], {
    input: lzma2,
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, String(stderr));
  return stdout;
}

const INPUTS: readonly [string, Buffer][] = [
  ['no byte', Buffer.alloc(0)],
  ['one byte', Buffer.from('Y')],
  ['text', headerText(150_000, 1)],
  ['"YZ" alone', Buffer.from('YZ')],
  ['"YZ" over and over', Buffer.from('YZ'.repeat(30_000))],
  ['"YZ" here and there', Buffer.from('a YZ\0Y Z YYZZ\n'.repeat(3000))],
  ['random bytes', randomBytes(150_000, 2)],
  ['zeros', Buffer.alloc(3_000_000)],
  ['text after random bytes', Buffer.concat([randomBytes(70_000, 3), headerText(70_000, 4)])],
];

describe('the encoder', () => {
  for (const [title, input] of INPUTS) {
    it(`gives ${title} back`, { skip: python }, () => {
      const lzma2 = encode(input, OPTIONS);
      assert.equal(decode(lzma2, OPTIONS.dictionarySize).compare(input), 0);
    });

    it(`makes the same bytes of ${title}, whatever the steps of its input`, () => {
      const whole = encodeInSteps(input, OPTIONS, Math.max(1, input.length));
      const steps = input.length > 200_000 ? [65_536, 262_144] : [997, 4096, 65_536];
      for (const step of steps) assert.equal(Buffer.compare(encodeInSteps(input, OPTIONS, step), whole), 0, `${step}`);
    });
  }

  it('takes steps of one byte', () => {
    const input = Buffer.from(`YZ${headerText(2000, 5).toString()}YZ`);
    assert.deepEqual(encodeInSteps(input, OPTIONS, 1), encodeInSteps(input, OPTIONS, input.length));
  });

  it('leaves its input as it was, and makes the same bytes again', () => {
    const input = headerText(10_000, 6);
    const before = Buffer.from(input);
    const first = encode(input, OPTIONS);
    assert.deepEqual(encode(input, OPTIONS), first);
    assert.deepEqual(input, before);
  });

  it('begins a Block with a dictionary reset and ends it with the end marker', () => {
    const compressed = encode(headerText(10_000, 7), OPTIONS);
    assert.ok((compressed[0] ?? 0) >= 0xe0);
    assert.equal(compressed.at(-1), 0);
    assert.equal(encode(randomBytes(100, 8), OPTIONS)[0], 0x01);
    assert.deepEqual([...encode(Buffer.alloc(0), OPTIONS)], [0]);
  });

  it('heeds every option', () => {
    const input = headerText(60_000, 9);
    const plain = encode(input, OPTIONS);
    const changes: Partial<Lzma2Options>[] = [
      { dictionarySize: 4096 },
      { lc: 0 },
      { lc: 3, lp: 1 },
      { pb: 2 },
      { mode: 'fast' },
      { niceLength: 8 },
      { matchFinder: 'hc4' },
      { matchFinder: 'bt2' },
      { depth: 1 },
    ];
    for (const change of changes) {
      const other = encode(input, { ...OPTIONS, ...change });
      assert.notEqual(Buffer.compare(plain, other), 0, JSON.stringify(change));
    }
  });

  it('writes lc, lp and pb into the properties byte of the first LZMA2 chunk', () => {
    const propertiesOf = (change: Partial<Lzma2Options>): number | undefined =>
      encode(headerText(5000, 10), { ...OPTIONS, ...change })[5];
    // Five bytes of control and sizes, then (pb * 5 + lp) * 9 + lc.
    assert.equal(propertiesOf({}), 4);
    assert.equal(propertiesOf({ lc: 1, lp: 2, pb: 3 }), (3 * 5 + 2) * 9 + 1);
  });
});

describe('options that liblzma refuses', () => {
  const refused: [string, Partial<Lzma2Options>][] = [
    ['lc + lp over 4', { lc: 4, lp: 1 }],
    ['pb over 4', { pb: 5 }],
    ['a dictionary under 4 KiB', { dictionarySize: 4095 }],
    ['a dictionary over 1.5 GiB', { dictionarySize: 1.5 * 2 ** 30 + 1 }],
    ['a nice length of 1', { niceLength: 1 }],
    ['a nice length of 274', { niceLength: 274 }],
  ];
  for (const [title, change] of refused) {
    it(`${title}: E_CODEC, with the codec named`, () => {
      assert.throws(
        () => encode(Buffer.from('x'), { ...OPTIONS, ...change }),
        (error: unknown) => {
          assert.ok(error instanceof KheadersPackError && error.code === 'E_CODEC');
          assert.match(error.message, /^Cannot run codec "liblzma\/5\.2\.3": \S/);
          return true;
        },
      );
    });
  }

  it('leave the encoder usable', () => {
    assert.throws(() => encode(Buffer.from('x'), { ...OPTIONS, pb: 5 }));
    assert.ok(encode(Buffer.from('x'), OPTIONS).length > 1);
  });
});

describe('the codec', () => {
  it('is found by name and states its version', () => {
    assert.deepEqual(codecNamed('liblzma').id, { name: 'liblzma', version: '5.2.3' });
    assert.deepEqual(codecNamed(DEFAULT_CODEC).id, { name: 'radix', version: '2' });
    for (const name of CODEC_NAMES) assert.equal(codecNamed(name).id.name, name);
  });

  it('that is not known is E_CODEC, not another codec', () => {
    for (const name of ['', 'xz', 'LIBLZMA', 'toString', '__proto__']) {
      assert.throws(() => codecNamed(name), { code: 'E_CODEC' }, name);
    }
  });

  it('liblzma/5.2.3 makes the bytes that it always made', () => {
    // When this digest has to move, the codec needs a new version: archives change with it.
    const input = Buffer.concat([headerText(2 ** 20, 11), randomBytes(2 ** 14, 12), Buffer.alloc(10_000)]);
    const digest = createHash('sha256').update(encode(input, OPTIONS)).digest('hex');
    assert.equal(digest, 'a299db11ed288066997c0da271b383fa99e1d549610ad3f4b73df4cd123635d4');
  });
});
