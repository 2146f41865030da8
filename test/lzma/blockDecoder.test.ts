import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { liblzma } from '../../src/lzma/liblzma.js';
import { presetOptions, radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
import type { Lzma2Options } from '../../src/model/lzma2.js';
import { deBruijn, fibonacci, periodic } from './awkward.js';
import { byLiblzma, byOurs } from './decoders.js';
import { headerText, randomBytes } from './lzmaSamples.js';

const RADIX: Lzma2Options = radixPresetOptions(6, false);
const LIBLZMA: Lzma2Options = presetOptions(6, false);
const DICTIONARY = 2 ** 22;
/** Chunks that store a byte each: reset of the dictionary first, then without. */
const STORED_RESET = [0x01, 0, 0];
const STORED = [0x02, 0, 0];

const INPUTS: readonly (readonly [string, Buffer])[] = [
  ['no byte', Buffer.alloc(0)],
  ['one byte', Buffer.from('x')],
  ['text', headerText(700_000, 1)],
  ['random bytes', randomBytes(300_000, 2)],
  ['zeros', Buffer.alloc(1_000_000)],
  ['random bytes, twice', Buffer.concat([randomBytes(300_000, 6), randomBytes(300_000, 6)])],
  [
    'text and random bytes in turn',
    Buffer.concat([1, 2, 3, 4].flatMap(n => [headerText(9000 * n, n), randomBytes(9000, n)])),
  ],
  ['a de Bruijn sequence', deBruijn(2, 17)],
  ['a Fibonacci string', fibonacci(300_000)],
  // Copies of one byte after the other, up to those that go by words.
  ...Array.from({ length: 20 }, (_, i) => [`periods of ${i + 1}`, periodic(5000, i + 1, i + 1)] as const),
];

function encode(codec: typeof radix, input: Uint8Array, options: Lzma2Options): Buffer {
  return Buffer.concat(codec.encode(input, options));
}

describe('the decoder of Blocks', () => {
  for (const [title, input] of INPUTS) {
    it(`gives ${title} back, from both encoders`, () => {
      assert.ok(byOurs(encode(radix, input, RADIX), RADIX.dictionarySize)?.equals(input));
      assert.ok(byOurs(encode(liblzma, input, LIBLZMA), LIBLZMA.dictionarySize)?.equals(input));
    });
  }

  it('takes every lc, lp and pb', () => {
    const input = headerText(30_000, 3);
    for (let lc = 0; lc <= 4; lc++) {
      for (let lp = 0; lc + lp <= 4; lp++) {
        for (let pb = 0; pb <= 4; pb++) {
          const data = encode(liblzma, input, { ...LIBLZMA, lc, lp, pb });
          assert.ok(byOurs(data, DICTIONARY)?.equals(input), `lc ${lc}, lp ${lp}, pb ${pb}`);
        }
      }
    }
  });

  it('begins anew where the dictionary is reset in the middle', () => {
    const parts = [headerText(20_001, 4), headerText(30_003, 4)];
    const [first, second] = parts.map(part => encode(liblzma, part, { ...LIBLZMA, lc: 0, lp: 2, pb: 3 })) as [
      Buffer,
      Buffer,
    ];
    const data = Buffer.concat([first.subarray(0, -1), second]);
    assert.ok(byOurs(data, DICTIONARY)?.equals(Buffer.concat(parts)));
  });

  it('takes a hundred thousand chunks of a byte each', () => {
    const input = randomBytes(100_000, 5);
    const chunks = [...input].map((byte, i) => Buffer.from([...(i === 0 ? STORED_RESET : STORED), byte]));
    assert.ok(byOurs(Buffer.concat([...chunks, Buffer.alloc(1)]), DICTIONARY)?.equals(input));
  });

  it('finds matches that reach back further than the dictionary, or before its reset', () => {
    const half = randomBytes(10_000, 6);
    const input = Buffer.concat([half, half]);
    const data = encode(liblzma, input, LIBLZMA);
    assert.ok(byOurs(data, 10_000)?.equals(input));
    assert.equal(byOurs(data, 9_999), null);
    // The same chunks behind a stored one: their dictionary does not hold what was there before.
    const match = encode(liblzma, Buffer.alloc(300, 'x'), LIBLZMA);
    assert.ok(byOurs(match, DICTIONARY));
    const literal = [STORED_RESET[0] as number, 0, 0, 0x78];
    const withReset = Buffer.concat([Buffer.from(literal), match]);
    assert.equal(byOurs(withReset, DICTIONARY)?.length, 301);
  });

  it('forgets a Block before it decodes the next, and a damaged one too', () => {
    const [large, small] = [headerText(1_500_000, 7), headerText(5000, 8)];
    const data = encode(radix, small, RADIX);
    assert.ok(byOurs(encode(radix, large, RADIX), RADIX.dictionarySize)?.equals(large));
    assert.ok(byOurs(data, RADIX.dictionarySize)?.equals(small));
    const damaged = Buffer.from(data);
    damaged.fill(0xaa, data.length / 2);
    assert.equal(byOurs(damaged, RADIX.dictionarySize), null);
    assert.ok(byOurs(data, RADIX.dictionarySize)?.equals(small));
  });
});

describe('damage', () => {
  const input = Buffer.concat([headerText(700, 9), randomBytes(40, 9), headerText(500, 9)]);
  const data = encode(liblzma, input, LIBLZMA);

  it('to any byte is found where liblzma finds it, and otherwise gives what liblzma gives', () => {
    let refused = 0;
    let different = 0;
    for (let at = 0; at < data.length; at++) {
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = Buffer.from(data);
        damaged[at] = (damaged[at] as number) ^ flip;
        const [ours, theirs] = [byOurs(damaged, DICTIONARY), byLiblzma(damaged, DICTIONARY)];
        if (ours === null) refused++;
        else if (!ours.equals(input)) different++;
        assert.deepEqual(ours, theirs, `byte ${at}, bits ${flip}`);
      }
    }
    assert.ok(refused > 0 && different > 0, `${refused} refused, ${different} decoded to something else`);
  });

  it('that cuts chunks short, with sizes put right, is found', () => {
    for (let left = 5; left < data.length - 7; left += 3) {
      const cut = Buffer.concat([data.subarray(0, 6 + left), Buffer.alloc(1)]);
      cut.writeUInt16BE(left - 1, 3);
      assert.equal(byOurs(cut, DICTIONARY), null, `${left} bytes`);
      assert.equal(byLiblzma(cut, DICTIONARY), null, `${left} bytes`);
    }
  });
});
