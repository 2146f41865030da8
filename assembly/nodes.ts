/**
 * The parser's nodes: node i stands for i bytes behind the start of the run. A node is arrived at by a step from an
 * earlier one: a symbol, or a symbol with a few literals and a rep0 behind it (its tail). Two arrivals are kept, the
 * cheapest, and the cheapest among those that leave another rep0, because what is cheap later depends on rep0 most.
 */
import { scratch } from './block';
import { ARRIVED, FIRST_REP0, PRICE, SECOND, STEP, SYMBOLS } from './layout';
import { afterLiteral, afterMatch, afterRep, afterShortRep, rep0, rep1, rep2, rep3, state } from './model';
import { LITERAL_CODE, NEW_DISTANCE } from './symbols';

export const UNREACHED: u32 = 0xffffffff;

// A step, u64: the symbol's code, the node it comes from (bit 13: from its second arrival), its tail.
const FROM_SHIFT = 32;
const FROM_MASK: u32 = 0x1fff;
export const FROM_SECOND: u32 = 0x2000;
const TAIL_SHIFT = 48;
/** A tail: the rep0's length, above it the number of literals before; 0 is none. */
const TAIL_LITERALS_SHIFT = 12;
const TAIL_LENGTH_MASK: u32 = 0xfff;

// What has been arrived with: rep0 to rep3, then the state.
export const STATE: usize = 16;

/** The last node that is reached. */
export let last: u32 = 0;
/** The cheapest node ahead, and its price. */
let leastNode: u32 = 0;
let leastPrice: u32 = 0;

export function startNodes(): void {
  const at = scratch + ARRIVED;
  store<u32>(at, rep0);
  store<u32>(at, rep1, 4);
  store<u32>(at, rep2, 8);
  store<u32>(at, rep3, 12);
  store<u32>(at, state, STATE);
  store<u32>(scratch + PRICE, 0);
  last = 0;
  leastNode = 0;
  leastPrice = UNREACHED;
}

export function tailOf(literals: u32, length: u32): u32 {
  return length | (literals << TAIL_LITERALS_SHIFT);
}

export function reach(node: u32): void {
  while (last < node) {
    const at = scratch + (++last << 2);
    store<u32>(at, UNREACHED, PRICE);
    store<u32>(at, UNREACHED, PRICE + SECOND);
  }
}

/**
 * Whether a node farther on is reached more cheaply than this one, by `margin` or more. Then the way through this one is
 * hardly ever the best: what starts here can start there, for less.
 */
export function isPassed(node: u32, margin: u32): bool {
  if (leastNode <= node) {
    leastPrice = UNREACHED;
    for (let ahead = node + 1; ahead <= last; ahead++) {
      const price = load<u32>(scratch + (ahead << 2), PRICE);
      if (price <= leastPrice) {
        leastPrice = price;
        leastNode = ahead;
      }
    }
  }
  return leastPrice + margin <= load<u32>(scratch + (node << 2), PRICE);
}

export class Nodes {
  /** Offers a step to a node that `reach` has prepared. */
  @inline
  static offer(node: u32, price: u32, code: u32, from: u32, tail: u32, rep0: u32): void {
    if (price < load<u32>(scratch + (node << 2), PRICE + SECOND)) accept(node, price, code, from, tail, rep0);
  }
}

function accept(node: u32, price: u32, code: u32, from: u32, tail: u32, rep0: u32): void {
  const at = scratch + (node << 2);
  const steps = scratch + STEP + (node << 3);
  const step = <u64>code | ((<u64>from) << FROM_SHIFT) | ((<u64>tail) << TAIL_SHIFT);
  const isOther = load<u32>(at, FIRST_REP0) !== rep0;
  const cheapest = load<u32>(at, PRICE);
  if (price < cheapest) {
    if (price <= leastPrice) {
      leastPrice = price;
      leastNode = node;
    }
    if (isOther) {
      store<u32>(at, cheapest, PRICE + SECOND);
      store<u64>(steps, load<u64>(steps), SECOND);
    }
    store<u32>(at, price, PRICE);
    store<u64>(steps, step);
    store<u32>(at, rep0, FIRST_REP0);
  } else if (isOther) {
    store<u32>(at, price, PRICE + SECOND);
    store<u64>(steps, step, SECOND);
  }
}

export function priceAt(node: u32, arrival: usize): u32 {
  return load<u32>(scratch + PRICE + arrival + (node << 2));
}

/** Where an arrival's distances and state lie. @param arrival 0 or SECOND */
export function arrivedAt(node: u32, arrival: usize): usize {
  return scratch + ARRIVED + arrival + (node << 5);
}

/** Works out the distances and the state of an arrival. */
export function arrive(node: u32, arrival: usize): void {
  const step = load<u64>(scratch + STEP + arrival + (node << 3));
  const code = <u32>step;
  const from = sourceOf(step);
  const tail = <u32>(step >> TAIL_SHIFT);
  const source = arrivedAt(from, arrivalOf(step));
  let d0 = load<u32>(source);
  let d1 = load<u32>(source, 4);
  let d2 = load<u32>(source, 8);
  let d3 = load<u32>(source, 12);
  let next = load<u32>(source, STATE);
  if (code === LITERAL_CODE) {
    next = tail === 0 ? afterLiteral(next) : next;
  } else if (code >= NEW_DISTANCE) {
    d3 = d2;
    d2 = d1;
    d1 = d0;
    d0 = code - NEW_DISTANCE;
    next = afterMatch(next);
  } else if (code === 0) {
    next = node - from === 1 ? afterShortRep(next) : afterRep(next);
  } else {
    const distance = code === 1 ? d1 : code === 2 ? d2 : d3;
    if (code === 3) d3 = d2;
    if (code >= 2) d2 = d1;
    d1 = d0;
    d0 = distance;
    next = afterRep(next);
  }
  if (tail !== 0) {
    for (let left = tail >> TAIL_LITERALS_SHIFT; left !== 0; left--) next = afterLiteral(next);
    next = afterRep(next);
  }
  const at = arrivedAt(node, arrival);
  store<u32>(at, d0);
  store<u32>(at, d1, 4);
  store<u32>(at, d2, 8);
  store<u32>(at, d3, 12);
  store<u32>(at, next, STATE);
}

/** Lays the symbols that lead to a node at SYMBOLS, the last one first. Returns their number. */
export function traceBack(node: u32): u32 {
  let count: u32 = 0;
  let arrival: usize = 0;
  while (node !== 0) {
    const step = load<u64>(scratch + STEP + arrival + (node << 3));
    const code = <u32>step;
    const from = sourceOf(step);
    const tail = <u32>(step >> TAIL_SHIFT);
    let length = node - from;
    if (tail !== 0) {
      count = putSymbol(count, tail & TAIL_LENGTH_MASK, 0);
      length -= tail & TAIL_LENGTH_MASK;
      // A literal that is the step's own symbol is counted in its tail.
      for (let left = tail >> TAIL_LITERALS_SHIFT; left !== 0; left--) {
        count = putSymbol(count, 1, LITERAL_CODE);
        length--;
      }
    }
    if (length !== 0) count = putSymbol(count, length, code);
    arrival = arrivalOf(step);
    node = from;
  }
  return count;
}

export function symbolAt(index: u32): usize {
  return scratch + SYMBOLS + (index << 3);
}

function putSymbol(count: u32, length: u32, code: u32): u32 {
  const at = symbolAt(count);
  store<u32>(at, length);
  store<u32>(at, code, 4);
  return count + 1;
}

function sourceOf(step: u64): u32 {
  return <u32>(step >> FROM_SHIFT) & FROM_MASK;
}

function arrivalOf(step: u64): usize {
  return ((step >> FROM_SHIFT) & FROM_SECOND) !== 0 ? SECOND : 0;
}
