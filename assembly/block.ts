/**
 * The Block that this instance works on. It lies in memory shared by all workers; these are its addresses. Of the
 * arrays, each phase writes some and reads others, and between two phases every worker waits for the rest.
 */

/** The Block's bytes, with zeros behind them (at least `TEXT_PADDING`). */
export let text: usize = 0;
/** Bytes in the Block, at most 2^26. */
export let size: u32 = 0;
/** u32[size]: positions, list by list. */
export let lists: usize = 0;
/** u32[size]: for every position its longest earlier match, packed as below. */
export let longest: usize = 0;
/** u32[size]: for every position the longest of the matches that are shorter, and nearer, than its longest. */
export let second: usize = 0;
/** u32[PARTS][65536], then u32[65537]: where lists, and each part's share of them, begin. */
export let counts: usize = 0;
/** This worker's own scratch. */
export let scratch: usize = 0;

/** A match is packed as its position in the lower 26 bits and its length, up to DEPTH, above them; 0 is none. */
export const POSITION_BITS = 26;
export const POSITION_MASK: u32 = (1 << POSITION_BITS) - 1;
/** The longest length that the table knows: it stands for itself and all above. */
export const DEPTH: u32 = 63;

/** Parts of a Block that are counted and sorted apart. */
export const PARTS: u32 = 16;

export function openBlock(
  text_: usize,
  size_: u32,
  lists_: usize,
  longest_: usize,
  second_: usize,
  counts_: usize,
  scratch_: usize,
): void {
  text = text_;
  size = size_;
  lists = lists_;
  longest = longest_;
  second = second_;
  counts = counts_;
  scratch = scratch_;
}

export function longestAt(position: u32): u32 {
  return load<u32>(longest + ((<usize>position) << 2));
}

export function secondAt(position: u32): u32 {
  return load<u32>(second + ((<usize>position) << 2));
}

export function setMatches(position: u32, ofLongest: u32, ofSecond: u32): void {
  store<u32>(longest + ((<usize>position) << 2), ofLongest);
  store<u32>(second + ((<usize>position) << 2), ofSecond);
}
