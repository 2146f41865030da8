/**
 * The match table, first half: positions into units by a hash of the next bytes, ascending in each unit. A counting sort
 * in parts: count each part, add up, place each part; the last once in each round, for the units that are its own.
 *
 * Positions inside a run of one byte stay out of the units, but for the last RUN_TAIL: their match is the byte before.
 */
import { counts, DERIVED, listAt, matchesAt, PARTS, packMatch, scratch, size, text } from './block';
import { cutRounds, isFirstRound, unitsFrom, unitsOf } from './rounds';

/** The table knows matches of this length or more. Shorter ones are worth something only when near. */
export const LENGTH_FROM: u32 = 6;

/** Of a run's positions, those with at most this many of the run ahead can still lead beyond it. */
const RUN_TAIL = 16;

export const UNIT_BITS = 14;
export const UNITS: u32 = 1 << UNIT_BITS;
/** A part's counts, and a cache line: at multiples of 64 KiB, a unit's counts would push each other out of the caches. */
const ROW_SIZE: usize = ((<usize>UNITS) << 2) + 64;
/** Of the parts' counts and what stands behind them (`counts` in `block.ts`), but for the rounds. */
export const COUNTS_SIZE: usize = <usize>PARTS * ROW_SIZE + ((<usize>UNITS + 1) << 2);

/** All 48 bits of the hash: no two words have the same. */
export function fullHashOf(next: u64): u64 {
  return ((next << 16) * 0x9e3779b97f4a7c15) >> 16;
}

/** A hash of the LENGTH_FROM bytes in the lower part of `next`; its upper bits are the better ones. */
export function hashOf(next: u64): u32 {
  return <u32>(((next << 16) * 0x9e3779b97f4a7c15) >> 32);
}

/** Positions that are looked at before those of the round among them are placed. */
const PICKED: u32 = 1024;

function unitOf(next: u64): usize {
  return (<usize>(hashOf(next) >> (32 - UNIT_BITS))) << 2;
}

export function countPart(part: u32): void {
  const row = counts + <usize>part * ROW_SIZE;
  memory.fill(row, 0, ROW_SIZE);
  const end = partStart(part + 1);
  for (let position = partStart(part); position < end; position++) {
    const next = load<u64>(text + position);
    if (isInsideRun(position, next)) continue;
    const at = row + unitOf(next);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Turns counts into places: unit by unit, and part by part within a unit. Cuts the units into rounds. */
export function addUpCounts(rounds: u32): void {
  const starts = unitStarts();
  let sum: u32 = 0;
  for (let unit: u32 = 0; unit < UNITS; unit++) {
    store<u32>(starts + (unit << 2), sum);
    for (let part: u32 = 0; part < PARTS; part++) {
      const at = counts + <usize>part * ROW_SIZE + (unit << 2);
      const count = load<u32>(at);
      store<u32>(at, sum);
      sum += count;
    }
  }
  store<u32>(starts + (UNITS << 2), sum);
  cutRounds(rounds);
}

/** Places a part's positions, as far as their units are this round's. */
export function placePart(part: u32): void {
  if (isFirstRound()) fillTable(part);
  const row = counts + <usize>part * ROW_SIZE;
  const end = partStart(part + 1);
  for (let start = partStart(part); start < end; start += PICKED) {
    const pickedEnd = pickUnits(start, min(end, start + PICKED));
    for (let picked = scratch; picked < pickedEnd; picked += 8) {
      const at = row + load<u32>(picked, 4);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u32>(listAt(place), load<u32>(picked));
    }
  }
}

/**
 * Writes the positions whose units are this round's to scratch, and the units behind them. Which these are is as good as
 * random, so no branch asks: each is written, and the next one over it unless it is to stay.
 */
function pickUnits(start: u32, end: u32): usize {
  const from = unitsFrom() << 2;
  const length = unitsOf() << 2;
  const bytes = text;
  let to = scratch;
  let before = load<u64>(bytes + start - 1);
  for (let position = start; position < end; position++) {
    const next = load<u64>(bytes + position);
    if (next === before && isInsideRun(position, next)) continue;
    before = next;
    const unit = unitOf(next);
    store<u32>(to, position);
    store<u32>(to, unit, 4);
    to += (<usize>(unit - from < length)) << 3;
  }
  return to;
}

/** Fills the part's place in the table with DERIVED, and with the matches of positions inside runs. */
function fillTable(part: u32): void {
  const start = partStart(part);
  const end = partStart(part + 1);
  memory.fill(matchesAt(start), <u8>DERIVED, (<usize>(end - start)) << 3);
  for (let position = start; position < end; position++) {
    if (!isInsideRun(position, load<u64>(text + position))) continue;
    store<u64>(matchesAt(position), packMatch(position - 1, RUN_TAIL + 1));
  }
}

/** u32[UNITS + 1] */
export function unitStarts(): usize {
  return counts + <usize>PARTS * ROW_SIZE;
}

function partStart(part: u32): u32 {
  return <u32>((<u64>size * part) / PARTS);
}

/** Whether the byte before and RUN_TAIL bytes ahead are the same as that at the position, where the bytes `next` are. */
function isInsideRun(position: u32, next: u64): bool {
  const at = text + position;
  if (load<u64>(at - 1) !== next || position === 0 || position + RUN_TAIL >= size) return false;
  return load<u64>(at, 7) === load<u64>(at, 8) && load<u8>(at, RUN_TAIL) === <u8>next;
}
