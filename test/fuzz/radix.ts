import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { radixPresetOptions } from '../../src/lzma/presets.js';
import { radix } from '../../src/lzma/radix.js';
import type { Lzma2Options } from '../../src/model/lzma2.js';
import { assembleBlock } from '../../src/xz/block.js';
import { CHECKS } from '../../src/xz/check.js';
import { encodeStream } from '../../src/xz/stream.js';
import { xorshift } from '../bytes/xorshift.js';
import { headerText, randomBytes } from '../lzma/lzmaSamples.js';
import { decoded as read } from '../support/decoded.js';

/**
 * Fuzzes the radix encoder for as many CPU seconds as the first argument says, from the seed in the second: inputs made
 * of text, copies, edits, runs, periods and noise, settings of every kind, decoded by liblzma. Stops at the first failure
 * and names its round; the same seed gives the same rounds.
 */
const seconds = Number(process.argv[2] ?? 60);
const next = xorshift(Number(process.argv[3] ?? 1));
const check = CHECKS.crc64;

function randomInput(): Buffer {
  const pieces: Buffer[] = [headerText(1 + (next() % 5000), 1 + next())];
  const longest = 1 << (4 + (next() % 14));
  for (let left = next() % 60; left > 0; left--) {
    const whole = Buffer.concat(pieces);
    const from = next() % whole.length;
    const size = 1 + (next() % longest);
    const kind = next() % 6;
    if (kind === 0) pieces.push(randomBytes(size, 1 + next()));
    else if (kind === 1) pieces.push(Buffer.alloc(size, next() % 256));
    else if (kind === 2) pieces.push(Buffer.alloc(size, randomBytes(1 + (next() % 40), 1 + next())));
    else if (kind === 3) pieces.push(edited(whole.subarray(from, from + size)));
    else pieces.push(whole.subarray(from, from + size));
  }
  return Buffer.concat(pieces);
}

function edited(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = next() % 20; left > 0; left--) copy[next() % copy.length] = next() % 256;
  return copy;
}

function randomOptions(): Lzma2Options {
  const lc = next() % 5;
  const lp = next() % (5 - lc);
  const modes = ['fast', 'normal', 'max'] as const;
  return {
    ...radixPresetOptions(6, false),
    ...{ lc, lp, pb: next() % 5, niceLength: 8 + (next() % 266), mode: modes[next() % 3] ?? 'normal' },
    dictionarySize: 4096 << (next() % 14),
  };
}

async function decoded(lzma2: readonly Uint8Array[], input: Buffer, dictionarySize: number): Promise<Buffer> {
  const checkValue = check.compute(input);
  const block = assembleBlock({ lzma2, dictionarySize, uncompressedSize: input.length, check, checkValue });
  const stream = encodeStream(
    (async function* () {
      yield block;
    })(),
    'crc64',
  );
  return read(Readable.from(stream));
}

let rounds = 0;
let bytes = 0;
while (process.cpuUsage().user / 1e6 < seconds) {
  const input = randomInput();
  const options = randomOptions();
  const back = await decoded(radix.encode(input, options), input, options.dictionarySize);
  assert.ok(back.equals(input), `round ${rounds}, ${input.length} bytes, ${JSON.stringify(options)}`);
  rounds++;
  bytes += input.length;
}
process.stdout.write(`${rounds} inputs, ${bytes} bytes, 0 failures\n`);
