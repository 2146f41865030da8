import type { Random } from './random.js';

/** Where numbers are near a limit. */
const NUMBERS = [
  0, 1, 4, 5, 0x7f, 0x80, 0xff, 0x100, 0x1ff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const CHANGES_MAX = 6;

/**
 * An input with a few random changes: bits, bytes, numbers near limits in both byte orders, pieces taken out, doubled,
 * moved in from `other`, or out of the dictionary.
 */
export function mutated(
  input: Buffer,
  other: Buffer,
  dictionary: readonly Buffer[],
  sizeMax: number,
  random: Random,
): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let left = 1 + random.small(CHANGES_MAX); left > 0; left--) bytes = changed(bytes, other, dictionary, random);
  return bytes.subarray(0, sizeMax);
}

function changed(bytes: Buffer, other: Buffer, dictionary: readonly Buffer[], random: Random): Buffer {
  if (bytes.length === 0) return dictionary.length > 0 ? Buffer.from(random.pick(dictionary)) : Buffer.from([0]);
  const at = random.below(bytes.length);
  const size = 1 + random.small(Math.min(64, bytes.length - at));
  switch (random.below(10)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = random.below(256);
      return bytes;
    case 2:
      bytes[at] = ((bytes[at] ?? 0) + random.pick([1, 255])) & 0xff;
      return bytes;
    case 3:
      putNumber(bytes, at, random);
      return bytes;
    case 4:
      return spliced(bytes, at, size, Buffer.alloc(0));
    case 5:
      return spliced(bytes, at, 0, bytes.subarray(at, at + size));
    case 6:
      return spliced(bytes, at, random.pick([0, size]), piece(other, random));
    case 7:
      return bytes.fill(random.pick([0, 0xff, 0x20, 0x30]), at, at + size);
    case 8:
      return random.once(4) ? bytes.subarray(0, at) : spliced(bytes, at, size, Buffer.alloc(random.small(64)));
    default: {
      if (dictionary.length === 0) return spliced(bytes, at, 0, piece(other, random));
      const word = random.pick(dictionary);
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
