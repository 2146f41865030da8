/**
 * The match table, second half: each list is split by the next byte, and the lists that come of it likewise, until the
 * positions in a list share DEPTH bytes or one is left. In every list a position's match is the one before it, so that
 * the last list in which it has one gives its longest match, the nearest of that length.
 *
 * Lists are independent of each other. A large one is split where it lies; one that fits in scratch is copied there,
 * with the next bytes beside each position; a short one is settled by comparing its positions pairwise.
 */

import {
  DEPTH,
  lists,
  longest,
  longestAt,
  POSITION_BITS,
  POSITION_MASK,
  scratch,
  second,
  secondAt,
  setMatches,
  text,
} from './block';
import { Bytes } from './commonLength';
import { BYTE_COUNTS, LEVEL_SIZE, LEVELS, OTHER_RECORDS, RECORDS, RECORDS_MAX } from './layout';
import { listStarts } from './sort';

/** Lists of at most this many positions are compared pairwise. */
const PAIRWISE_MAX: u32 = 12;

// A record: position, the next bytes with the first of them uppermost, longest match, second match.
const RECORD_SIZE: usize = 16;
const NEXT: usize = 4;
const LONGEST: usize = 8;
const SECOND: usize = 12;
const NEXT_BYTES: u32 = 4;

/** The two bytes that a list's positions share. */
const KEY_LENGTH: u32 = 2;

export function refineList(key: u32): void {
  const starts = listStarts() + ((<usize>key) << 2);
  const first = load<u32>(starts);
  const end = load<u32>(starts, 4);
  let before: u32 = 0;
  for (let at = first; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    setMatches(position, at === first ? 0 : before | (KEY_LENGTH << POSITION_BITS), 0);
    before = position;
  }
  if (end - first > 1) splitLarge(first, end, KEY_LENGTH);
}

/** The part of `lists` from `first` to `end` holds positions that share `depth` bytes. */
function splitLarge(first: u32, end: u32, depth: u32): void {
  if (end - first <= RECORDS_MAX) {
    refineInScratch(first, end, depth);
    return;
  }
  if (depth === DEPTH) return;
  // Two u32 for each byte: the position that had it last, and how many have had it.
  const byBytes = scratch + LEVELS + <usize>depth * LEVEL_SIZE;
  memory.fill(byBytes, 0, LEVEL_SIZE);
  for (let at = first; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    const byByte = byBytes + ((<usize>load<u8>(text + position + depth)) << 3);
    const count = load<u32>(byByte, 4);
    if (count !== 0) promote(position, load<u32>(byByte), depth + 1);
    store<u32>(byByte, position);
    store<u32>(byByte, count + 1, 4);
  }
  // Each position's longest match is the one before it in its new list: the way back, from a list's last position.
  let listEnd = first;
  for (let byte: usize = 0; byte < 256; byte++) {
    const count = load<u32>(byBytes + (byte << 3), 4);
    if (count === 0) continue;
    let position = load<u32>(byBytes + (byte << 3));
    for (let at = listEnd + count - 1; at > listEnd; at--) {
      store<u32>(lists + ((<usize>at) << 2), position);
      position = longestAt(position) & POSITION_MASK;
    }
    store<u32>(lists + ((<usize>listEnd) << 2), position);
    listEnd += count;
  }
  let listStart = first;
  for (let byte: usize = 0; byte < 256; byte++) {
    const count = load<u32>(byBytes + (byte << 3), 4);
    if (count > 1) splitLarge(listStart, listStart + count, depth + 1);
    listStart += count;
  }
}

/** A longer match was found. What was the longest becomes the second, unless it is the same match, grown. */
function promote(position: u32, source: u32, length: u32): void {
  const was = longestAt(position);
  if ((was & POSITION_MASK) !== source) store<u32>(second + ((<usize>position) << 2), was);
  store<u32>(longest + ((<usize>position) << 2), source | (length << POSITION_BITS));
}

function refineInScratch(first: u32, end: u32, depth: u32): void {
  let record = scratch + RECORDS;
  for (let at = first; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    store<u32>(record, position);
    store<u32>(record, bswap(load<u32>(text + position + depth)), NEXT);
    store<u32>(record, longestAt(position), LONGEST);
    store<u32>(record, secondAt(position), SECOND);
    record += RECORD_SIZE;
  }
  splitRecords(scratch + RECORDS, record, depth, NEXT_BYTES, scratch + OTHER_RECORDS - (scratch + RECORDS));
}

/**
 * The records from `first` to `end` share `depth` bytes and know the next `known`. They are sorted into the other
 * buffer, `toOther` bytes ahead.
 */
function splitRecords(first: usize, end: usize, depth: u32, known: u32, toOther: usize): void {
  if (depth === DEPTH) {
    for (let record = first; record < end; record += RECORD_SIZE) settle(record);
    return;
  }
  if (end - first <= <usize>PAIRWISE_MAX * RECORD_SIZE) {
    comparePairwise(first, end, depth);
    return;
  }
  if (known === 0) {
    for (let record = first; record < end; record += RECORD_SIZE) {
      store<u32>(record, bswap(load<u32>(text + load<u32>(record) + depth)), NEXT);
    }
    splitRecords(first, end, depth, NEXT_BYTES, toOther);
    return;
  }
  const counts = scratch + BYTE_COUNTS;
  // Pairs of u32: which byte, and how many have it; in order of appearance.
  const kinds = scratch + LEVELS + <usize>depth * LEVEL_SIZE;
  const kindsEnd = countBytes(first, end, counts, kinds);
  if (kindsEnd === kinds + 8) {
    store<u32>(counts + load<u32>(kinds), 0);
    growAll(first, end, depth + 1);
    splitRecords(first, end, depth + 1, known - 1, toOther);
    return;
  }
  placeRecords(first, end, depth + 1, first + toOther, kinds, kindsEnd);
  let from = first + toOther;
  for (let kind = kinds; kind < kindsEnd; kind += 8) {
    const to = from + ((<usize>load<u32>(kind, 4)) << 4);
    if (to - from === RECORD_SIZE) settle(from);
    else splitRecords(from, to, depth + 1, known - 1, 0 - toOther);
    from = to;
  }
}

function countBytes(first: usize, end: usize, counts: usize, kinds: usize): usize {
  let kindsEnd = kinds;
  for (let record = first; record < end; record += RECORD_SIZE) {
    const at = counts + ((<usize>(load<u32>(record, NEXT) >> 24)) << 2);
    const count = load<u32>(at);
    if (count === 0) {
      store<u32>(kindsEnd, <u32>(at - counts));
      kindsEnd += 8;
    }
    store<u32>(at, count + 1);
  }
  return kindsEnd;
}

/** All have the same next byte, so each has a match that long in the one before it. */
function growAll(first: usize, end: usize, length: u32): void {
  store<u32>(first, load<u32>(first, NEXT) << 8, NEXT);
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    store<u32>(record, load<u32>(record, NEXT) << 8, NEXT);
    store<u32>(record, load<u32>(record - RECORD_SIZE) | (length << POSITION_BITS), LONGEST);
  }
}

/** Moves the records to `target`, kind by kind, and leaves the counts at 0. */
function placeRecords(first: usize, end: usize, length: u32, target: usize, kinds: usize, kindsEnd: usize): void {
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
  for (let record = first; record < end; record += RECORD_SIZE) {
    const next = load<u32>(record, NEXT);
    const at = counts + ((<usize>(next >> 24)) << 2);
    let to = <usize>load<u32>(at);
    let ofLongest = load<u32>(record, LONGEST);
    let ofSecond = load<u32>(record, SECOND);
    if ((to & 1) !== 0) {
      to ^= 1;
    } else {
      const source = load<u32>(to - RECORD_SIZE);
      if ((ofLongest & POSITION_MASK) !== source) ofSecond = ofLongest;
      ofLongest = source | (length << POSITION_BITS);
    }
    store<u32>(at, <u32>(to + RECORD_SIZE));
    store<u32>(to, load<u32>(record));
    store<u32>(to, next << 8, NEXT);
    store<u32>(to, ofLongest, LONGEST);
    store<u32>(to, ofSecond, SECOND);
  }
  for (let kind = kinds; kind < kindsEnd; kind += 8) store<u32>(counts + load<u32>(kind), 0);
}

function comparePairwise(first: usize, end: usize, depth: u32): void {
  settle(first);
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    const position = load<u32>(record);
    let ofLongest = load<u32>(record, LONGEST);
    let ofSecond = load<u32>(record, SECOND);
    let best = ofLongest >> POSITION_BITS;
    for (let other = record - RECORD_SIZE; other >= first; other -= RECORD_SIZE) {
      const source = load<u32>(other);
      const length = Bytes.common(text + position, text + source, depth, DEPTH);
      if (length <= best) continue;
      if ((ofLongest & POSITION_MASK) !== source) ofSecond = ofLongest;
      ofLongest = source | (length << POSITION_BITS);
      best = length;
      if (length === DEPTH) break;
    }
    setMatches(position, ofLongest, ofSecond);
  }
}

function settle(record: usize): void {
  setMatches(load<u32>(record), load<u32>(record, LONGEST), load<u32>(record, SECOND));
}
