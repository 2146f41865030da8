import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from './lzmaSamples.js';

/** Inputs that match finders have stumbled over, and an independent decoder of raw LZMA2. */

export const NO_PYTHON =
  spawnSync('python3', ['-c', 'import lzma']).status === 0 ? false : "python3's lzma is not here";

// Reads lines of sizes and the data behind them; writes what each decodes to.
const DECODER = `import sys, lzma
source = sys.stdin.buffer
for line in source:
    dictionary, size = map(int, line.split())
    decoder = lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": dictionary}])
    sys.stdout.buffer.write(decoder.decompress(source.read(size)))
    assert decoder.eof and not decoder.unused_data`;

/** LZMA2 data, what they stand for, and what to say when they do not. */
export interface Encoded {
  readonly lzma2: Buffer;
  readonly input: Buffer;
  readonly dictionarySize: number;
  readonly title: string;
}

/** Decodes with Python's lzma, in one process, and checks that each gives its input, with nothing behind the end marker. */
export function requireDecodable(all: readonly Encoded[]): void {
  const source = Buffer.concat(
    all.flatMap(({ lzma2, dictionarySize }) => [Buffer.from(`${dictionarySize} ${lzma2.length}\n`), lzma2]),
  );
  const { status, stdout, stderr } = spawnSync('python3', ['-c', DECODER], { input: source, maxBuffer: 2 ** 29 });
  assert.equal(status, 0, String(stderr));
  let at = 0;
  for (const { input, title } of all) {
    assert.equal(Buffer.compare(stdout.subarray(at, at + input.length), input), 0, title);
    at += input.length;
  }
  assert.equal(stdout.length, at);
}

/** Every string of `length` symbols once (by the prefer-largest rule), in bytes from 0 to `symbols - 1`. */
export function deBruijn(symbols: number, length: number): Buffer {
  const size = symbols ** length;
  const out = Buffer.alloc(size + length - 1);
  const seen = new Uint8Array(size);
  let last = 0;
  seen[0] = 1;
  for (let i = length; i < out.length; i++) {
    const shifted = (last * symbols) % size;
    let symbol = symbols - 1;
    while (seen[shifted + symbol] === 1) symbol--;
    last = shifted + symbol;
    seen[last] = 1;
    out[i] = symbol;
  }
  return out;
}

export function fibonacci(size: number): Buffer {
  let [a, b] = ['b', 'a'];
  while (b.length < size) [a, b] = [b, b + a];
  return Buffer.from(b.slice(0, size));
}

export function periodic(size: number, period: number, seed: number): Buffer {
  const unit = randomBytes(period, seed);
  return Buffer.from(Uint8Array.from({ length: size }, (_, i) => unit[i % period] ?? 0));
}
