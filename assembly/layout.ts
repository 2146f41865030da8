/**
 * The scratch memory of one worker: addresses are `scratch` plus these constants, in bytes. Everything that a slice's
 * bytes depend on beside the Block itself lies here, so that slices share nothing that changes.
 */

/** Match lengths of LZMA. */
export const LENGTH_MIN: u32 = 2;
export const LENGTH_MAX: u32 = 273;

/** Nodes that one run of the parser visits at most, and room for what the last of them reaches. */
export const NODES_MAX: u32 = 4096;
const NODE_ROOM: u32 = NODES_MAX + 2 * LENGTH_MAX + 16;

export const STATES: u32 = 12;
const POSITION_STATES: u32 = 16;
export const LITERAL_CODER_SIZE: u32 = 0x300 * 2;

// Probabilities: u16, in units of 1/2048.
export const IS_MATCH: usize = 0;
export const IS_REP0_LONG: usize = IS_MATCH + STATES * POSITION_STATES * 2;
export const IS_REP: usize = IS_REP0_LONG + STATES * POSITION_STATES * 2;
export const IS_REP0: usize = IS_REP + STATES * 2;
export const IS_REP1: usize = IS_REP0 + STATES * 2;
export const IS_REP2: usize = IS_REP1 + STATES * 2;
/** [4 length states][64 slots] */
export const DISTANCE_SLOT: usize = IS_REP2 + STATES * 2;
export const DISTANCE_SPECIAL: usize = DISTANCE_SLOT + 4 * 64 * 2;
export const DISTANCE_ALIGN: usize = DISTANCE_SPECIAL + 128 * 2;
/** Within a length coder: two choices, [16][8] low, [16][8] mid, [256] high. */
export const LENGTH_CHOICE: usize = 0;
export const LENGTH_CHOICE2: usize = 2;
export const LENGTH_LOW: usize = 4;
export const LENGTH_MID: usize = LENGTH_LOW + POSITION_STATES * 8 * 2;
export const LENGTH_HIGH: usize = LENGTH_MID + POSITION_STATES * 8 * 2;
const LENGTH_CODER_SIZE: usize = LENGTH_HIGH + 256 * 2;
export const MATCH_LENGTH: usize = DISTANCE_ALIGN + 16 * 2;
export const REP_LENGTH: usize = MATCH_LENGTH + LENGTH_CODER_SIZE;
/** [2^(lc + lp), at most 16][0x300] */
export const LITERAL: usize = REP_LENGTH + LENGTH_CODER_SIZE;
export const PROBABILITIES_END: usize = LITERAL + 16 * LITERAL_CODER_SIZE;

// Prices: u32 unless said otherwise, in units of 1/64 bit.
/** u16[512], by a probability's upper nine bits. */
export const BIT_PRICES: usize = (PROBABILITIES_END + 63) & ~63;
/** [16 position states][lengths 0 to 273], a row every LENGTH_ROW bytes. */
export const MATCH_LENGTH_PRICES: usize = BIT_PRICES + 512 * 2;
export const LENGTH_ROW: u32 = 288 * 4;
export const REP_LENGTH_PRICES: usize = MATCH_LENGTH_PRICES + POSITION_STATES * LENGTH_ROW;
/** [4 length states][64 slots], direct bits included. */
export const SLOT_PRICES: usize = REP_LENGTH_PRICES + POSITION_STATES * LENGTH_ROW;
/** [4 length states][128 distances] */
export const SHORT_DISTANCE_PRICES: usize = SLOT_PRICES + 4 * 64 * 4;
export const ALIGN_PRICES: usize = SHORT_DISTANCE_PRICES + 4 * 128 * 4;
/** [STATES][POSITION_STATES], rows of STATE_ROW bytes: what comes before a literal or a length, in each state. */
export const STATE_PRICES: usize = ALIGN_PRICES + 16 * 4;
export const STATE_ROW: u32 = 32;
export const BEFORE_LITERAL: usize = 0;
export const BEFORE_MATCH: usize = 4;
/** Four of them. */
export const BEFORE_REP: usize = 8;
export const SHORT_REP: usize = 24;
/** [2 * 256]: of each node of a tree, while those of its leaves are worked out. */
export const TREE_PRICES: usize = STATE_PRICES + STATES * POSITION_STATES * STATE_ROW;

// The parser's nodes. Each has two arrivals: the cheapest, and the cheapest with another rep0, at SECOND behind it.
/** u32 */
export const PRICE: usize = (TREE_PRICES + 512 * 4 + 63) & ~63;
/** u64: see `nodes.ts`. */
export const STEP: usize = PRICE + NODE_ROOM * 4;
/** 32 bytes: rep0 to rep3, state. */
export const ARRIVED: usize = STEP + NODE_ROOM * 8;
const ARRIVALS_SIZE: usize = NODE_ROOM * (4 + 8 + 32);
export const SECOND: usize = ARRIVALS_SIZE;
/** u32: the cheapest arrival's rep0. */
export const FIRST_REP0: usize = PRICE + 2 * ARRIVALS_SIZE;
/** u32 pairs of length and code, the last symbol first. */
export const SYMBOLS: usize = FIRST_REP0 + NODE_ROOM * 4;
/** u32 pairs of length and distance, ascending. */
export const CANDIDATES: usize = SYMBOLS + NODE_ROOM * 8;

// Where the next 2, 3, 4 and 6 bytes were last seen: u32 each, position plus 1. More entries would be slower: caches.
const NEAR2_ENTRIES = 1 << 16;
export const NEAR_BITS = 14;
const NEAR_ENTRIES = 1 << NEAR_BITS;
export const NEAR2: usize = (CANDIDATES + 16 * 8 + 63) & ~63;
export const NEAR3: usize = NEAR2 + NEAR2_ENTRIES * 4;
export const NEAR4: usize = NEAR3 + NEAR_ENTRIES * 4;
export const NEAR6: usize = NEAR4 + NEAR_ENTRIES * 4;
export const NEAR_END: usize = NEAR6 + NEAR_ENTRIES * 4;

// The match table's refinement, which is over before slices are encoded, uses the same memory.
/** Records of 16 bytes, in two buffers. */
export const RECORDS_MAX: u32 = 1 << 18;
export const RECORDS: usize = 0;
export const OTHER_RECORDS: usize = RECORDS + RECORDS_MAX * 16;
/** u32[256] */
export const BYTE_COUNTS: usize = OTHER_RECORDS + RECORDS_MAX * 16;
/** For each depth 256 pairs of u32. */
export const LEVELS: usize = BYTE_COUNTS + 256 * 4;
export const LEVEL_SIZE: usize = 256 * 8;
/** Lists that a unit falls into by hash, at most. */
export const LIST_BITS = 10;
export const LISTS: u32 = 1 << LIST_BITS;
/** u32[LISTS] */
export const LIST_COUNTS: usize = LEVELS + 64 * LEVEL_SIZE;
/** Large lists: LARGE_KIND_SIZE bytes for each kind, of which the unit has LISTS, then 256 for each depth. */
export const LARGE_LEVELS: usize = LIST_COUNTS + LISTS * 4;
export const LARGE_KIND_SIZE: u32 = 12;
/** Lists of at most this many positions are compared pairwise. */
export const PAIRS_MAX: usize = 32;
/** Of each record of such a list, for every eight bytes, which one before has the same: u8[PAIRS_MAX][8]. */
export const LINKS: usize = LARGE_LEVELS + (LISTS + 64 * 256) * LARGE_KIND_SIZE;
const REFINE_END: usize = LINKS + PAIRS_MAX * 8;

export const SCRATCH_SIZE: usize = NEAR_END > REFINE_END ? NEAR_END : REFINE_END;
