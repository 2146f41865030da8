/**
 * The Block that this instance works on. It lies in memory shared by all workers; these are its addresses. Of the
 * arrays, each phase writes some and reads others, and between two phases every worker waits for the rest.
 */

/** The Block's bytes, with zeros behind them (at least `TEXT_PADDING`). */
export let text: usize = 0;
/** Bytes in the Block, at most 2^26. */
export let size: u32 = 0;
/**
 * u32[size]: positions, unit by unit. There is room for those of one round (`rounds.ts`); `lists` lies before it by as much
 * as earlier rounds have.
 */
let lists: usize = 0;
let listsRoom: usize = 0;
/**
 * The match table, u32[size][2]: for every position its longest earlier match, and the longest of the matches that are
 * shorter, and nearer, than that; packed as below. Where the first is DERIVED, both are those of the position before, one
 * byte on and one byte shorter, unless the second that stands here is at least as long.
 */
export let matches: usize = 0;
/**
 * u32[UNITS] for each part, in rows of a cache line more; then u32[UNITS + 1]: where units, and each part's share of them,
 * begin; then each round's first unit, u32 too.
 */
export let counts: usize = 0;
/** This worker's own scratch. */
export let scratch: usize = 0;

/**
 * A match is packed as its position in the lower 26 bits and its length, up to DEPTH, above them; 0 is none, and so is
 * DERIVED for a second match.
 */
export const POSITION_BITS = 26;
export const POSITION_MASK: u32 = (1 << POSITION_BITS) - 1;
export const DERIVED: u32 = 0xffffffff;
/** The longest length that the table knows: it stands for itself and all above. */
export const DEPTH: u32 = 63;

/** Parts of a Block that are counted and sorted apart. */
export const PARTS: u32 = 16;

export function openBlock(
  text_: usize,
  size_: u32,
  lists_: usize,
  matches_: usize,
  counts_: usize,
  scratch_: usize,
): void {
  text = text_;
  size = size_;
  lists = lists_;
  listsRoom = lists_;
  matches = matches_;
  counts = counts_;
  scratch = scratch_;
}

/** Lays the lists so that they begin with those behind `before` positions. */
export function passOver(before: u32): void {
  lists = listsRoom - ((<usize>before) << 2);
}

/** The entry of `lists` with this number. */
export function listAt(number: u32): usize {
  return lists + ((<usize>number) << 2);
}

export const SECOND_MATCH: usize = 4;

/** The entry of a position in the match table: its longest match, and SECOND_MATCH behind that the second. */
export function matchesAt(position: u32): usize {
  return matches + ((<usize>position) << 3);
}

/** A match as the table has it. */
export function packMatch(source: u32, length: u32): u32 {
  return source | (length << POSITION_BITS);
}
