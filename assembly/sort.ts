/**
 * The match table, first half: positions into lists by the two bytes found there, ascending in each list. A counting
 * sort in parts: count each part, add up, place each part.
 *
 * Inside a long run of one byte, a position's match is the one before it, and nobody misses it as a source: a run's
 * last DEPTH positions offer the same matches nearer. Such positions stay out of the lists.
 */
import { counts, DEPTH, lists, PARTS, POSITION_BITS, setMatches, size, text } from './block';

export const KEYS: u32 = 65536;

export function countPart(part: u32): void {
  const row = counts + <usize>part * (KEYS * 4);
  memory.fill(row, 0, KEYS * 4);
  const end = partStart(part + 1);
  let runEnd: u32 = 0;
  for (let position = partStart(part); position < end; position++) {
    if (position >= runEnd) runEnd = endOfRun(position);
    if (isInsideRun(position, runEnd)) continue;
    const at = row + ((<usize>load<u16>(text + position)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Turns counts into places: in list order, and in part order within a list. */
export function addUpCounts(): void {
  const starts = listStarts();
  let sum: u32 = 0;
  for (let key: u32 = 0; key < KEYS; key++) {
    store<u32>(starts + (key << 2), sum);
    for (let part: u32 = 0; part < PARTS; part++) {
      const at = counts + <usize>part * (KEYS * 4) + (key << 2);
      const count = load<u32>(at);
      store<u32>(at, sum);
      sum += count;
    }
  }
  store<u32>(starts + (KEYS << 2), sum);
}

export function placePart(part: u32): void {
  const row = counts + <usize>part * (KEYS * 4);
  const end = partStart(part + 1);
  let runEnd: u32 = 0;
  for (let position = partStart(part); position < end; position++) {
    if (position >= runEnd) runEnd = endOfRun(position);
    if (isInsideRun(position, runEnd)) {
      setMatches(position, (position - 1) | (DEPTH << POSITION_BITS), 0);
      continue;
    }
    const at = row + ((<usize>load<u16>(text + position)) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(lists + ((<usize>place) << 2), position);
  }
}

/** u32[KEYS + 1] */
export function listStarts(): usize {
  return counts + <usize>PARTS * (KEYS * 4);
}

function partStart(part: u32): u32 {
  return <u32>((<u64>size * part) / PARTS);
}

function endOfRun(position: u32): u32 {
  const byte = load<u8>(text + position);
  let end = position + 1;
  while (end < size && load<u8>(text + end) === byte) end++;
  return end;
}

function isInsideRun(position: u32, runEnd: u32): bool {
  if (runEnd - position <= DEPTH || position === 0) return false;
  return load<u8>(text + position - 1) === load<u8>(text + position);
}
