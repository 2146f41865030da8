/**
 * The matches that the parser chooses from at a position: the nearest that share two, three, four and six bytes, as far
 * as the slice and a little before it goes, and the two of the match table, from the whole Block.
 */
import { DEPTH, matchesAt, POSITION_BITS, POSITION_MASK, SECOND_MATCH, scratch, text } from './block';
import { Bytes } from './commonLength';
import { CANDIDATES, NEAR_END, NEAR2, NEAR3, NEAR4, NEAR6 } from './layout';

/** Bytes before a slice whose positions are known to it as near. */
const NEAR_BEFORE: u32 = 1 << 16;

const CANDIDATE_SIZE: usize = 8;
const DISTANCE: usize = 4;

let dictionarySize: u32 = 0;
/** Positions before this one are in the tables of near positions. */
let noted: u32 = 0;
/** Where the next candidate goes, and the last one's length. */
let end: usize = 0;
let best: u32 = 0;

export function startCandidates(position: u32, dictionarySize_: u32): void {
  dictionarySize = dictionarySize_;
  memory.fill(scratch + NEAR2, 0, NEAR_END - NEAR2);
  noted = position > NEAR_BEFORE ? position - NEAR_BEFORE : 0;
  noteUntil(position);
}

/** Notes the positions before `position` that were passed over. */
export function noteUntil(position: u32): void {
  for (; noted < position; noted++) {
    const next = load<u64>(text + noted);
    const value = noted + 1;
    store<u32>(scratch + by2(next), value, NEAR2);
    store<u32>(scratch + by3(next), value, NEAR3);
    store<u32>(scratch + by4(next), value, NEAR4);
    store<u32>(scratch + by6(next), value, NEAR6);
  }
}

/** Lays pairs of length and distance, both ascending, at CANDIDATES. Returns where they end. */
export function findCandidates(position: u32, lengthMax: u32): usize {
  end = scratch + CANDIDATES;
  best = 1;
  // After a state reset inside the slice, the parser comes back to positions that are noted already.
  if (position >= noted) {
    noteUntil(position);
    const next = load<u64>(text + position);
    const near2 = takeNear(scratch + NEAR2 + by2(next), position);
    const near3 = takeNear(scratch + NEAR3 + by3(next), position);
    const near4 = takeNear(scratch + NEAR4 + by4(next), position);
    const near6 = takeNear(scratch + NEAR6 + by6(next), position);
    // Mostly they are the same.
    if (near2 !== near3) offerNear(position, near2, lengthMax);
    if (near3 !== near4) offerNear(position, near3, lengthMax);
    if (near4 !== near6) offerNear(position, near4, lengthMax);
    offerNear(position, near6, lengthMax);
    noted = position + 1;
  }
  const matches = matchesAt(position);
  offerFar(position, load<u32>(matches, SECOND_MATCH), lengthMax);
  offerFar(position, load<u32>(matches), lengthMax);
  return end;
}

function takeNear(entry: usize, position: u32): u32 {
  const source = load<u32>(entry);
  store<u32>(entry, position + 1);
  return source;
}

function offerNear(position: u32, source: u32, lengthMax: u32): void {
  if (source === 0) return;
  const length = Bytes.common(text + position, text + source - 1, 0, lengthMax);
  if (length > best) add(length, position - source);
}

function offerFar(position: u32, match: u32, lengthMax: u32): void {
  let length = min(match >> POSITION_BITS, lengthMax);
  if (length <= best) return;
  const source = match & POSITION_MASK;
  if (length === DEPTH) length = Bytes.common(text + position, text + source, DEPTH, lengthMax);
  const distance = position - source - 1;
  // A near one that is farther away than this longer one is of no use.
  while (end > scratch + CANDIDATES && load<u32>(end - CANDIDATE_SIZE + DISTANCE) >= distance) end -= CANDIDATE_SIZE;
  add(length, distance);
}

function add(length: u32, distance: u32): void {
  if (distance >= dictionarySize) return;
  best = length;
  store<u32>(end, length);
  store<u32>(end, distance, DISTANCE);
  end += CANDIDATE_SIZE;
}

function by2(next: u64): usize {
  return (<usize>(next & 0xffff)) << 2;
}

function by3(next: u64): usize {
  return (<usize>((((<u32>next) << 8) * 0x9e3779b1) >> 16)) << 2;
}

function by4(next: u64): usize {
  return (<usize>((<u32>next * 0x9e3779b1) >> 16)) << 2;
}

function by6(next: u64): usize {
  return (<usize>(((next << 16) * 0x9e3779b97f4a7c15) >> 48)) << 2;
}
