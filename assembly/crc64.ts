/**
 * The inner loop of CRC64 (`src/xz/crc64.ts`): JavaScript has no fast 64-bit integers. It works in the memory of whoever
 * has the data, at whose start the two lanes' values stand, and behind them the tables.
 */
const LANES_AT: usize = 0;
const TABLES_AT: usize = 64;
const TABLE_SIZE: usize = 256 * 8;
const WORD: usize = 8;
/** A table's entries are eight bytes: a byte is its offset when it stands three bits further up. */
const ENTRY_SHIFT = 3;
const ENTRY_MASK: u32 = 0xff << ENTRY_SHIFT;

/**
 * Goes over the words from `at` to `end`, of which there is one at least, and, as a second lane, over those `stride` bytes
 * further on. Two lanes keep the processor's loads busy where one would wait for its own last result.
 */
export function update(at: usize, end: usize, stride: usize): void {
  let first = load<u64>(LANES_AT);
  let second = load<u64>(LANES_AT, WORD);
  do {
    first = Crc.advanced(first ^ load<u64>(at));
    second = Crc.advanced(second ^ load<u64>(at + stride));
    at += WORD;
  } while (at < end);
  store<u64>(LANES_AT, first);
  store<u64>(LANES_AT, second, WORD);
}

class Crc {
  /** A value eight bytes on, each of its bytes through a table of its own. Added up in pairs, it is a tenth faster. */
  @inline
  static advanced(value: u64): u64 {
    return (
      Crc.entry((<u32>value) << ENTRY_SHIFT, 7) ^
      Crc.entry(<u32>(value >> (8 - ENTRY_SHIFT)), 6) ^
      (Crc.entry(<u32>(value >> (16 - ENTRY_SHIFT)), 5) ^ Crc.entry(<u32>(value >> (24 - ENTRY_SHIFT)), 4)) ^
      (Crc.entry(<u32>(value >> (32 - ENTRY_SHIFT)), 3) ^
        Crc.entry(<u32>(value >> (40 - ENTRY_SHIFT)), 2) ^
        (Crc.entry(<u32>(value >> (48 - ENTRY_SHIFT)), 1) ^ Crc.entry(<u32>(value >> (56 - ENTRY_SHIFT)), 0)))
    );
  }

  /** @param shifted a table's index in the bits that are an entry's offset */
  @inline
  static entry(shifted: u32, table: usize): u64 {
    return load<u64>(TABLES_AT + table * TABLE_SIZE + <usize>(shifted & ENTRY_MASK));
  }
}
