/**
 * The match table, second half: each unit falls into lists of positions that share their next bytes, these are split by
 * the byte after, and so on until the positions in a list share DEPTH bytes or one is left. In every list a position's
 * match is the one before it: the last list in which there is one gives the longest match, the nearest of that length.
 * The second match is the one of the last list in which it was another.
 *
 * So while a list is split, matches need not be noted, except when a position comes first in a new list: then its
 * matches are those of the old list, for good.
 *
 * Units are independent of each other and so are lists. One that fits in scratch is copied there, with the next bytes
 * beside each position; a larger one is split where it lies; in a short one, positions are compared pairwise.
 */
import { DEPTH, lists, matchesAt, packMatch, SECOND_MATCH, scratch, text } from './block';
import { Bytes } from './commonLength';
import {
  BYTE_COUNTS,
  LEVEL_SIZE,
  LEVELS,
  LIST_BITS,
  LIST_COUNTS,
  LISTS,
  OTHER_RECORDS,
  RECORDS,
  RECORDS_MAX,
} from './layout';
import { refineLarge } from './refineLarge';
import { hashOf, LENGTH_FROM, UNIT_BITS, unitStarts } from './sort';

/** Lists of at most this many positions are compared pairwise. */
const PAIRWISE_MAX: usize = 12;

// A record: position, second match, the next bytes from some depth on with the first of them uppermost (u64).
const RECORD_SIZE: usize = 16;
const SECOND: usize = 4;
const NEXT: usize = 8;
const NEXT_BYTES: u32 = 8;
/** When more of them than this are used up, they are read anew. */
const NEXT_BYTES_USED: u32 = 4;

/** Which list of its unit a position belongs to: by the bits of the hash below those that tell units apart. */
export function listOf(next: u64): u32 {
  return (hashOf(next) >> (32 - LIST_BITS - UNIT_BITS)) & (LISTS - 1);
}

export function refineUnit(unit: u32): void {
  const starts = unitStarts() + ((<usize>unit) << 2);
  const first = load<u32>(starts);
  const end = load<u32>(starts, 4);
  if (end - first > RECORDS_MAX) refineLarge(first, end);
  else if (end - first > 1) groupInScratch(first, end);
}

/** Sorts a unit's positions into lists, in scratch. A list may hold positions of equal hash that share nothing. */
function groupInScratch(first: u32, end: u32): void {
  const counts = scratch + LIST_COUNTS;
  memory.fill(counts, 0, LISTS << 2);
  const source = scratch + OTHER_RECORDS;
  const sourceEnd = source + ((<usize>(end - first)) << 4);
  let at = lists + ((<usize>first) << 2);
  for (let record = source; record < sourceEnd; record += RECORD_SIZE) {
    const position = load<u32>(at);
    at += 4;
    const next = load<u64>(text + position);
    const list = counts + ((<usize>listOf(next)) << 2);
    store<u32>(record, position);
    store<u32>(record, <u32>list, SECOND);
    store<u64>(record, bswap(next), NEXT);
    store<u32>(list, load<u32>(list) + 1);
  }
  let start = scratch + RECORDS;
  for (let list = counts; list < counts + (LISTS << 2); list += 4) {
    const count = load<u32>(list);
    store<u32>(list, <u32>start);
    start += (<usize>count) << 4;
  }
  for (let record = source; record < sourceEnd; record += RECORD_SIZE) {
    const list = <usize>load<u32>(record, SECOND);
    const to = <usize>load<u32>(list);
    store<u32>(list, <u32>(to + RECORD_SIZE));
    store<u32>(to, load<u32>(record));
    store<u32>(to, 0, SECOND);
    store<u64>(to, load<u64>(record, NEXT), NEXT);
  }
  // Each count is now the list's end.
  let from = scratch + RECORDS;
  for (let list = counts; list < counts + (LISTS << 2); list += 4) {
    const to = <usize>load<u32>(list);
    if (to - from > RECORD_SIZE) splitRecords(from, to, 0, 0, OTHER_RECORDS - RECORDS);
    from = to;
  }
}

/** Refines a list that lies in `lists` and fits in scratch; its positions share `depth` bytes. */
export function refineInScratch(first: u32, end: u32, depth: u32): void {
  let record = scratch + RECORDS;
  for (let at = first; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    store<u32>(record, position);
    store<u32>(record, load<u32>(matchesAt(position), SECOND_MATCH), SECOND);
    store<u64>(record, bswap(load<u64>(text + position + depth)), NEXT);
    record += RECORD_SIZE;
  }
  splitRecords(scratch + RECORDS, record, depth, depth, OTHER_RECORDS - RECORDS);
}

/**
 * The records from `first` to `end` share `depth` bytes and hold the eight from `base` on. They are sorted into the other
 * buffer, `toOther` bytes ahead.
 */
function splitRecords(first: usize, end: usize, depth: u32, base: u32, toOther: usize): void {
  for (;;) {
    if (depth >= DEPTH) {
      settleAll(first, end, DEPTH);
      return;
    }
    if (depth - base > NEXT_BYTES_USED) {
      for (let record = first; record < end; record += RECORD_SIZE) {
        store<u64>(record, bswap(load<u64>(text + load<u32>(record) + depth)), NEXT);
      }
      base = depth;
    }
    if (end - first <= PAIRWISE_MAX * RECORD_SIZE) {
      comparePairwise(first, end, depth, base);
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
    if (to - from > RECORD_SIZE) splitRecords(from, to, depth + 1, base, 0 - toOther);
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

function comparePairwise(first: usize, end: usize, depth: u32, base: u32): void {
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    const position = load<u32>(record);
    const next = load<u64>(record, NEXT);
    let source = load<u32>(record - RECORD_SIZE);
    let length = depth;
    let ofSecond = load<u32>(record, SECOND);
    for (let other = record - RECORD_SIZE; other >= first; other -= RECORD_SIZE) {
      const candidate = load<u32>(other);
      const difference = next ^ load<u64>(other, NEXT);
      const common =
        difference !== 0
          ? base + <u32>(clz(difference) >> 3)
          : Bytes.common(text + position, text + candidate, base + NEXT_BYTES, DEPTH);
      if (common <= length) continue;
      if (candidate !== source) {
        ofSecond = matchOf(source, length);
        source = candidate;
      }
      length = min(common, DEPTH);
      if (length === DEPTH) break;
    }
    settle(position, source, length, ofSecond);
  }
}

/** A match as the table has it; 0 where it is too short. */
export function matchOf(source: u32, length: u32): u32 {
  return length < LENGTH_FROM ? 0 : packMatch(source, length);
}

function settle(position: u32, source: u32, length: u32, ofSecond: u32): void {
  store<u64>(matchesAt(position), <u64>matchOf(source, length) | ((<u64>ofSecond) << 32));
}
