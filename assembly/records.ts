/** Records of the lists that lie in scratch while they are refined: one for each position. */

// A record: position, second match, the next bytes from some depth on with the first of them uppermost (u64).
export const RECORD_SIZE: usize = 16;
export const SECOND: usize = 4;
export const NEXT: usize = 8;
export const NEXT_BYTES: u32 = 8;

/**
 * The bytes at an address as a record holds them. WebAssembly has no instruction that turns bytes round in a number: `bswap`
 * would be a dozen, a shuffle is one.
 */
export function nextBytesAt(at: usize): u64 {
  const bytes = v128.load64_zero(at);
  return i64x2.extract_lane(i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0);
}
