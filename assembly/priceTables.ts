/** Prices of lengths, distances and literals. Those of lengths and distances are kept in tables that are renewed now and then. */
import { PRICE_BITS, priceOf0, priceOf1, priceOfBit, priceOfReverseTree } from './bitPrices';
import { scratch } from './block';
import {
  ALIGN_PRICES,
  BEFORE_LITERAL,
  BEFORE_MATCH,
  BEFORE_REP,
  DISTANCE_ALIGN,
  DISTANCE_SLOT,
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  LENGTH_CHOICE,
  LENGTH_CHOICE2,
  LENGTH_HIGH,
  LENGTH_LOW,
  LENGTH_MID,
  LENGTH_MIN,
  LENGTH_ROW,
  MATCH_LENGTH,
  MATCH_LENGTH_PRICES,
  REP_LENGTH,
  REP_LENGTH_PRICES,
  SHORT_DISTANCE_PRICES,
  SHORT_REP,
  SLOT_PRICES,
  STATE_PRICES,
  STATE_ROW,
  STATES,
  TREE_PRICES,
} from './layout';
import { ALIGNED_SLOT, byPosition, distanceSlot, openBits, pbMask, SHORT_DISTANCES, slotStart } from './model';
import { specialTree } from './symbols';

const SLOTS: u32 = 64;
const LOW_LENGTHS: u32 = 8;
const HIGH_LENGTHS: u32 = 256;

export function renewPrices(): void {
  renewLengths(scratch + MATCH_LENGTH, scratch + MATCH_LENGTH_PRICES);
  renewLengths(scratch + REP_LENGTH, scratch + REP_LENGTH_PRICES);
  renewDistances();
  renewStates();
}

function renewLengths(coder: usize, table: usize): void {
  const low = priceOf0(coder + LENGTH_CHOICE);
  const above = priceOf1(coder + LENGTH_CHOICE);
  const mid = above + priceOf0(coder + LENGTH_CHOICE2);
  const high = above + priceOf1(coder + LENGTH_CHOICE2);
  for (let positionState: u32 = 0; positionState <= pbMask; positionState++) {
    const row = table + positionState * LENGTH_ROW + (LENGTH_MIN << 2);
    pricesOfTree(coder + LENGTH_LOW + (positionState << 4), LOW_LENGTHS, low, row);
    pricesOfTree(coder + LENGTH_MID + (positionState << 4), LOW_LENGTHS, mid, row + (LOW_LENGTHS << 2));
  }
  // The high lengths do not depend on the position.
  const first = table + ((LENGTH_MIN + 2 * LOW_LENGTHS) << 2);
  pricesOfTree(coder + LENGTH_HIGH, HIGH_LENGTHS, high, first);
  for (let positionState: u32 = 1; positionState <= pbMask; positionState++) {
    memory.copy(first + positionState * LENGTH_ROW, first, HIGH_LENGTHS << 2);
  }
}

function renewDistances(): void {
  for (let lengthState: u32 = 0; lengthState < 4; lengthState++) {
    const slots = scratch + SLOT_PRICES + (lengthState << 8);
    pricesOfTree(scratch + DISTANCE_SLOT + (lengthState << 7), SLOTS, 0, slots);
    for (let slot = ALIGNED_SLOT; slot < SLOTS; slot++) {
      const at = slots + (slot << 2);
      store<u32>(at, load<u32>(at) + ((openBits(slot) - 4) << PRICE_BITS));
    }
  }
  for (let distance: u32 = 0; distance < SHORT_DISTANCES; distance++) {
    const slot = distanceSlot(distance);
    const rest = slot < 4 ? 0 : priceOfReverseTree(specialTree(slot), openBits(slot), distance - slotStart(slot));
    for (let lengthState: u32 = 0; lengthState < 4; lengthState++) {
      const price = load<u32>(scratch + SLOT_PRICES + (lengthState << 8) + (slot << 2));
      store<u32>(scratch + SHORT_DISTANCE_PRICES + (lengthState << 9) + (distance << 2), price + rest);
    }
  }
  for (let i: u32 = 0; i < 16; i++) {
    store<u32>(scratch + ALIGN_PRICES + (i << 2), priceOfReverseTree(scratch + DISTANCE_ALIGN, 4, i));
  }
}

function renewStates(): void {
  for (let state: u32 = 0; state < STATES; state++) {
    const byState = scratch + (state << 1);
    const isRep = byState + IS_REP;
    const isRep0 = byState + IS_REP0;
    const isRep1 = byState + IS_REP1;
    const isRep2 = byState + IS_REP2;
    for (let positionState: u32 = 0; positionState <= pbMask; positionState++) {
      const row = statePrices(state, positionState);
      const isMatch = scratch + IS_MATCH + byPosition(state, positionState);
      const isLong = scratch + IS_REP0_LONG + byPosition(state, positionState);
      const match = priceOf1(isMatch);
      const rep = match + priceOf1(isRep);
      const latest = rep + priceOf0(isRep0);
      const older = rep + priceOf1(isRep0);
      const oldest = older + priceOf1(isRep1);
      store<u32>(row, priceOf0(isMatch), BEFORE_LITERAL);
      store<u32>(row, match + priceOf0(isRep), BEFORE_MATCH);
      store<u32>(row, latest + priceOf1(isLong), BEFORE_REP);
      store<u32>(row, older + priceOf0(isRep1), BEFORE_REP + 4);
      store<u32>(row, oldest + priceOf0(isRep2), BEFORE_REP + 8);
      store<u32>(row, oldest + priceOf1(isRep2), BEFORE_REP + 12);
      store<u32>(row, latest + priceOf0(isLong), SHORT_REP);
    }
  }
}

/** The row of prices of a state at a position. */
export function statePrices(state: u32, position: u32): usize {
  return scratch + STATE_PRICES + ((state << 4) | (position & pbMask)) * STATE_ROW;
}

/** Lays `base` and the price of each of a tree's `values` at `to`. */
function pricesOfTree(probabilities: usize, values: u32, base: u32, to: usize): void {
  const nodes = scratch + TREE_PRICES;
  store<u32>(nodes, base, 4);
  for (let node: u32 = 1; node < values; node++) {
    const price = load<u32>(nodes + (node << 2));
    store<u32>(nodes + (node << 3), price + priceOf0(probabilities + (node << 1)));
    store<u32>(nodes + (node << 3), price + priceOf1(probabilities + (node << 1)), 4);
  }
  memory.copy(to, nodes + (values << 2), values << 2);
}

export function distancePrice(distance: u32, lengthState: u32): u32 {
  if (distance < SHORT_DISTANCES) {
    return load<u32>(scratch + (lengthState << 9) + (distance << 2), SHORT_DISTANCE_PRICES);
  }
  const slot = load<u32>(scratch + (lengthState << 8) + (distanceSlot(distance) << 2), SLOT_PRICES);
  return slot + load<u32>(scratch + ((distance & 15) << 2), ALIGN_PRICES);
}

/** The row of length prices at a position. */
export function lengthPrices(table: usize, position: u32): usize {
  return scratch + table + (position & pbMask) * LENGTH_ROW;
}

class Literal {
  /** @param node all bits of the byte, below a one */
  @inline
  static bit(probabilities: usize, node: u32, below: u32): u32 {
    return priceOfBit(probabilities + ((node >> (below + 1)) << 1), (node >> below) & 1);
  }

  /** As long as the bits above are those of the match, the next has probabilities of its own. */
  @inline
  static matchedBit(probabilities: usize, node: u32, match: u32, below: u32): u32 {
    const isAlike = <u32>((node ^ match) >> (below + 1) === 0);
    return Literal.bit(probabilities + (((isAlike << 8) << ((match >> below) & 1)) << 1), node, below);
  }
}

export function literalPrice(probabilities: usize, byte: u32): u32 {
  const node = byte | 0x100;
  return (
    Literal.bit(probabilities, node, 7) +
    Literal.bit(probabilities, node, 6) +
    Literal.bit(probabilities, node, 5) +
    Literal.bit(probabilities, node, 4) +
    Literal.bit(probabilities, node, 3) +
    Literal.bit(probabilities, node, 2) +
    Literal.bit(probabilities, node, 1) +
    Literal.bit(probabilities, node, 0)
  );
}

/** @param match the byte at rep0 */
export function matchedLiteralPrice(probabilities: usize, byte: u32, match: u32): u32 {
  const node = byte | 0x100;
  const matched = match | 0x100;
  return (
    Literal.matchedBit(probabilities, node, matched, 7) +
    Literal.matchedBit(probabilities, node, matched, 6) +
    Literal.matchedBit(probabilities, node, matched, 5) +
    Literal.matchedBit(probabilities, node, matched, 4) +
    Literal.matchedBit(probabilities, node, matched, 3) +
    Literal.matchedBit(probabilities, node, matched, 2) +
    Literal.matchedBit(probabilities, node, matched, 1) +
    Literal.matchedBit(probabilities, node, matched, 0)
  );
}
