import assert from 'node:assert/strict';
import { radixPresetOptions } from '../../../src/lzma/presets.js';
import { radix } from '../../../src/lzma/radix.js';
import type { Lzma2Options } from '../../../src/model/lzma2.js';
import { byLiblzma, byOurs } from '../../lzma/decoders.js';
import { headerText, randomBytes } from '../../lzma/lzmaSamples.js';
import { Random } from '../random.js';
import { PLAIN, type Target } from '../target.js';

/**
 * The radix encoder, decoded by liblzma and by our decoder: text, copies, edits, runs, periods and noise, with settings of every kind. An
 * input's first bytes choose the settings.
 */
const OPTIONS_SIZE = 6;
/** Of twice as many, one took 0.7 CPU seconds. */
const SIZE_MAX = 2 ** 19;
const MODES = ['fast', 'normal', 'max'] as const;

function generated(random: Random): Buffer {
  const options = Buffer.from(Array.from({ length: OPTIONS_SIZE }, () => random.below(256)));
  const pieces: Buffer[] = [headerText(1 + random.below(5000), 1 + random.below(2 ** 31))];
  const longest = 1 << (4 + random.below(14));
  for (let left = random.below(60); left > 0; left--) {
    const whole = Buffer.concat(pieces);
    const from = random.below(whole.length);
    const size = 1 + random.below(longest);
    const kind = random.below(6);
    if (kind === 0) pieces.push(randomBytes(size, 1 + random.below(2 ** 31)));
    else if (kind === 1) pieces.push(Buffer.alloc(size, random.below(256)));
    else if (kind === 2) pieces.push(Buffer.alloc(size, randomBytes(1 + random.below(40), 1 + random.below(2 ** 31))));
    else if (kind === 3) pieces.push(edited(whole.subarray(from, from + size), random));
    else pieces.push(whole.subarray(from, from + size));
  }
  return Buffer.concat([options, ...pieces]).subarray(0, SIZE_MAX);
}

function edited(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = random.below(20); left > 0; left--) copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function optionsOf(bytes: Buffer): Lzma2Options {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const lc = a % 5;
  return {
    ...radixPresetOptions(6, false),
    ...{ lc, lp: b % (5 - lc), pb: c % 5, niceLength: 8 + (d + (f & 1) * 10), mode: MODES[e % 3] ?? 'normal' },
    dictionarySize: 4096 << (f % 14),
  };
}

function decodes(input: Buffer): boolean {
  const options = optionsOf(input.subarray(0, OPTIONS_SIZE));
  const content = input.subarray(OPTIONS_SIZE);
  const lzma2 = Buffer.concat(radix.encode(content, options));
  for (const decode of [byLiblzma, byOurs]) {
    assert.ok(decode(lzma2, options.dictionarySize)?.equals(content), `${decode.name}: ${JSON.stringify(options)}`);
  }
  return true;
}

export const radixEncoder: Target = {
  ...PLAIN,
  seeds: [1, 2, 3, 4].map(seed => generated(new Random(seed))),
  sizeMax: SIZE_MAX,
  mend: (input, random) => (random.once(4) ? input : generated(random)),
  check: decodes,
};
