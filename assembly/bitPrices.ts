/** What bits cost, in units of 1/64 bit. */
import { scratch } from './block';
import { BIT_PRICES } from './layout';

export const PRICE_BITS = 6;
const ENTRIES: u32 = 512;
const ENTRY_SHIFT = 2;
const ONE: u32 = 2047;
const PROBABILITY_BITS = 11;

/** Fills the table of -log2(p), each entry at the middle of its probabilities, by squaring: integers only. */
export function makeBitPrices(): void {
  for (let entry: u32 = 0; entry < ENTRIES; entry++) {
    const probability = (entry << ENTRY_SHIFT) + 2;
    const whole = 31 - clz(probability);
    let mantissa = (<u64>probability) << (31 - whole);
    let fraction: u32 = 0;
    for (let bit = 0; bit < PRICE_BITS; bit++) {
      mantissa = (mantissa * mantissa) >> 31;
      const carry = <u32>(mantissa >> 32);
      fraction = (fraction << 1) | carry;
      mantissa >>= carry;
    }
    const log = ((<u32>whole) << PRICE_BITS) + fraction;
    store<u16>(scratch + BIT_PRICES + (entry << 1), (PROBABILITY_BITS << PRICE_BITS) - log);
  }
}

/** @param probability address of the probability of a 0 */
export function priceOf0(probability: usize): u32 {
  return load<u16>(scratch + ((<u32>load<u16>(probability) >> ENTRY_SHIFT) << 1), BIT_PRICES);
}

export function priceOf1(probability: usize): u32 {
  return load<u16>(scratch + (((ONE ^ <u32>load<u16>(probability)) >> ENTRY_SHIFT) << 1), BIT_PRICES);
}

export function priceOfBit(probability: usize, bit: u32): u32 {
  const flip = (0 - bit) & ONE;
  return load<u16>(scratch + (((flip ^ <u32>load<u16>(probability)) >> ENTRY_SHIFT) << 1), BIT_PRICES);
}

export function priceOfTree(probabilities: usize, bits: u32, value: u32): u32 {
  let price: u32 = 0;
  let node = value | (1 << bits);
  do {
    const bit = node & 1;
    node >>= 1;
    price += priceOfBit(probabilities + (node << 1), bit);
  } while (node !== 1);
  return price;
}

export function priceOfReverseTree(probabilities: usize, bits: u32, value: u32): u32 {
  let price: u32 = 0;
  let node: u32 = 1;
  for (let shift: u32 = 0; shift < bits; shift++) {
    const bit = (value >> shift) & 1;
    price += priceOfBit(probabilities + (node << 1), bit);
    node = (node << 1) | bit;
  }
  return price;
}
