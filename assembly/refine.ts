/**
 * The match table, second half: each unit falls into lists of positions that share their next bytes, these are split by
 * the byte after, and so on until the positions in a list share DEPTH bytes or one is left. In every list a position's
 * match is the one before it: the last list in which there is one gives the longest match, the nearest of that length.
 * The second match is the one of the last list in which it was another.
 *
 * So while a list is split, matches need not be noted, except when a position comes first in a new list: then its
 * matches are those of the old list, for good.
 *
 * Most lists need no splitting at all: where every position of a list follows the same byte, as inside of words that
 * recur, the positions before are a list too, and have the same matches, one byte longer. All but the first are then left
 * as DERIVED, which the table is full of to begin with. Nothing is lost by it, except that the table ends at DEPTH: what
 * is derived from a match of that length, or more, is as near as that, and may end sooner than another.
 *
 * Units are independent of each other and so are lists. One that fits in scratch is copied there, with the next bytes
 * beside each position; a larger one is split without them (`refineLarge.ts`); in a short one, positions are compared
 * pairwise.
 */
import { DERIVED, listAt, matchesAt, POSITION_BITS, POSITION_MASK, SECOND_MATCH, scratch, text } from './block';
import { LIST_BITS, LIST_COUNTS, LISTS, OTHER_RECORDS, PAIRS_MAX, RECORDS, RECORDS_MAX } from './layout';
import { comparePairwise } from './pairwise';
import { NEXT, nextBytesAt, RECORD_SIZE, SECOND } from './records';
import { refineLarge } from './refineLarge';
import { isUniform, settleNone } from './settle';
import { fullHashOf, hashOf, LENGTH_FROM, UNIT_BITS, unitStarts } from './sort';
import { splitRecords } from './split';

/** Which list of its unit a position belongs to: by the bits of the hash below those that tell units apart. */
export function listOf(next: u64): u32 {
  return (hashOf(next) >> (32 - LIST_BITS - UNIT_BITS)) & (LISTS - 1);
}

/** Kinds of six bytes that are told apart in one list; were there more, it would be split byte by byte. */
const KINDS_MAX = 16;

// A hash of 48 bits tells LENGTH_FROM bytes apart. The unit has its upper bits; of the others a record, as long as it has
// no second match, keeps the lower 32 there, on the way the last two above its position. The first two its list has.
const REST_BITS = 48 - UNIT_BITS;
const LOW_BITS = REST_BITS - 32;

/** Refines the units `from` to `to` (exclusive). */
export function refineUnits(from: u32, to: u32): void {
  for (let unit = from; unit < to; unit++) refineUnit(unit);
}

function refineUnit(unit: u32): void {
  const starts = unitStarts() + ((<usize>unit) << 2);
  const first = load<u32>(starts);
  const end = load<u32>(starts, 4);
  if (end - first > RECORDS_MAX) refineLarge(first, end);
  else if (end - first > 1) groupInScratch(first, end);
  else if (end !== first) settleNone(load<u32>(listAt(first)));
}

/**
 * Sorts a unit's positions into lists by hash, in scratch: into half as many as there are positions, for each is looked at, but
 * by as many bits at least as a record does not keep.
 */
function groupInScratch(first: u32, end: u32): void {
  const listBits = max<u32>(LOW_BITS, min<u32>(LIST_BITS, 30 - clz(end - first)));
  const belowListBits = 32 - listBits;
  const counts = scratch + LIST_COUNTS;
  const countsEnd = counts + ((<usize>4) << listBits);
  memory.fill(counts, 0, countsEnd - counts);
  const source = scratch + OTHER_RECORDS;
  const sourceEnd = source + ((<usize>(end - first)) << 4);
  const positions = listAt(first);
  const bytes = text;
  // Each position's bytes are far from the others': where little else is done beside, more of them are waited for at once.
  let at = positions;
  for (let record = source; record < sourceEnd; record += RECORD_SIZE) {
    v128.store(record, v128.load(bytes + load<u32>(at)));
    at += 4;
  }
  at = positions;
  for (let record = source; record < sourceEnd; record += RECORD_SIZE) {
    const hash = fullHashOf(load<u64>(record));
    const rest = <u32>(hash >> LOW_BITS);
    const list = counts + ((<usize>(rest >> belowListBits)) << 2);
    store<u64>(record, nextBytesAt(record + LENGTH_FROM), NEXT);
    store<u32>(record, load<u32>(at) | ((<u32>hash & ((1 << LOW_BITS) - 1)) << POSITION_BITS));
    store<u32>(record, rest, SECOND);
    store<u32>(list, load<u32>(list) + 1);
    at += 4;
  }
  let start = scratch + RECORDS;
  for (let list = counts; list < countsEnd; list += 4) {
    const count = load<u32>(list);
    store<u32>(list, <u32>start);
    start += (<usize>count) << 4;
  }
  for (let record = source; record < sourceEnd; record += RECORD_SIZE) {
    const rest = load<u32>(record, SECOND);
    const list = counts + ((<usize>(rest >> belowListBits)) << 2);
    const to = <usize>load<u32>(list);
    const position = load<u32>(record);
    store<u32>(list, <u32>(to + RECORD_SIZE));
    store<u32>(to, position & POSITION_MASK);
    store<u32>(to, (rest << LOW_BITS) | (position >> POSITION_BITS), SECOND);
    store<u64>(to, load<u64>(record, NEXT), NEXT);
  }
  // Each count is now the list's end.
  let from = scratch + RECORDS;
  for (let list = counts; list < countsEnd; list += 4) {
    const to = <usize>load<u32>(list);
    if (to !== from) refineList(from, to, OTHER_RECORDS - RECORDS);
    from = to;
  }
}

/** Refines a list of one hash, in which hashes of more bits tell what meets by chance. */
function refineList(first: usize, end: usize, toOther: usize): void {
  for (let kinds = 0; first < end; kinds++) {
    if (kinds === KINDS_MAX) {
      splitFromStart(first, end, toOther);
      return;
    }
    const hash = load<u32>(first, SECOND);
    let difference: u32 = 0;
    for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
      difference |= hash ^ load<u32>(record, SECOND);
    }
    let alike = end;
    if (difference !== 0) {
      alike = partition(first, end, hash, toOther);
      first += toOther;
      end += toOther;
      toOther = 0 - toOther;
    }
    settleNone(load<u32>(first));
    // Of one there is nothing to find, and of a uniform list the table says it already.
    if (alike - first > RECORD_SIZE && !isUniform(first, alike)) refineAlike(first, alike, toOther);
    first = alike;
  }
}

/** Refines a list of positions that share LENGTH_FROM bytes. */
function refineAlike(first: usize, end: usize, toOther: usize): void {
  fetchMatches(first, end);
  if (end - first <= PAIRS_MAX * RECORD_SIZE) {
    comparePairwise(first, end, LENGTH_FROM, LENGTH_FROM, 0);
    return;
  }
  for (let record = first; record < end; record += RECORD_SIZE) store<u32>(record, 0, SECOND);
  splitRecords(first, end, LENGTH_FROM, LENGTH_FROM, toOther);
}

/** Reads the entries that are written next: reads wait for memory together, writes one after the other. */
function fetchMatches(first: usize, end: usize): void {
  for (let record = first; record < end; record += RECORD_SIZE) load<u32>(matchesAt(load<u32>(record)));
}

function splitFromStart(first: usize, end: usize, toOther: usize): void {
  settleNone(load<u32>(first));
  for (let record = first; record < end; record += RECORD_SIZE) {
    store<u32>(record, 0, SECOND);
    store<u64>(record, nextBytesAt(text + load<u32>(record)), NEXT);
  }
  splitRecords(first, end, 0, 0, toOther);
}

/** Moves records to the other buffer, those with the hash first. Returns where these end. */
function partition(first: usize, end: usize, hash: u32, toOther: usize): usize {
  let alike = first + toOther;
  for (let record = first; record < end; record += RECORD_SIZE) {
    if (load<u32>(record, SECOND) !== hash) continue;
    v128.store(alike, v128.load(record));
    alike += RECORD_SIZE;
  }
  let to = alike;
  for (let record = first; record < end; record += RECORD_SIZE) {
    if (load<u32>(record, SECOND) === hash) continue;
    v128.store(to, v128.load(record));
    to += RECORD_SIZE;
  }
  return alike;
}

/** Refines a list that lies in `lists` and fits in scratch; its positions share `depth` bytes. */
export function refineInScratch(first: u32, end: u32, depth: u32): void {
  let record = scratch + RECORDS;
  for (let at = first; at < end; at++) {
    const position = load<u32>(listAt(at));
    store<u32>(record, position);
    const second = load<u32>(matchesAt(position), SECOND_MATCH);
    store<u32>(record, second === DERIVED ? 0 : second, SECOND);
    store<u64>(record, nextBytesAt(text + position + depth), NEXT);
    record += RECORD_SIZE;
  }
  splitRecords(scratch + RECORDS, record, depth, depth, OTHER_RECORDS - RECORDS);
}
