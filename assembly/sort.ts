/**
 * The match table, first half: positions into units by a hash of the next bytes, ascending in each unit. A counting sort
 * in parts: count each part, add up, place each part.
 *
 * Positions inside a run of one byte stay out of the units, but for the last RUN_TAIL: their match is the byte before.
 */
import { counts, DERIVED, lists, matchesAt, PARTS, packMatch, size, text } from './block';

/** The table knows matches of this length or more. Shorter ones are worth something only when near. */
export const LENGTH_FROM: u32 = 6;

/** Of a run's positions, those with at most this many of the run ahead can still lead beyond it. */
const RUN_TAIL = 16;

export const UNIT_BITS = 14;
export const UNITS: u32 = 1 << UNIT_BITS;
const ROW_SIZE: usize = (<usize>UNITS) << 2;

/** All 48 bits of the hash: no two words have the same. */
export function fullHashOf(next: u64): u64 {
  return ((next << 16) * 0x9e3779b97f4a7c15) >> 16;
}

/** A hash of the LENGTH_FROM bytes in the lower part of `next`; its upper bits are the better ones. */
export function hashOf(next: u64): u32 {
  return <u32>(((next << 16) * 0x9e3779b97f4a7c15) >> 32);
}

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

/** Turns counts into places: unit by unit, and part by part within a unit. */
export function addUpCounts(): void {
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
}

/** Also fills the part's place in the table with DERIVED. */
export function placePart(part: u32): void {
  const row = counts + <usize>part * ROW_SIZE;
  const start = partStart(part);
  const end = partStart(part + 1);
  memory.fill(matchesAt(start), <u8>DERIVED, (<usize>(end - start)) << 3);
  for (let position = start; position < end; position++) {
    const next = load<u64>(text + position);
    if (isInsideRun(position, next)) {
      store<u64>(matchesAt(position), packMatch(position - 1, RUN_TAIL + 1));
      continue;
    }
    const at = row + unitOf(next);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(lists + ((<usize>place) << 2), position);
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
