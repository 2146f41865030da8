/** How many bytes from `a` and from `b` are the same, at most `limit`, when the first `known` are. */
export class Bytes {
  @inline
  static common(a: usize, b: usize, known: u32, limit: u32): u32 {
    let length = known;
    while (length + 8 <= limit) {
      const difference = load<u64>(a + length) ^ load<u64>(b + length);
      if (difference !== 0) return length + (<u32>ctz(difference) >> 3);
      length += 8;
    }
    while (length < limit && load<u8>(a + length) === load<u8>(b + length)) length++;
    return length;
  }
}
