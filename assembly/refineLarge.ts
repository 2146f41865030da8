/** How `refine.ts` splits a list whose records do not fit in scratch: as bare positions, by a counting sort. */
import { DEPTH, listAt, matchesAt, SECOND_MATCH, scratch, text } from './block';
import { LARGE_KIND_SIZE, LARGE_LEVELS, LISTS, RECORDS, RECORDS_MAX } from './layout';
import { listOf, refineInScratch } from './refine';
import { matchOf, settleNone } from './settle';
import { LENGTH_FROM } from './sort';

// Of each kind, LARGE_KIND_SIZE bytes: the position that had it last, how many have had it, later where the next belongs in
// `lists`, and the position before the first that had it.
const COUNT: usize = 4;
const PLACE: usize = COUNT;
const BEFORE: usize = 8;
const BYTES: u32 = 256;

/** Bare positions that fit where records lie otherwise, in both buffers. */
const POSITIONS_MAX: u32 = RECORDS_MAX * 8;

/** Refines a unit, the part of `lists` from `first` to `end`. It falls into lists by hash, these into lists by bytes. */
export function refineLarge(first: u32, end: u32): void {
  settleNone(load<u32>(listAt(first)));
  split(first, end, 0, true, scratch + LARGE_LEVELS);
}

/** A list whose positions share `depth` bytes, but for lists of one hash where hashes met by chance. */
function refine(first: u32, end: u32, depth: u32, kinds: usize): void {
  if (end - first <= RECORDS_MAX) {
    refineInScratch(first, end, depth);
    return;
  }
  const shared = depth + sharedBytes(first, end, depth);
  if (shared >= DEPTH) settleAll(first, end);
  else split(first, end, shared, false, kinds);
}

function split(first: u32, end: u32, depth: u32, byHash: bool, kinds: usize): void {
  const kindsEnd = kinds + (byHash ? LISTS : BYTES) * LARGE_KIND_SIZE;
  const firstPosition = load<u32>(listAt(first));
  const firstMatch = load<u32>(matchesAt(firstPosition));
  countKinds(first, end, depth, byHash, kinds, kindsEnd);
  placeByKind(first, end, depth, byHash, kinds);
  let start = first;
  for (let kind = kinds; kind < kindsEnd; kind += LARGE_KIND_SIZE) {
    const next = load<u32>(kind, PLACE);
    if (next === start) continue;
    // The first in its new list: its longest match is that of the old one, whose own first has one already.
    const position = load<u32>(listAt(start));
    const isFirst = position === firstPosition;
    store<u32>(matchesAt(position), isFirst ? firstMatch : matchOf(load<u32>(kind, BEFORE), depth));
    if (next - start > 1) refine(start, next, byHash ? 0 : depth + 1, kindsEnd);
    start = next;
  }
}

/** Counts the kinds, notes second matches, and turns counts into places. */
function countKinds(first: u32, end: u32, depth: u32, byHash: bool, kinds: usize, kindsEnd: usize): void {
  memory.fill(kinds, 0, kindsEnd - kinds);
  let before: u32 = 0;
  for (let at = first; at < end; at++) {
    const position = load<u32>(listAt(at));
    const kind = kinds + kindOf(position + depth, byHash);
    const count = load<u32>(kind, COUNT);
    if (count === 0) {
      store<u32>(kind, before, BEFORE);
    } else if (load<u32>(kind) !== before && depth >= LENGTH_FROM) {
      store<u32>(matchesAt(position), matchOf(before, depth), SECOND_MATCH);
    }
    store<u32>(kind, position);
    store<u32>(kind, count + 1, COUNT);
    before = position;
  }
  let start = first;
  for (let kind = kinds; kind < kindsEnd; kind += LARGE_KIND_SIZE) {
    const count = load<u32>(kind, COUNT);
    store<u32>(kind, start, PLACE);
    start += count;
  }
}

/**
 * Puts the positions in the order of their kinds. Meanwhile they lie in scratch, or, too many for it, in the table, whose
 * longest matches of these positions are found later.
 */
function placeByKind(first: u32, end: u32, depth: u32, byHash: bool, kinds: usize): void {
  const fits = end - first <= POSITIONS_MAX;
  const sorted = scratch + RECORDS;
  for (let at = first; at < end; at++) {
    const position = load<u32>(listAt(at));
    const kind = kinds + kindOf(position + depth, byHash);
    const place = load<u32>(kind, PLACE);
    store<u32>(kind, place + 1, PLACE);
    store<u32>(fits ? sorted + ((<usize>(place - first)) << 2) : matchesAt(load<u32>(listAt(place))), position);
  }
  if (fits) memory.copy(listAt(first), sorted, (<usize>(end - first)) << 2);
  else for (let at = first; at < end; at++) store<u32>(listAt(at), load<u32>(matchesAt(load<u32>(listAt(at)))));
}

/** Where among its list's kinds the one lies that stands at `position`. */
function kindOf(position: u32, byHash: bool): usize {
  const next = text + position;
  return <usize>(byHash ? listOf(load<u64>(next)) : <u32>load<u8>(next)) * LARGE_KIND_SIZE;
}

/** How many bytes from `depth` on all positions share, at most eight. */
function sharedBytes(first: u32, end: u32, depth: u32): u32 {
  const next = load<u64>(text + load<u32>(listAt(first)) + depth);
  let difference: u64 = 0;
  for (let at = first + 1; at < end && (difference & 0xff) === 0; at++) {
    difference |= next ^ load<u64>(text + load<u32>(listAt(at)) + depth);
  }
  return <u32>(ctz(difference) >> 3);
}

function settleAll(first: u32, end: u32): void {
  for (let at = first + 1; at < end; at++) {
    const position = load<u32>(listAt(at));
    const before = load<u32>(listAt(at - 1));
    store<u32>(matchesAt(position), matchOf(before, DEPTH));
  }
}
