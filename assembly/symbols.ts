/** LZMA's symbols, encoded, and what they do to the state. */
import { scratch, text } from './block';
import {
  DISTANCE_ALIGN,
  DISTANCE_SLOT,
  DISTANCE_SPECIAL,
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
  MATCH_LENGTH,
  REP_LENGTH,
} from './layout';
import {
  ALIGNED_SLOT,
  afterLiteral,
  afterMatch,
  afterRep,
  afterShortRep,
  byPosition,
  byteBefore,
  distanceSlot,
  LITERAL_STATES,
  lengthState,
  literalCoder,
  openBits,
  pbMask,
  rep0,
  rep1,
  rep2,
  rep3,
  setState,
  slotStart,
  state,
} from './model';
import { Coder, encodeDirect, encodeReverseTree, encodeTree } from './rangeCoder';

/** A symbol's code: a literal, the four last distances, or a distance plus NEW_DISTANCE. */
export const LITERAL_CODE: u32 = 0xffffffff;
export const NEW_DISTANCE: u32 = 4;

export function encodeSymbol(position: u32, length: u32, code: u32): void {
  if (code === LITERAL_CODE) encodeLiteral(position);
  else if (code >= NEW_DISTANCE) encodeMatch(position, length, code - NEW_DISTANCE);
  else encodeRep(position, length, code);
}

function encodeLiteral(position: u32): void {
  Coder.bit(scratch + IS_MATCH + byPosition(state, position), 0);
  const at = text + position;
  const byte = <u32>load<u8>(at);
  const probabilities = literalCoder(position, byteBefore(text, position));
  if (state < LITERAL_STATES) {
    encodeTree(probabilities, 8, byte);
  } else {
    // As long as the bits are those of the byte at rep0, they have probabilities of their own.
    let match = <u32>load<u8>(at - rep0 - 1);
    let matched: u32 = 0x100;
    let node = byte | 0x100;
    do {
      match <<= 1;
      Coder.bit(probabilities + ((matched + (match & matched) + (node >> 8)) << 1), (node >> 7) & 1);
      node <<= 1;
      matched &= ~(match ^ node);
    } while (node < 0x10000);
  }
  setState(afterLiteral(state), rep0, rep1, rep2, rep3);
}

function encodeMatch(position: u32, length: u32, distance: u32): void {
  Coder.bit(scratch + IS_MATCH + byPosition(state, position), 1);
  Coder.bit(scratch + IS_REP + (state << 1), 0);
  encodeLength(scratch + MATCH_LENGTH, position, length);
  const slot = distanceSlot(distance);
  encodeTree(scratch + DISTANCE_SLOT + (lengthState(length) << 7), 6, slot);
  if (slot >= 4) {
    const rest = distance - slotStart(slot);
    if (slot < ALIGNED_SLOT) {
      encodeReverseTree(specialTree(slot), openBits(slot), rest);
    } else {
      encodeDirect(openBits(slot) - 4, rest >> 4);
      encodeReverseTree(scratch + DISTANCE_ALIGN, 4, rest & 15);
    }
  }
  setState(afterMatch(state), distance, rep0, rep1, rep2);
}

function encodeRep(position: u32, length: u32, index: u32): void {
  const byState = scratch + (state << 1);
  Coder.bit(scratch + IS_MATCH + byPosition(state, position), 1);
  Coder.bit(byState + IS_REP, 1);
  Coder.bit(byState + IS_REP0, index === 0 ? 0 : 1);
  if (index === 0) {
    Coder.bit(scratch + IS_REP0_LONG + byPosition(state, position), length === 1 ? 0 : 1);
    if (length === 1) {
      setState(afterShortRep(state), rep0, rep1, rep2, rep3);
      return;
    }
  } else {
    Coder.bit(byState + IS_REP1, index === 1 ? 0 : 1);
    if (index > 1) Coder.bit(byState + IS_REP2, index - 2);
  }
  encodeLength(scratch + REP_LENGTH, position, length);
  const next = afterRep(state);
  if (index === 0) setState(next, rep0, rep1, rep2, rep3);
  else if (index === 1) setState(next, rep1, rep0, rep2, rep3);
  else if (index === 2) setState(next, rep2, rep0, rep1, rep3);
  else setState(next, rep3, rep0, rep1, rep2);
}

function encodeLength(coder: usize, position: u32, length: u32): void {
  const positionState = position & pbMask;
  let rest = length - LENGTH_MIN;
  if (rest < 8) {
    Coder.bit(coder + LENGTH_CHOICE, 0);
    encodeTree(coder + LENGTH_LOW + (positionState << 4), 3, rest);
    return;
  }
  Coder.bit(coder + LENGTH_CHOICE, 1);
  rest -= 8;
  if (rest < 8) {
    Coder.bit(coder + LENGTH_CHOICE2, 0);
    encodeTree(coder + LENGTH_MID + (positionState << 4), 3, rest);
    return;
  }
  Coder.bit(coder + LENGTH_CHOICE2, 1);
  encodeTree(coder + LENGTH_HIGH, 8, rest - 8);
}

/** The probabilities of a short distance's lower bits: the slots' trees lie one behind the other. */
export function specialTree(slot: u32): usize {
  return scratch + DISTANCE_SPECIAL + ((slotStart(slot) - slot) << 1);
}
