/**
 * The optimal parser: finds the cheapest way through the next few thousand bytes at the prices of the moment, by dynamic
 * programming from left to right. A run ends where all ways meet, or when the nodes are used up.
 */
import { priceOf0, priceOf1, priceOfBit } from './bitPrices';
import { scratch, text } from './block';
import { findCandidates, noteUntil } from './candidates';
import { Bytes } from './commonLength';
import { lookAhead, niceLength, passMargin, secondWithin, tailLiterals } from './effort';
import {
  CANDIDATES,
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  LENGTH_MAX,
  MATCH_LENGTH_PRICES,
  NODES_MAX,
  REP_LENGTH_PRICES,
  SECOND,
} from './layout';
import { afterLiteral, afterMatch, afterRep, byPosition, byteBefore, LITERAL_STATES, literalCoder } from './model';
import {
  arrive,
  arrivedAt,
  FROM_SECOND,
  isPassed,
  last,
  Nodes,
  priceAt,
  reach,
  STATE,
  startNodes,
  tailOf,
  traceBack,
  UNREACHED,
} from './nodes';
import { distancePrice, lengthPrices, literalPrice, matchedLiteralPrice } from './priceTables';
import { LITERAL_CODE, NEW_DISTANCE } from './symbols';

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
    const match = followArrival(node, 0, node, position, end);
    followMatches(node, position, end, match, candidatesEnd);
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

/** The literal and the reps from an arrival. Returns the price of a match so far. */
function followArrival(node: u32, arrival: usize, from: u32, position: u32, end: u32): u32 {
  const arrived = arrivedAt(node, arrival);
  const state = load<u32>(arrived, STATE);
  const price = priceAt(node, arrival);
  const isMatch = scratch + IS_MATCH + byPosition(state, position);
  const match = price + priceOf1(isMatch);
  const rep = match + priceOf1(scratch + (state << 1) + IS_REP);
  for (let index: u32 = 0; index < 4; index++) {
    followRep(node, from, position, end, index, load<u32>(arrived + (index << 2)), state, rep);
  }
  const rep0 = load<u32>(arrived);
  const at = text + position;
  const byte = <u32>load<u8>(at);
  const coder = literalCoder(position, byteBefore(text, position));
  const hasMatched = position > rep0;
  const matched = hasMatched ? <u32>load<u8>(at - rep0 - 1) : 0;
  const literal =
    price +
    priceOf0(isMatch) +
    (state < LITERAL_STATES ? literalPrice(coder, byte) : matchedLiteralPrice(coder, byte, matched));
  reach(node + 1);
  Nodes.offer(node + 1, literal, LITERAL_CODE, from, 0, rep0);
  if (!hasMatched) return match;
  if (matched === byte) {
    const short =
      rep + priceOf0(scratch + (state << 1) + IS_REP0) + priceOf0(scratch + IS_REP0_LONG + byPosition(state, position));
    Nodes.offer(node + 1, short, 0, from, 0, rep0);
  } else {
    followTail(node + 1, from, position + 1, end, LITERAL_CODE, 1, rep0, afterLiteral(state), literal);
  }
  return match;
}

function followRep(
  node: u32,
  from: u32,
  position: u32,
  end: u32,
  index: u32,
  distance: u32,
  state: u32,
  rep: u32,
): void {
  const lengthMax = min<u32>(end - position, LENGTH_MAX);
  const at = text + position;
  const source = at - distance - 1;
  if (position <= distance || lengthMax < 2 || load<u16>(at) !== load<u16>(source)) return;
  const length = Bytes.common(at, source, 2, lengthMax);
  const byState = scratch + (state << 1);
  let price = rep;
  if (index === 0) {
    price += priceOf0(byState + IS_REP0) + priceOf1(scratch + IS_REP0_LONG + byPosition(state, position));
  } else {
    price += priceOf1(byState + IS_REP0);
    if (index === 1) price += priceOf0(byState + IS_REP1);
    else price += priceOf1(byState + IS_REP1) + priceOfBit(byState + IS_REP2, index - 2);
  }
  const prices = lengthPrices(REP_LENGTH_PRICES, position);
  let shortest: u32 = 2;
  if (length >= niceLength) {
    shortest = length;
    nice = max(nice, length);
  }
  reach(node + length);
  for (let n = shortest; n <= length; n++) {
    Nodes.offer(node + n, price + load<u32>(prices + (n << 2)), index, from, 0, distance);
  }
  price += load<u32>(prices + (length << 2));
  followTail(node + length, from, position + length, end, index, 0, distance, afterRep(state), price);
}

/** Each length with the nearest candidate that has it. */
function followMatches(node: u32, position: u32, end: u32, match: u32, candidatesEnd: usize): void {
  const state = load<u32>(arrivedAt(node, 0), STATE);
  const base = match + priceOf0(scratch + (state << 1) + IS_REP);
  const prices = lengthPrices(MATCH_LENGTH_PRICES, position);
  let n: u32 = 2;
  for (let candidate = scratch + CANDIDATES; candidate < candidatesEnd; candidate += 8) {
    const length = load<u32>(candidate);
    const distance = load<u32>(candidate, 4);
    const code = distance + NEW_DISTANCE;
    if (length >= niceLength) {
      n = length;
      nice = max(nice, length);
    }
    reach(node + length);
    let price: u32 = 0;
    for (; n <= length && n < 5; n++) {
      price = base + load<u32>(prices + (n << 2)) + distancePrice(distance, n - 2);
      Nodes.offer(node + n, price, code, node, 0, distance);
    }
    if (n <= length) {
      const far = base + distancePrice(distance, 3);
      for (; n <= length; n++) {
        price = far + load<u32>(prices + (n << 2));
        Nodes.offer(node + n, price, code, node, 0, distance);
      }
    }
    followTail(node + length, node, position + length, end, code, 0, distance, afterMatch(state), price);
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
  from: u32,
  position: u32,
  end: u32,
  code: u32,
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
    price += priceOf0(scratch + IS_MATCH + byPosition(state, position + i));
    price +=
      state < LITERAL_STATES ? literalPrice(coder, byte) : matchedLiteralPrice(coder, byte, load<u8>(source + i));
    state = afterLiteral(state);
  }
  const byState = scratch + (state << 1);
  const at2 = byPosition(state, position + count);
  price += priceOf1(scratch + IS_MATCH + at2) + priceOf1(byState + IS_REP);
  price += priceOf0(byState + IS_REP0) + priceOf1(scratch + IS_REP0_LONG + at2);
  price += load<u32>(lengthPrices(REP_LENGTH_PRICES, position + count) + (length << 2));
  reach(node + count + length);
  Nodes.offer(node + count + length, price, code, from, tailOf(count + literals, length), rep0);
}
