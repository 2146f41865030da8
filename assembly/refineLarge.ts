/** How `refine.ts` splits a list that does not fit in scratch: in place, threaded through the table of longest matches. */
import { DEPTH, lists, matchesAt, SECOND_MATCH, scratch, text } from './block';
import { LARGE_LEVELS, LISTS, RECORDS_MAX } from './layout';
import { listOf, refineInScratch } from './refine';
import { matchOf, settleNone } from './settle';
import { LENGTH_FROM } from './sort';

/** For each kind two u32: the position that had it last, and how many have had it. */
const KIND_SIZE: u32 = 8;
const COUNT: usize = 4;
const BYTES: u32 = 256;

/** Refines a unit, the part of `lists` from `first` to `end`. It falls into lists by hash, these into lists by bytes. */
export function refineLarge(first: u32, end: u32): void {
  settleNone(load<u32>(lists + ((<usize>first) << 2)));
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
  const kindCount = byHash ? LISTS : BYTES;
  memory.fill(kinds, 0, kindCount * KIND_SIZE);
  let before: u32 = 0;
  for (let at = first; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    const next = text + position + depth;
    const kind = kinds + <usize>((byHash ? listOf(load<u64>(next)) : <u32>load<u8>(next)) * KIND_SIZE);
    const count = load<u32>(kind, COUNT);
    const source = load<u32>(kind);
    if (count === 0) {
      // First in its new list: its longest match is that of the old one. Nobody goes on from here, see below.
      if (at !== first) store<u32>(matchesAt(position), matchOf(before, depth));
    } else {
      if (source !== before && depth >= LENGTH_FROM) {
        store<u32>(matchesAt(position), matchOf(before, depth), SECOND_MATCH);
      }
      store<u32>(matchesAt(position), source);
    }
    store<u32>(kind, position);
    store<u32>(kind, count + 1, COUNT);
    before = position;
  }
  // The way back through each new list, from its last position.
  let listEnd = first;
  for (let kind = kinds; kind < kinds + kindCount * KIND_SIZE; kind += KIND_SIZE) {
    const count = load<u32>(kind, COUNT);
    if (count === 0) continue;
    let position = load<u32>(kind);
    for (let at = listEnd + count - 1; at > listEnd; at--) {
      store<u32>(lists + ((<usize>at) << 2), position);
      position = load<u32>(matchesAt(position));
    }
    store<u32>(lists + ((<usize>listEnd) << 2), position);
    listEnd += count;
  }
  const next = kinds + kindCount * KIND_SIZE;
  let listStart = first;
  for (let kind = kinds; kind < next; kind += KIND_SIZE) {
    const count = load<u32>(kind, COUNT);
    if (count > 1) refine(listStart, listStart + count, byHash ? 0 : depth + 1, next);
    listStart += count;
  }
}

/** How many bytes from `depth` on all positions share, at most eight. */
function sharedBytes(first: u32, end: u32, depth: u32): u32 {
  const next = load<u64>(text + load<u32>(lists + ((<usize>first) << 2)) + depth);
  let difference: u64 = 0;
  for (let at = first + 1; at < end && (difference & 0xff) === 0; at++) {
    difference |= next ^ load<u64>(text + load<u32>(lists + ((<usize>at) << 2)) + depth);
  }
  return <u32>(ctz(difference) >> 3);
}

function settleAll(first: u32, end: u32): void {
  for (let at = first + 1; at < end; at++) {
    const position = load<u32>(lists + ((<usize>at) << 2));
    const before = load<u32>(lists + ((<usize>at) << 2) - 4);
    store<u32>(matchesAt(position), matchOf(before, DEPTH));
  }
}
