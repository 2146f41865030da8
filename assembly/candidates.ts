/**
 * The matches that the parser chooses from at a position: the nearest that share two, three, four and six bytes, as far
 * as the slice and a little before it goes, and the two of the match table, from the whole Block.
 */
import {
  DEPTH,
  DERIVED,
  matchesAt,
  POSITION_BITS,
  POSITION_MASK,
  packMatch,
  SECOND_MATCH,
  scratch,
  text,
} from './block';
import { Bytes } from './commonLength';
import { CANDIDATES, NEAR_BITS, NEAR_END, NEAR2, NEAR3, NEAR4, NEAR6 } from './layout';
import { LENGTH_FROM } from './sort';

/** Bytes before a slice whose positions are known to it as near. */
const NEAR_BEFORE: u32 = 1 << 16;

/** Farther than this, two or three bytes are hardly ever worth a match. */
const NEAR2_REACH: u32 = 1 << 11;
const NEAR3_REACH: u32 = 1 << 16;

const NOWHERE: u32 = 0xffffffff;
const CANDIDATE_SIZE: usize = 8;
const DISTANCE: usize = 4;

let dictionarySize: u32 = 0;
/** Positions before this one are in the tables of near positions. */
let noted: u32 = 0;

/** The position that was last looked up in the table; where its longest match begins, and that; its second match. */
let lookedUp: u32 = NOWHERE;
let begin: u32 = 0;
let longest: u32 = 0;
let second: u32 = 0;

export function startCandidates(position: u32, dictionarySize_: u32): void {
  dictionarySize = dictionarySize_;
  lookedUp = NOWHERE;
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
  let end = scratch + CANDIDATES;
  // After a state reset inside the slice, the parser comes back to positions that are noted already.
  if (position >= noted) {
    noteUntil(position);
    noted = position + 1;
    const next = load<u64>(text + position);
    const near2 = takeNear(scratch + NEAR2 + by2(next), position);
    const near3 = takeNear(scratch + NEAR3 + by3(next), position);
    const near4 = takeNear(scratch + NEAR4 + by4(next), position);
    const near6 = takeNear(scratch + NEAR6 + by6(next), position);
    // Mostly they are the same.
    if (near2 !== near3 && position - near2 < NEAR2_REACH) end = offerNear(end, position, near2, lengthMax);
    if (near3 !== near4 && position - near3 < NEAR3_REACH) end = offerNear(end, position, near3, lengthMax);
    if (near4 !== near6) end = offerNear(end, position, near4, lengthMax);
    end = offerNear(end, position, near6, lengthMax);
  }
  return offerFar(end, position, lengthMax);
}

/** The table's matches of a position. */
function offerFar(end: usize, position: u32, lengthMax: u32): usize {
  lookUp(position);
  if (second !== 0) end = offerMatch(end, position, second & POSITION_MASK, second >> POSITION_BITS, lengthMax);
  const back = position - begin;
  const length = longest >> POSITION_BITS;
  const source = (longest & POSITION_MASK) + back;
  if (length === DEPTH) return offerLong(end, position, source, DEPTH - min(back, DEPTH), lengthMax);
  return length >= back + LENGTH_FROM ? offerMatch(end, position, source, length - back, lengthMax) : end;
}

/** Goes back to where the position's matches begin, or to where it was last looked up. */
function lookUp(position: u32): void {
  let from = position;
  let ofSecond: u32 = 0;
  while (from !== lookedUp) {
    const at = matchesAt(from);
    ofSecond = longer(ofSecond, load<u32>(at, SECOND_MATCH), position - from);
    const match = load<u32>(at);
    if (match !== DERIVED) {
      longest = match;
      begin = from;
      break;
    }
    from--;
  }
  if (from === lookedUp) ofSecond = longer(ofSecond, second, position - from);
  second = ofSecond;
  lookedUp = position;
}

/** The longer of two second matches, the other one being that of a position some bytes back. */
function longer(match: u32, other: u32, back: u32): u32 {
  const length = other >> POSITION_BITS;
  if (other === DERIVED || length < back + LENGTH_FROM || length - back <= match >> POSITION_BITS) return match;
  return packMatch((other & POSITION_MASK) + back, length - back);
}

/** A match that is longer than the table knows, `known` bytes at least. */
function offerLong(end: usize, position: u32, source: u32, known: u32, lengthMax: u32): usize {
  if (lengthMax <= lastLength(end)) return end;
  const length = Bytes.common(text + position, text + source, min(known, lengthMax), lengthMax);
  return offerMatch(end, position, source, length, lengthMax);
}

function takeNear(entry: usize, position: u32): u32 {
  const source = load<u32>(entry);
  store<u32>(entry, position + 1);
  return source;
}

function offerNear(end: usize, position: u32, source: u32, lengthMax: u32): usize {
  if (source === 0) return end;
  return add(end, Bytes.common(text + position, text + source - 1, 0, lengthMax), position - source);
}

function offerMatch(end: usize, position: u32, source: u32, length_: u32, lengthMax: u32): usize {
  const length = min(length_, lengthMax);
  if (length <= lastLength(end)) return end;
  const distance = position - source - 1;
  // A near one that is farther away than this longer one is of no use.
  while (end > scratch + CANDIDATES && load<u32>(end - CANDIDATE_SIZE + DISTANCE) >= distance) end -= CANDIDATE_SIZE;
  return add(end, length, distance);
}

function lastLength(end: usize): u32 {
  return end === scratch + CANDIDATES ? 1 : load<u32>(end - CANDIDATE_SIZE);
}

/** Adds a candidate that is longer than the last. */
function add(end: usize, length: u32, distance: u32): usize {
  if (length <= lastLength(end) || distance >= dictionarySize) return end;
  store<u32>(end, length);
  store<u32>(end, distance, DISTANCE);
  return end + CANDIDATE_SIZE;
}

function by2(next: u64): usize {
  return (<usize>(next & 0xffff)) << 2;
}

function by3(next: u64): usize {
  return (<usize>((((<u32>next) << 8) * 0x9e3779b1) >> (32 - NEAR_BITS))) << 2;
}

function by4(next: u64): usize {
  return (<usize>((<u32>next * 0x9e3779b1) >> (32 - NEAR_BITS))) << 2;
}

function by6(next: u64): usize {
  return (<usize>(((next << 16) * 0x9e3779b97f4a7c15) >> (64 - NEAR_BITS))) << 2;
}
