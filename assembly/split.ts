/** Refinement of lists in scratch that are not short: byte by byte, from one buffer of records into the other. */
import { DEPTH, scratch, text } from './block';
import { BYTE_COUNTS, LEVEL_SIZE, LEVELS, PAIRS_MAX } from './layout';
import { comparePairwise } from './pairwise';
import { NEXT, NEXT_BYTES, nextBytesAt, RECORD_SIZE, SECOND } from './records';
import { derive, isUniform, matchOf, settle } from './settle';

/** When more of a record's bytes than this are used up, they are read anew. */
const NEXT_BYTES_USED: u32 = 4;

/**
 * The records from `first` to `end` share `depth` bytes and hold the eight from `base` on. They are sorted into the other
 * buffer, `toOther` bytes ahead.
 */
export function splitRecords(first: usize, end: usize, depth: u32, base: u32, toOther: usize): void {
  for (;;) {
    if (depth >= DEPTH) {
      settleAll(first, end, DEPTH);
      return;
    }
    if (depth - base > NEXT_BYTES_USED) {
      for (let record = first; record < end; record += RECORD_SIZE) {
        store<u64>(record, nextBytesAt(text + load<u32>(record) + depth), NEXT);
      }
      base = depth;
    }
    if (end - first <= PAIRS_MAX * RECORD_SIZE) {
      comparePairwise(first, end, depth, base, 0xffffffff);
      return;
    }
    const shared = sharedBytes(first, end, depth - base);
    if (shared === 0) break;
    depth += shared;
  }
  const shift = <u64>(56 - ((depth - base) << 3));
  // Pairs of u32: which byte, and how many have it; in order of appearance.
  const kinds = scratch + LEVELS + <usize>depth * LEVEL_SIZE;
  const kindsEnd = countBytes(first, end, shift, kinds);
  placeRecords(first, end, shift, depth, first + toOther, kinds, kindsEnd);
  let from = first + toOther;
  for (let kind = kinds; kind < kindsEnd; kind += 8) {
    const to = from + ((<usize>load<u32>(kind, 4)) << 4);
    if (to - from > RECORD_SIZE) {
      if (isUniform(from, to)) derive(from, to);
      else splitRecords(from, to, depth + 1, base, 0 - toOther);
    }
    from = to;
  }
}

/** How many of the bytes held, from the `known`th on, all records share. */
function sharedBytes(first: usize, end: usize, known: u32): u32 {
  const next = load<u64>(first, NEXT);
  const shift = <u64>(known << 3);
  // Mostly the last one tells that there is none.
  let difference = (next ^ load<u64>(end - RECORD_SIZE, NEXT)) << shift;
  if (difference >> 56 !== 0) return 0;
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    difference |= (next ^ load<u64>(record, NEXT)) << shift;
  }
  return min<u32>(<u32>(clz(difference) >> 3), NEXT_BYTES - known);
}

function countBytes(first: usize, end: usize, shift: u64, kinds: usize): usize {
  const counts = scratch + BYTE_COUNTS;
  let kindsEnd = kinds;
  for (let record = first; record < end; record += RECORD_SIZE) {
    const at = counts + <usize>(((load<u64>(record, NEXT) >> shift) & 0xff) << 2);
    const count = load<u32>(at);
    if (count === 0) {
      store<u32>(kindsEnd, <u32>(at - counts));
      kindsEnd += 8;
    }
    store<u32>(at, count + 1);
  }
  return kindsEnd;
}

/** Moves the records, which share `depth` bytes, to `target`, kind by kind, and leaves the counts at 0. */
function placeRecords(
  first: usize,
  end: usize,
  shift: u64,
  depth: u32,
  target: usize,
  kinds: usize,
  kindsEnd: usize,
): void {
  const counts = scratch + BYTE_COUNTS;
  let start = target;
  for (let kind = kinds; kind < kindsEnd; kind += 8) {
    const at = counts + load<u32>(kind);
    const count = load<u32>(at);
    store<u32>(kind, count, 4);
    // The lowest bit says that the list is empty yet.
    store<u32>(at, <u32>start | 1);
    start += (<usize>count) << 4;
  }
  let before: u32 = 0;
  for (let record = first; record < end; record += RECORD_SIZE) {
    const next = load<u64>(record, NEXT);
    const position = load<u32>(record);
    const at = counts + <usize>(((next >> shift) & 0xff) << 2);
    let to = <usize>load<u32>(at);
    let ofSecond = load<u32>(record, SECOND);
    if ((to & 1) !== 0) {
      to ^= 1;
      if (record !== first) settle(position, before, depth, ofSecond);
    } else if (load<u32>(to - RECORD_SIZE) !== before) {
      ofSecond = matchOf(before, depth);
    }
    store<u32>(at, <u32>(to + RECORD_SIZE));
    store<u32>(to, position);
    store<u32>(to, ofSecond, SECOND);
    store<u64>(to, next, NEXT);
    before = position;
  }
  for (let kind = kinds; kind < kindsEnd; kind += 8) store<u32>(counts + load<u32>(kind), 0);
}

function settleAll(first: usize, end: usize, depth: u32): void {
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    settle(load<u32>(record), load<u32>(record - RECORD_SIZE), depth, load<u32>(record, SECOND));
  }
}
