import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHUNK_HEADER_MAX, ChunkReader } from '../../src/lzma/chunk.js';
import { liblzma } from '../../src/lzma/liblzma.js';
import { presetOptions, radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
import type { Lzma2Options } from '../../src/model/lzma2.js';
import { PLACE } from '../xz/fault.js';
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

const SETS_PROPERTIES = 0xc0;
const RESETS_DICTIONARY = 0x20;

/** Where chunks that are not stored begin. */
function lzmaChunksOf(data: Buffer): number[] {
  const found: number[] = [];
  const chunks = new ChunkReader();
  for (let at = 0; ; ) {
    const chunk = chunks.next(data.subarray(at, at + CHUNK_HEADER_MAX), PLACE);
    if (chunk === null) return found;
    if ((data[at] as number) >= 0x80) found.push(at);
    at += chunk.size;
  }
}

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

  it('finds matches that reach back further than the dictionary', () => {
    const half = randomBytes(10_000, 6);
    const data = encode(liblzma, Buffer.concat([half, half]), LIBLZMA);
    assert.ok(byOurs(data, 10_000)?.equals(Buffer.concat([half, half])));
    assert.equal(byOurs(data, 9_999), null);
  });

  it('finds matches that reach back before a reset of the dictionary', () => {
    const half = randomBytes(300_000, 6);
    const data = encode(liblzma, Buffer.concat([half, half]), { ...LIBLZMA, lc: 0, lp: 0, pb: 0 });
    const [first] = lzmaChunksOf(data).filter(at => (data[at] as number) >= SETS_PROPERTIES);
    assert.ok(first !== undefined);
    const reset = Buffer.from(data);
    reset[first] = (reset[first] as number) | RESETS_DICTIONARY;
    assert.ok(byOurs(data, DICTIONARY) !== null);
    assert.equal(byOurs(reset, DICTIONARY), null);
    assert.equal(byLiblzma(reset, DICTIONARY), null);
  });

  it('refuses a code that no range coder gives, half a unit above an odd range of direct bits', () => {
    // Went on for eight bytes and came back to a right state, to contents that liblzma does not give.
    const stored = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => i * i * 31 + i * 7));
    const chunk = Buffer.from('c0077f0016000084e01d5273927d74897f000000ffffffffffc345223600', 'hex');
    const data = Buffer.concat([Buffer.from([0x01, 0x0f, 0xff]), stored, chunk]);
    assert.equal(byOurs(data, DICTIONARY), null);
    assert.equal(byLiblzma(data, DICTIONARY), null);
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
