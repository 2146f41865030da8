/** Prices of lengths, distances and literals. Those of lengths and distances are kept in tables that are renewed now and then. */
import { PRICE_BITS, priceOf0, priceOf1, priceOfBit, priceOfReverseTree, priceOfTree } from './bitPrices';
import { scratch } from './block';
import {
  ALIGN_PRICES,
  DISTANCE_ALIGN,
  DISTANCE_SLOT,
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
  SLOT_PRICES,
} from './layout';
import { ALIGNED_SLOT, distanceSlot, openBits, pbMask, SHORT_DISTANCES, slotStart } from './model';
import { specialTree } from './symbols';

/** Slots of distances up to 64 MiB. */
const SLOTS: u32 = 52;
const LOW_LENGTHS: u32 = 8;
const HIGH_LENGTHS: u32 = 256;

export function renewPrices(): void {
  renewLengths(scratch + MATCH_LENGTH, scratch + MATCH_LENGTH_PRICES);
  renewLengths(scratch + REP_LENGTH, scratch + REP_LENGTH_PRICES);
  renewDistances();
}

function renewLengths(coder: usize, table: usize): void {
  const low = priceOf0(coder + LENGTH_CHOICE);
  const above = priceOf1(coder + LENGTH_CHOICE);
  const mid = above + priceOf0(coder + LENGTH_CHOICE2);
  const high = above + priceOf1(coder + LENGTH_CHOICE2);
  for (let positionState: u32 = 0; positionState <= pbMask; positionState++) {
    const row = table + positionState * LENGTH_ROW + (LENGTH_MIN << 2);
    for (let i: u32 = 0; i < LOW_LENGTHS; i++) {
      store<u32>(row + (i << 2), low + priceOfTree(coder + LENGTH_LOW + (positionState << 4), 3, i));
      store<u32>(row + ((i + 8) << 2), mid + priceOfTree(coder + LENGTH_MID + (positionState << 4), 3, i));
    }
  }
  // The high lengths do not depend on the position.
  const first = table + ((LENGTH_MIN + 16) << 2);
  for (let i: u32 = 0; i < HIGH_LENGTHS; i++) {
    store<u32>(first + (i << 2), high + priceOfTree(coder + LENGTH_HIGH, 8, i));
  }
  for (let positionState: u32 = 1; positionState <= pbMask; positionState++) {
    memory.copy(first + positionState * LENGTH_ROW, first, HIGH_LENGTHS << 2);
  }
}

function renewDistances(): void {
  for (let lengthState: u32 = 0; lengthState < 4; lengthState++) {
    const slots = scratch + SLOT_PRICES + (lengthState << 8);
    for (let slot: u32 = 0; slot < SLOTS; slot++) {
      const direct = slot < ALIGNED_SLOT ? 0 : (openBits(slot) - 4) << PRICE_BITS;
      const price = priceOfTree(scratch + DISTANCE_SLOT + (lengthState << 7), 6, slot);
      store<u32>(slots + (slot << 2), price + direct);
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

export function literalPrice(probabilities: usize, byte: u32): u32 {
  return priceOfTree(probabilities, 8, byte);
}

/** @param match the byte at rep0 */
export function matchedLiteralPrice(probabilities: usize, byte: u32, match: u32): u32 {
  let price: u32 = 0;
  let matched: u32 = 0x100;
  let node = byte | 0x100;
  do {
    match <<= 1;
    price += priceOfBit(probabilities + ((matched + (match & matched) + (node >> 8)) << 1), (node >> 7) & 1);
    node <<= 1;
    matched &= ~(match ^ node);
  } while (node < 0x10000);
  return price;
}
