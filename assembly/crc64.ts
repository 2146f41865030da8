/**
 * The inner loop of CRC64 (`src/xz/crc64.ts`): JavaScript has no fast 64-bit integers. It works in the memory of whoever
 * has the data, below 32 KiB.
 *
 * Whoever XORs a value into a byte and into the seven bytes so many before it (`D1` to `D7`) leaves the CRC as it is: the
 * polynomial with those eight terms is a multiple of CRC64's. So all bytes but the last can be made null, each by XORs into
 * later ones, sixteen at a time and without tables; what is left goes through the tables. The method is Sam Russell's, who
 * has polynomials for CRC32 ("Chorba", arXiv:2412.16398). This one was searched for: few terms, none far away, and none so
 * near that it is still on its way to the cache when it is asked for.
 */
const D1: usize = 1262;
const D2: usize = 1499;
const D3: usize = 1586;
const D4: usize = 1633;
const D5: usize = 1724;
const D6: usize = 2062;
const D7: usize = 3130;
/** Bytes before the one in hand that it depends on, in whole vectors. */
const REACH: usize = 3136;
const VECTOR: usize = 16;
const WORD: usize = 8;

/** The CRC so far. */
const VALUE_AT: usize = 0;
const TABLES_AT: usize = 64;
const TABLE_SIZE: usize = 256 * 8;
/** What was XORed into later bytes: `REACH` bytes, and behind them those of the part in hand. */
const REACH_AT: usize = TABLES_AT + 8 * TABLE_SIZE;
const FOLDED_AT: usize = REACH_AT + REACH;
const PART: usize = 12288;
/** Fewer bytes than this are not worth their last ones. */
const FOLDED_MIN: usize = 3 * REACH;

/** A table's entries are eight bytes: a byte is its offset when it stands three bits further up. */
const ENTRY_SHIFT = 3;
const ENTRY_MASK: u32 = 0xff << ENTRY_SHIFT;

/** Goes over the words from `at` to `end`, of which there is one at least. */
export function update(at: usize, end: usize): void {
  if (end - at >= FOLDED_MIN) {
    const vectorsEnd = end - ((end - at) % VECTOR);
    fold(at, vectorsEnd);
    if (vectorsEnd === end) return;
    at = vectorsEnd;
  }
  overWords(at, end);
}

function overWords(at: usize, end: usize): void {
  let value = load<u64>(VALUE_AT);
  do {
    value = Crc.advanced(value ^ load<u64>(at));
    at += WORD;
  } while (at < end);
  store<u64>(VALUE_AT, value);
}

/** Makes all but the last `REACH` bytes null, in parts, and goes over those. */
function fold(at: usize, end: usize): void {
  const last = end - REACH;
  memory.fill(REACH_AT, 0, REACH);
  // The CRC so far is a part of the first word, to which nothing before it contributes.
  v128.store(FOLDED_AT, v128.xor(v128.load(at), v128.load(VALUE_AT)));
  let to = FOLDED_AT + VECTOR;
  at += VECTOR;
  while (at < last) {
    const partEnd = min(last, at + (FOLDED_AT + PART - to));
    do {
      v128.store(to, Crc.folded(at, to));
      at += VECTOR;
      to += VECTOR;
    } while (at < partEnd);
    memory.copy(REACH_AT, to - REACH, REACH);
    to = FOLDED_AT;
  }
  // The last bytes are XORed with what was made null, and not with each other.
  memory.fill(FOLDED_AT, 0, REACH);
  for (const foldedEnd = FOLDED_AT + REACH; to < foldedEnd; to += VECTOR) {
    v128.store(to, Crc.folded(at, to), REACH);
    at += VECTOR;
  }
  store<u64>(VALUE_AT, 0);
  overWords(FOLDED_AT + REACH, FOLDED_AT + 2 * REACH);
}

class Crc {
  /** The data at `at` with what was XORed into them, where `to` is their place among the folded. */
  @inline
  static folded(at: usize, to: usize): v128 {
    const from = to - REACH;
    return v128.xor(
      v128.xor(
        v128.xor(v128.load(at), v128.load(from, REACH - D1)),
        v128.xor(v128.load(from, REACH - D2), v128.load(from, REACH - D3)),
      ),
      v128.xor(
        v128.xor(v128.load(from, REACH - D4), v128.load(from, REACH - D5)),
        v128.xor(v128.load(from, REACH - D6), v128.load(from, REACH - D7)),
      ),
    );
  }

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
