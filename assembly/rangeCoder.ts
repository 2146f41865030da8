/** LZMA's range coder: 11-bit probabilities that move by a 32nd of the way, carries resolved as bytes leave. */

const PROBABILITY_ONE: u32 = 2048;
const PROBABILITY_BITS = 11;
const ADAPTATION = 5;
/** Below this, the range is made larger by a byte. */
const RANGE_MIN: u32 = 1 << 24;
const FLUSH_BYTES = 5;

let low: u64 = 0;
let range: u32 = 0;
/** The byte that a carry may still change, and how many stand between it and `low`, itself included. */
let cache: u32 = 0;
let pending: u32 = 0;
let out: usize = 0;

export function startCoder(at: usize): void {
  low = 0;
  range = 0xffffffff;
  cache = 0;
  pending = 1;
  out = at;
}

/** Where the coder's bytes would end, were it finished now. */
export function codedEnd(): usize {
  return out + pending + FLUSH_BYTES - 1;
}

/** Returns where the coder's bytes end. */
export function finishCoder(): usize {
  for (let i = 0; i < FLUSH_BYTES; i++) shiftLow();
  return out;
}

function shiftLow(): void {
  if (<u32>low < 0xff000000 || low >> 32 !== 0) {
    const carry = <u32>(low >> 32);
    let byte = cache;
    let at = out;
    for (let left = pending; left !== 0; left--) {
      store<u8>(at++, byte + carry);
      byte = 0xff;
    }
    out = at;
    pending = 0;
    cache = <u32>low >> 24;
  }
  pending++;
  low = <u64>((<u32>low) << 8);
}

/** Called when `range` fell below RANGE_MIN. */
function widen(): void {
  range <<= 8;
  shiftLow();
}

export class Coder {
  /**
   * Without a branch on the bit, which is hard to foresee: it is so by design.
   *
   * @param probability address of the probability of a 0
   */
  @inline
  static bit(probability: usize, bit: u32): void {
    const ofZero = <u32>load<u16>(probability);
    const bound = (range >> PROBABILITY_BITS) * ofZero;
    const ifOne = 0 - bit;
    low += bound & ifOne;
    range = bound ^ ((bound ^ (range - bound)) & ifOne);
    // For a 0 the addend turns the step towards PROBABILITY_ONE, rounded down.
    const addend = (PROBABILITY_ONE - (1 << ADAPTATION) + 1) & ~ifOne;
    store<u16>(probability, ofZero - <u32>(<i32>(ofZero - addend) >> ADAPTATION));
    if (range < RANGE_MIN) widen();
  }
}

/** The lower `bits` bits of `value`, the uppermost first. */
export function encodeTree(probabilities: usize, bits: u32, value: u32): void {
  let node: u32 = 1;
  for (let shift = bits; shift-- > 0; ) {
    const bit = (value >> shift) & 1;
    Coder.bit(probabilities + (node << 1), bit);
    node = (node << 1) | bit;
  }
}

/** As `encodeTree`, the lowest first. */
export function encodeReverseTree(probabilities: usize, bits: u32, value: u32): void {
  let node: u32 = 1;
  for (let shift: u32 = 0; shift < bits; shift++) {
    const bit = (value >> shift) & 1;
    Coder.bit(probabilities + (node << 1), bit);
    node = (node << 1) | bit;
  }
}

/** Bits that are as likely 0 as 1, the uppermost first. */
export function encodeDirect(bits: u32, value: u32): void {
  for (let shift = bits; shift-- > 0; ) {
    range >>= 1;
    if (((value >> shift) & 1) !== 0) low += range;
    if (range < RANGE_MIN) widen();
  }
}
