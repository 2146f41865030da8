/** What is written to the match table. */
import { DERIVED, matchesAt, packMatch, text } from './block';
import { RECORD_SIZE, SECOND } from './records';
import { LENGTH_FROM } from './sort';

/** A match as the table has it; 0 where it is too short. */
export function matchOf(source: u32, length: u32): u32 {
  return length < LENGTH_FROM ? 0 : packMatch(source, length);
}

/** The first of its six bytes. */
export function settleNone(position: u32): void {
  store<u64>(matchesAt(position), 0);
}

export function settle(position: u32, source: u32, length: u32, ofSecond: u32): void {
  store<u64>(matchesAt(position), <u64>matchOf(source, length) | ((<u64>ofSecond) << 32));
}

/**
 * Whether all positions of a list follow the same byte. Then the positions before are a list as well, and all there is
 * to find here is found there, one byte longer. Positions inside runs are in no list: after a run it may not be so.
 */
export function isUniform(first: usize, end: usize): bool {
  const position = load<u32>(first);
  const at = text + position;
  const left = load<u8>(at - 1);
  if (load<u8>(text + load<u32>(end - RECORD_SIZE) - 1) !== left || position === 0) return false;
  for (let record = first + RECORD_SIZE; record < end - RECORD_SIZE; record += RECORD_SIZE) {
    if (load<u8>(text + load<u32>(record) - 1) !== left) return false;
  }
  return (load<u64>(at - 1) ^ load<u64>(at)) << 16 !== 0;
}

/** Says so of all but the first, which are settled already. */
export function derive(first: usize, end: usize): void {
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    store<u64>(matchesAt(load<u32>(record)), ((<u64>load<u32>(record, SECOND)) << 32) | DERIVED);
  }
}
