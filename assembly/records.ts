/** Records of the lists that lie in scratch while they are refined: one for each position. */

// A record: position, second match, the next bytes from some depth on with the first of them uppermost (u64).
export const RECORD_SIZE: usize = 16;
export const SECOND: usize = 4;
export const NEXT: usize = 8;
export const NEXT_BYTES: u32 = 8;
