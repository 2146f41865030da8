/**
 * LZMA's state: the probabilities in scratch, the state number, the last four distances and the properties. Distances
 * count from 0, which is the byte before.
 */
import { scratch } from './block';
import { LITERAL, LITERAL_CODER_SIZE, PROBABILITIES_END } from './layout';

export let lc: u32 = 0;
let lpMask: u32 = 0;
export let pbMask: u32 = 0;

export let state: u32 = 0;
export let rep0: u32 = 0;
export let rep1: u32 = 0;
export let rep2: u32 = 0;
export let rep3: u32 = 0;

/** States below this follow a literal; their literals need no matched byte. */
export const LITERAL_STATES: u32 = 7;

const EVEN: u16 = 1024;

export function setProperties(lc_: u32, lp: u32, pb: u32): void {
  lc = lc_;
  lpMask = (1 << lp) - 1;
  pbMask = (1 << pb) - 1;
}

export function resetState(): void {
  for (let at: usize = 0; at < PROBABILITIES_END; at += 2) store<u16>(scratch + at, EVEN);
  setState(0, 0, 0, 0, 0);
}

export function setState(state_: u32, rep0_: u32, rep1_: u32, rep2_: u32, rep3_: u32): void {
  state = state_;
  rep0 = rep0_;
  rep1 = rep1_;
  rep2 = rep2_;
  rep3 = rep3_;
}

export function afterLiteral(state: u32): u32 {
  return state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
}

export function afterMatch(state: u32): u32 {
  return state < LITERAL_STATES ? 7 : 10;
}

export function afterRep(state: u32): u32 {
  return state < LITERAL_STATES ? 8 : 11;
}

export function afterShortRep(state: u32): u32 {
  return state < LITERAL_STATES ? 9 : 11;
}

/** The probabilities of a literal at `position`, after the byte `before` (0 at the Block's start). */
export function literalCoder(position: u32, before: u32): usize {
  const context = ((position & lpMask) << lc) + (before >> (8 - lc));
  return scratch + LITERAL + context * LITERAL_CODER_SIZE;
}

/** The byte before `position`, which literals depend on. */
export function byteBefore(text: usize, position: u32): u32 {
  return position === 0 ? 0 : <u32>load<u8>(text + position - 1);
}

/** Offset in a table of [states][16 position states] of u16. */
export function byPosition(state: u32, position: u32): u32 {
  return ((state << 4) | (position & pbMask)) << 1;
}

/** Which probabilities a length leads a distance to. */
export function lengthState(length: u32): u32 {
  return min<u32>(length - 2, 3);
}

export function distanceSlot(distance: u32): u32 {
  if (distance < 4) return distance;
  const top = 31 - clz(distance);
  return (top << 1) | ((distance >> (top - 1)) & 1);
}

/** Slots below this have their own probability for every lower bit, the others only for the lowest four. */
export const ALIGNED_SLOT: u32 = 14;
export const SHORT_DISTANCES: u32 = 128;

/** Bits of a distance that its slot, at least 4, leaves open. */
export function openBits(slot: u32): u32 {
  return (slot >> 1) - 1;
}

/** The lowest distance of a slot of at least 4. */
export function slotStart(slot: u32): u32 {
  return (2 | (slot & 1)) << openBits(slot);
}
