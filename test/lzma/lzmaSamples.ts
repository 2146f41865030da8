import { xorshift } from '../bytes/xorshift.js';

/** Deterministic inputs for the codec. They are part of golden digests: do not change them. */

export function randomBytes(size: number, seed: number): Buffer {
  const next = xorshift(seed);
  return Buffer.from(Uint8Array.from({ length: size }, () => next() >>> 24));
}

const WORDS = ['define', 'struct', 'unsigned', 'static', 'inline', 'REG', 'MASK', 'SHIFT', 'u32', 'return', 'YZ', '__'];

/** Text somewhat like a header's, of `size` bytes. */
export function headerText(size: number, seed: number): Buffer {
  const next = xorshift(seed);
  const lines: string[] = [];
  for (let length = 0; length < size; ) {
    const words = Array.from({ length: 2 + (next() % 6) }, () => WORDS[next() % WORDS.length] ?? '');
    const line = `#${words.join(' ')} 0x${(next() % 65536).toString(16)}\n`;
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join('')).subarray(0, size);
}
