import type { Random } from './random.js';
import type { Target } from './target.js';

/** Where numbers are near a limit. */
const NUMBERS = [
  0, 1, 4, 5, 0x7f, 0x80, 0xff, 0x100, 0x1ff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const CHANGES_MAX = 6;

/**
 * An input with a few random changes: bits, bytes, numbers near limits in both byte orders, pieces taken out, doubled,
 * moved in from `other`, or out of the dictionary.
 */
export function mutated(input: Buffer, other: Buffer, target: Target, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let left = 1 + random.small(CHANGES_MAX); left > 0; left--) {
    bytes = random.once(2) ? withOtherBytes(bytes, random) : withOtherPieces(bytes, other, target, random);
  }
  return bytes.subarray(0, target.sizeMax);
}

function withOtherBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const byte = bytes[at] ?? 0;
  switch (random.below(5)) {
    case 0:
      bytes[at] = byte ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      bytes[at] = (byte + random.pick([1, 255])) & 0xff;
      return bytes;
    case 3:
      putNumber(bytes, at, random);
      return bytes;
    default:
      return bytes.fill(random.pick([0, 0xff, 0x20, 0x30]), at, Math.min(bytes.length, at + 1 + random.small(64)));
  }
}

function withOtherPieces(bytes: Buffer, other: Buffer, target: Target, random: Random): Buffer {
  const any = random.below(bytes.length + 1);
  const at = random.once(2) ? target.align(bytes, any) : any;
  const size = random.small(Math.min(512, bytes.length - at + 1));
  switch (random.below(6)) {
    case 0:
      return spliced(bytes, at, size, Buffer.alloc(0));
    case 1:
      return spliced(bytes, at, 0, bytes.subarray(at, at + size));
    case 2:
      return spliced(bytes, at, random.pick([0, size]), piece(other, random));
    case 3:
      return random.once(4) ? bytes.subarray(0, at) : spliced(bytes, at, size, Buffer.alloc(random.small(64)));
    default: {
      const word = target.dictionary.length === 0 ? piece(other, random) : random.pick(target.dictionary);
      return spliced(bytes, at, random.pick([0, word.length]), word);
    }
  }
}

function putNumber(bytes: Buffer, at: number, random: Random): void {
  const value = random.pick(NUMBERS);
  const width = random.pick([1, 2, 4]);
  for (let i = 0; i < width && at + i < bytes.length; i++) {
    const shift = 8 * (random.once(2) ? i : width - 1 - i);
    bytes[at + i] = (value >>> shift) & 0xff;
  }
}

function piece(other: Buffer, random: Random): Buffer {
  const from = random.below(other.length + 1);
  return other.subarray(from, from + 1 + random.small(512));
}

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}
