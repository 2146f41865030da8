import assert from 'node:assert/strict';
import { CHUNK_HEADER_MAX, ChunkReader } from '../../../src/lzma/chunk.js';
import { liblzma } from '../../../src/lzma/liblzma.js';
import { presetOptions } from '../../../src/lzma/presets.js';
import { byLiblzma, byOurs } from '../../lzma/decoders.js';
import { headerText, randomBytes } from '../../lzma/lzmaSamples.js';
import { PLACE } from '../../xz/fault.js';
import { Random } from '../random.js';
import { PLAIN, type Target } from '../target.js';

/** LZMA2 data, decoded by our decoder and by liblzma: the same contents, or both refuse them. */
const DICTIONARY = 2 ** 16;
const LZMA_MIN = 0x80;

function generated(random: Random): Buffer {
  const lc = random.below(5);
  const options = { ...presetOptions(random.below(7), false), dictionarySize: 4096 << random.below(5) };
  const text = headerText(1 + random.small(3000), 1 + random.below(1000));
  const content = Buffer.concat([text, randomBytes(random.small(200), 1 + random.below(1000)), text]);
  const lzma2 = liblzma.encode(content, { ...options, lc, lp: random.below(5 - lc), pb: random.below(5) });
  return Buffer.concat(lzma2);
}

/** Puts the last chunk's compressed size right, and an end marker behind it. */
function closed(input: Buffer): Buffer {
  const chunks = new ChunkReader();
  let at = 0;
  try {
    for (;;) {
      const chunk = chunks.next(input.subarray(at, at + CHUNK_HEADER_MAX), PLACE);
      if (chunk === null) return input.subarray(0, at + 1);
      if (at + chunk.size >= input.length) break;
      at += chunk.size;
    }
  } catch {
    return input;
  }
  const control = input[at] ?? 0;
  const headerSize = control >= 0xc0 ? 6 : 5;
  if (control < LZMA_MIN || input.length - at <= headerSize) return input;
  const whole = Buffer.concat([input, Buffer.alloc(1)]);
  whole.writeUInt16BE(Math.min(0xffff, input.length - at - headerSize - 1), at + 3);
  return whole;
}

function agree(input: Buffer): boolean {
  const ours = byOurs(input, DICTIONARY);
  assert.deepEqual(ours, byLiblzma(input, DICTIONARY));
  return ours !== null;
}

export const blockDecoder: Target = {
  ...PLAIN,
  seeds: [1, 2, 3, 4, 5, 6].map(seed => generated(new Random(seed))),
  sizeMax: 2 ** 15,
  mend: (input, random) => (random.once(3) ? generated(random) : random.once(2) ? closed(input) : input),
  check: agree,
};
