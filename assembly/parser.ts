/**
 * The optimal parser: finds the cheapest way through the next few thousand bytes at the prices of the moment, by dynamic
 * programming from left to right. A run ends where all ways meet, or when the nodes are used up.
 */
import { scratch, text } from './block';
import { findCandidates, noteUntil } from './candidates';
import { Bytes } from './commonLength';
import { lookAhead, niceLength, passMargin, secondWithin, tailLiterals } from './effort';
import {
  BEFORE_LITERAL,
  BEFORE_MATCH,
  BEFORE_REP,
  CANDIDATES,
  LENGTH_MAX,
  LENGTH_MIN,
  MATCH_LENGTH_PRICES,
  NODES_MAX,
  REP_LENGTH_PRICES,
  SECOND,
  SHORT_REP,
} from './layout';
import { afterLiteral, afterMatch, afterRep, byteBefore, LITERAL_STATES, literalCoder } from './model';
import { isForTail, isOpen, isPassed, last, offer, offerLengths, priceAt, reach, startNodes, UNREACHED } from './nodes';
import { distancePrice, lengthPrices, literalPrice, matchedLiteralPrice, statePrices } from './priceTables';
import { arrive, arrivedAt, FROM_SECOND, STATE, stepOf, tailOf, traceBack } from './steps';
import { LITERAL_CODE, NEW_DISTANCE } from './symbols';

/** Lengths from this on share what leads to their distances. */
const LENGTH_STATES_END: u32 = 5;

/** The longest match at the node, where that is nice. */
let nice: u32 = 0;

/** Parses from `start` on, not beyond `end`. Returns the number of symbols, which lie at SYMBOLS, the last one first. */
export function parse(start: u32, end: u32): u32 {
  startNodes();
  let skipAt: u32 = 0;
  let skipTo: u32 = 0;
  let node: u32 = 0;
  for (; ; node++) {
    if (node !== 0) {
      if (node === last) break;
      // A node that is passed over may not even be reached.
      if (isPassed(node, passMargin)) continue;
      if (node >= NODES_MAX) break;
      arrive(node, 0);
    }
    const position = start + node;
    const lengthMax = min<u32>(end - position, LENGTH_MAX);
    const candidatesEnd = findCandidates(position, lengthMax);
    nice = 0;
    followArrival(node, 0, node, position, end);
    followMatches(node, position, end, candidatesEnd);
    if (node !== 0) {
      const price = priceAt(node, SECOND);
      if (price !== UNREACHED && price - priceAt(node, 0) < secondWithin) {
        arrive(node, SECOND);
        followArrival(node, SECOND, node | FROM_SECOND, position, end);
      }
    }
    if (nice > lookAhead && skipTo <= node) {
      skipAt = node + lookAhead;
      skipTo = node + nice;
    }
    if (node === skipAt && skipTo > node) {
      noteUntil(start + skipTo);
      node = skipTo - 1;
    }
  }
  return traceBack(node);
}

/** The literal and the reps from an arrival. */
function followArrival(node: u32, arrival: usize, from: u32, position: u32, end: u32): void {
  const arrived = arrivedAt(node, arrival);
  const state = load<u32>(arrived, STATE);
  const price = priceAt(node, arrival);
  const prices = statePrices(state, position);
  const at = text + position;
  const next = load<u16>(at);
  if (end - position >= LENGTH_MIN) {
    for (let index: u32 = 0; index < 4; index++) {
      const distance = load<u32>(arrived + (index << 2));
      if (position > distance && load<u16>(at - distance - 1) === next) {
        const before = price + load<u32>(prices + (index << 2), BEFORE_REP);
        followRep(node, from, position, end, index, distance, state, before);
      }
    }
  }
  const rep0 = load<u32>(arrived);
  const hasMatched = position > rep0;
  const byte = <u32>next & 0xff;
  const matched = hasMatched ? <u32>load<u8>(at - rep0 - 1) : 0;
  reach(node + 1);
  const bare = price + load<u32>(prices, BEFORE_LITERAL);
  let hasTail = false;
  let literal: u32 = 0;
  if (isOpen(node + 1, bare, rep0)) {
    const coder = literalCoder(position, byteBefore(text, position));
    literal = bare + (state < LITERAL_STATES ? literalPrice(coder, byte) : matchedLiteralPrice(coder, byte, matched));
    offer(node + 1, literal, stepOf(LITERAL_CODE, from), rep0);
    hasTail = isForTail(node + 1, literal, rep0);
  }
  if (!hasMatched) return;
  if (matched === byte) {
    offer(node + 1, price + load<u32>(prices, SHORT_REP), stepOf(0, from), rep0);
  } else if (hasTail) {
    followTail(node + 1, stepOf(LITERAL_CODE, from), position + 1, end, 1, rep0, afterLiteral(state), literal);
  }
}

/** A rep of at least two bytes. */
function followRep(
  node: u32,
  from: u32,
  position: u32,
  end: u32,
  index: u32,
  distance: u32,
  state: u32,
  before: u32,
): void {
  const at = text + position;
  const length = Bytes.common(at, at - distance - 1, LENGTH_MIN, min<u32>(end - position, LENGTH_MAX));
  const prices = lengthPrices(REP_LENGTH_PRICES, position);
  let shortest = LENGTH_MIN;
  if (length >= niceLength) {
    shortest = length;
    nice = max(nice, length);
  }
  const step = stepOf(index, from);
  if (!offerLengths(node, shortest, length, prices, before, step, distance)) return;
  const price = before + load<u32>(prices + (length << 2));
  followTail(node + length, step, position + length, end, 0, distance, afterRep(state), price);
}

/** Each length with the nearest candidate that has it. */
function followMatches(node: u32, position: u32, end: u32, candidatesEnd: usize): void {
  const state = load<u32>(arrivedAt(node, 0), STATE);
  const base = priceAt(node, 0) + load<u32>(statePrices(state, position), BEFORE_MATCH);
  const prices = lengthPrices(MATCH_LENGTH_PRICES, position);
  let n = LENGTH_MIN;
  for (let candidate = scratch + CANDIDATES; candidate < candidatesEnd; candidate += 8) {
    const length = load<u32>(candidate);
    const distance = load<u32>(candidate, 4);
    if (length >= niceLength) {
      n = length;
      nice = max(nice, length);
    }
    const step = stepOf(distance + NEW_DISTANCE, node);
    let price: u32 = 0;
    let hasTail = false;
    if (n < LENGTH_STATES_END) {
      reach(node + min(length, LENGTH_STATES_END - 1));
      for (; n <= length && n < LENGTH_STATES_END; n++) {
        price = base + load<u32>(prices + (n << 2)) + distancePrice(distance, n - LENGTH_MIN);
        offer(node + n, price, step, distance);
      }
      hasTail = n > length && isForTail(node + length, price, distance);
    }
    if (n <= length) {
      const far = base + distancePrice(distance, LENGTH_STATES_END - LENGTH_MIN);
      hasTail = offerLengths(node, n, length, prices, far, step, distance);
      price = far + load<u32>(prices + (length << 2));
      n = length + 1;
    }
    if (hasTail) followTail(node + length, step, position + length, end, 0, distance, afterMatch(state), price);
  }
}

/**
 * After a symbol that ends at `node`: a few literals, then a rep0. Alone, the literals' nodes would often be reached on
 * another way, more cheaply, and the rep0 be lost.
 *
 * @param literals how many the symbol itself counts as: 1 for a literal
 * @param price of the way to `node`, where the state is `state`
 */
function followTail(
  node: u32,
  step: u64,
  position: u32,
  end: u32,
  literals: u32,
  rep0: u32,
  state: u32,
  price: u32,
): void {
  if (position + tailLiterals + 2 > end) return;
  const at = text + position;
  const source = at - rep0 - 1;
  let count: u32 = 1 - literals;
  while (count + literals <= tailLiterals && load<u16>(at + count) !== load<u16>(source + count)) count++;
  if (count + literals > tailLiterals) return;
  const length = Bytes.common(at + count, source + count, 2, min<u32>(end - position - count, LENGTH_MAX));
  for (let i: u32 = 0; i < count; i++) {
    const coder = literalCoder(position + i, load<u8>(at + i - 1));
    const byte = <u32>load<u8>(at + i);
    price += load<u32>(statePrices(state, position + i), BEFORE_LITERAL);
    price +=
      state < LITERAL_STATES ? literalPrice(coder, byte) : matchedLiteralPrice(coder, byte, load<u8>(source + i));
    state = afterLiteral(state);
  }
  price += load<u32>(statePrices(state, position + count), BEFORE_REP);
  price += load<u32>(lengthPrices(REP_LENGTH_PRICES, position + count) + (length << 2));
  reach(node + count + length);
  offer(node + count + length, price, step | tailOf(count + literals, length), rep0);
}
