/** The parser's steps: what leads from node to node, the distances and the state that it leaves, and the way back. */
import { scratch } from './block';
import { ARRIVED, SECOND, STEP, SYMBOLS } from './layout';
import { afterLiteral, afterMatch, afterRep, afterShortRep } from './model';
import { LITERAL_CODE, NEW_DISTANCE } from './symbols';

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

export function stepOf(code: u32, from: u32): u64 {
  return <u64>code | ((<u64>from) << FROM_SHIFT);
}

/** @param literals before the rep0, the step's own symbol included if it is one */
export function tailOf(literals: u32, length: u32): u64 {
  return (<u64>(length | (literals << TAIL_LITERALS_SHIFT))) << TAIL_SHIFT;
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
