/**
 * XXH64 with seed 0, as Zstandard's frames have it (RFC 8878, section 3.1.1), by its specification: github.com/Cyan4973/xxHash,
 * doc/xxhash_spec.md, "XXH64 algorithm description". Node has none.
 */
const STRIPE = 32;
const LANE = 8;
const HALF_LANE = 4;

/** A 64-bit unsigned number in two halves, of which each is held as a signed one: BigInt takes several times as long. */
class Word {
  low: number;
  high: number;

  constructor(low: number, high: number) {
    this.low = low | 0;
    this.high = high | 0;
  }

  set(low: number, high: number): this {
    this.low = low;
    this.high = high;
    return this;
  }

  add({ low, high }: Word): this {
    const sum = (this.low >>> 0) + (low >>> 0);
    this.high = (this.high + high + (sum > 0xffffffff ? 1 : 0)) | 0;
    this.low = sum | 0;
    return this;
  }

  xor({ low, high }: Word): this {
    this.low ^= low;
    this.high ^= high;
    return this;
  }

  /** By halves of halves: their products have 32 bits. */
  multiply({ low, high }: Word): this {
    const a = this.low & 0xffff;
    const b = this.low >>> 16;
    const c = low & 0xffff;
    const d = low >>> 16;
    const lowest = Math.imul(a, c);
    const inner = Math.imul(a, d);
    const outer = Math.imul(b, c);
    const middle = (lowest >>> 16) + (inner & 0xffff) + (outer & 0xffff);
    const carried = Math.imul(b, d) + (inner >>> 16) + (outer >>> 16) + (middle >>> 16);
    this.high = (carried + Math.imul(this.high, low) + Math.imul(this.low, high)) | 0;
    this.low = (middle << 16) | (lowest & 0xffff);
    return this;
  }

  /** @param count below 32 */
  rotateLeft(count: number): this {
    const { low, high } = this;
    this.low = (low << count) | (high >>> (32 - count));
    this.high = (high << count) | (low >>> (32 - count));
    return this;
  }

  /** XORs it with itself, shifted right. */
  xorShifted(count: number): this {
    if (count >= 32) this.low ^= this.high >>> (count - 32);
    else {
      this.low ^= (this.low >>> count) | (this.high << (32 - count));
      this.high ^= this.high >>> count;
    }
    return this;
  }
}

const PRIME_1 = new Word(0x85ebca87, 0x9e3779b1);
const PRIME_2 = new Word(0x27d4eb4f, 0xc2b2ae3d);
const PRIME_3 = new Word(0x9e3779f9, 0x165667b1);
const PRIME_4 = new Word(0xc2b2ae63, 0x85ebca77);
const PRIME_5 = new Word(0x165667c5, 0x27d4eb2f);

/** The lower 32 bits of the XXH64 of data, as a Content_Checksum has them. */
export function xxh64Low(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const lane = new Word(0, 0);
  const stripesEnd = data.length - (data.length % STRIPE);
  const acc = stripesEnd === 0 ? new Word(0, 0).add(PRIME_5) : overStripes(view, stripesEnd);
  acc.add(new Word(data.length, data.length / 2 ** 32));
  let at = stripesEnd;
  for (; at + LANE <= data.length; at += LANE) {
    acc.xor(round(lane.set(0, 0), view.getInt32(at, true), view.getInt32(at + 4, true)));
    acc.rotateLeft(27).multiply(PRIME_1).add(PRIME_4);
  }
  if (at + HALF_LANE <= data.length) {
    acc.xor(lane.set(view.getInt32(at, true), 0).multiply(PRIME_1));
    acc.rotateLeft(23).multiply(PRIME_2).add(PRIME_3);
    at += HALF_LANE;
  }
  for (; at < data.length; at++) {
    acc
      .xor(lane.set(view.getUint8(at), 0).multiply(PRIME_5))
      .rotateLeft(11)
      .multiply(PRIME_1);
  }
  acc.xorShifted(33).multiply(PRIME_2).xorShifted(29).multiply(PRIME_3).xorShifted(32);
  return acc.low >>> 0;
}

function overStripes(view: DataView, end: number): Word {
  const first = new Word(0, 0).add(PRIME_1).add(PRIME_2);
  const second = new Word(0, 0).add(PRIME_2);
  const third = new Word(0, 0);
  const fourth = new Word(-PRIME_1.low, ~PRIME_1.high);
  for (let at = 0; at < end; at += STRIPE) {
    round(first, view.getInt32(at, true), view.getInt32(at + 4, true));
    round(second, view.getInt32(at + 8, true), view.getInt32(at + 12, true));
    round(third, view.getInt32(at + 16, true), view.getInt32(at + 20, true));
    round(fourth, view.getInt32(at + 24, true), view.getInt32(at + 28, true));
  }
  const accumulators = [first, second, third, fourth];
  const acc = new Word(0, 0);
  for (const [i, count] of [1, 7, 12, 18].entries()) {
    const { low, high } = accumulators[i] as Word;
    acc.add(new Word(low, high).rotateLeft(count));
  }
  for (const { low, high } of accumulators) {
    acc
      .xor(round(new Word(0, 0), low, high))
      .multiply(PRIME_1)
      .add(PRIME_4);
  }
  return acc;
}

const product = new Word(0, 0);

function round(acc: Word, low: number, high: number): Word {
  return acc.add(product.set(low, high).multiply(PRIME_2)).rotateLeft(31).multiply(PRIME_1);
}
