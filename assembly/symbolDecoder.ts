/**
 * LZMA's symbols, decoded: one chunk of them.
 *
 * All that a symbol needs is in local variables, which is why this is one function that says the same of each kind of bit
 * again: V8 keeps globals in memory, and AssemblyScript's inlined functions cannot change their caller's variables. Bits come
 * one after the other and each waits for the one before, so what counts is how long that takes:
 *
 * - The bits of a tree are hard to foresee. They are decoded without a branch: `zero` is all ones for a 0 bit, and the
 *   two outcomes are selected between. The three selections compare in three ways, for a comparison that is used once
 *   becomes one instruction with its selection, and one that is used thrice does not.
 * - The probabilities of a node's two children are loaded before the bit is known, both at once, and the bound is computed
 *   before and after a byte is taken: so V8 selects the next probability before that branch. It has twelve registers, and
 *   with one value more that lives on behind the branch it would keep some of them in memory, which costs more than a load
 *   of two probabilities that waits for the last store to one. All trees' ends but one are constants for the same reason.
 * - The bits that say what a symbol is are often foreseen, so they are branches.
 *
 * Range and code are 32 bits in 64, so that a difference shows its sign.
 */
import {
  DISTANCE_ALIGN,
  DISTANCE_SLOT,
  DISTANCE_SPECIAL,
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  LENGTH_CHOICE,
  LENGTH_CHOICE2,
  LENGTH_HIGH,
  LENGTH_LOW,
  LENGTH_MID,
  LENGTH_MIN,
  LITERAL,
  LITERAL_CODER_SIZE,
  MATCH_LENGTH,
  PROBABILITIES_END,
  REP_LENGTH,
} from './layout';
import {
  ALIGNED_SLOT,
  afterLiteral,
  afterMatch,
  afterRep,
  afterShortRep,
  LITERAL_STATES,
  lengthState,
  openBits,
} from './model';

const PROBABILITY_BITS = 11;
const PROBABILITY_ONE: u32 = 2048;
/** The probabilities, and what they are reset to. */
export const PROBABILITIES_SIZE: usize = 2 * PROBABILITIES_END;
const EVEN: u16 = 1024;
const ADAPTATION = 5;
const RANGE_ALL: u64 = 0xffffffff;
/** Below this, the range is made larger by a byte. */
const RANGE_MIN: u64 = 1 << 24;
/** Bytes that begin a chunk's data: a null byte, and the first code. */
const CODE_AT: usize = 1;
const START_SIZE: usize = 5;
/** Where a literal's probabilities are that follow a match, for a 0 and a 1 bit in the byte that the match would give. */
const MATCHED_ZERO: u32 = 0x100;
const LITERAL_END: u32 = 0x100;
const SLOT_END: u32 = 64;
const SHORT_LENGTHS: u32 = 8;
const LONG_LENGTHS: u32 = 256;
const ALIGN_BITS: u32 = 4;
const ALIGN_END: u32 = 16;
/** Bytes of a match are copied so many at a time, where the distance allows: two halves, both loaded before either is stored. */
const COPY_SIZE: usize = 32;
const HALF: usize = COPY_SIZE / 2;

/** By a node's number, its bits behind the first (up to five) turned round: a distance's last bits come lowest first. */
const REVERSED: usize = memory.data<u8>([
  0, 0, 0, 1, 0, 2, 1, 3, 0, 4, 2, 6, 1, 5, 3, 7, 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15, 0, 16, 8, 24, 4,
  20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30, 1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31,
]);

let probabilities: usize = 0;
let lc: u32 = 0;
let lpMask: u32 = 0;
let pbMask: u32 = 0;
/** The state that one chunk leaves to the next. */
let stateLeft: u32 = 0;
let rep0Left: u32 = 0;
let rep1Left: u32 = 0;
let rep2Left: u32 = 0;
let rep3Left: u32 = 0;

/** @param at where PROBABILITIES_SIZE bytes are */
export function useProbabilities(at: usize): void {
  probabilities = at;
  for (let even = at + PROBABILITIES_END; even < at + PROBABILITIES_SIZE; even += 2) store<u16>(even, EVEN);
}

export function setProperties(lc_: u32, lp: u32, pb: u32): void {
  lc = lc_;
  lpMask = (1 << lp) - 1;
  pbMask = (1 << pb) - 1;
}

/**
 * Resets what can be used with the properties that are set, from a copy: damaged data may ask for it every twelve bytes, and
 * nobody hears a signal meanwhile.
 */
export function resetState(): void {
  const size = LITERAL + <usize>((lpMask + 1) << lc) * LITERAL_CODER_SIZE;
  memory.copy(probabilities, probabilities + PROBABILITIES_END, size);
  stateLeft = 0;
  rep0Left = 0;
  rep1Left = 0;
  rep2Left = 0;
  rep3Left = 0;
}

class Bit {
  /** The code with the next byte. */
  @inline
  static next(code: u64, input: usize): u64 {
    return (code << 8) | <u64>load<u8>(input);
  }

  /** What the code is below for a 0. @param chance of it */
  @inline
  static bound(range: u64, chance: u32): u64 {
    return (range >> PROBABILITY_BITS) * <u64>chance;
  }

  /** The chance of a 0 after a 0. */
  @inline
  static raised(chance: u32): u32 {
    return chance + ((PROBABILITY_ONE - chance) >> ADAPTATION);
  }

  /** The chance of a 0 after a 1. */
  @inline
  static lowered(chance: u32): u32 {
    return chance - (chance >> ADAPTATION);
  }

  /** The one where `zero` is all ones, the other where it is nothing. What is taken off is negative for the one, and rounded down. */
  @inline
  static moved(chance: u32, zero: u32): u32 {
    const raise = ((1 << ADAPTATION) - 1 - PROBABILITY_ONE) & zero;
    return chance - <u32>(<i32>(chance + raise) >> ADAPTATION);
  }
}

/**
 * Decodes the symbols of one chunk. Returns whether they are good.
 *
 * @param input its data, up to `inputEnd`; symbols may be read from up to 64 bytes behind, which is found out afterwards
 * @param at where its bytes go, up to `end`; up to 31 bytes behind may change
 * @param start where the dictionary begins, at most `dictionarySize` bytes of which matches may reach back to
 */
export function decodeSymbols(
  input: usize,
  inputEnd: usize,
  at: usize,
  end: usize,
  start: usize,
  dictionarySize: u32,
): bool {
  const base = probabilities;
  const literalShift = 8 - lc;
  const contextShift = lc;
  const literalMask = lpMask;
  const positionMask = pbMask;
  let state = stateLeft;
  let rep0 = rep0Left;
  let rep1 = rep1Left;
  let rep2 = rep2Left;
  let rep3 = rep3Left;
  let range = RANGE_ALL;
  let code = <u64>bswap<u32>(load<u32>(input + CODE_AT));
  if (load<u8>(input) !== 0 || code === RANGE_ALL) return false;
  input += START_SIZE;
  let node: u32 = 0;
  let chance: u32 = 0;
  let probability: usize = 0;
  let bound: u64 = 0;

  while (at < end) {
    if (input > inputEnd) return false;
    const position = <u32>(at - start) & positionMask;
    probability = base + IS_MATCH + ((<usize>((state << 4) | position)) << 1);
    chance = load<u16>(probability);
    if (range < RANGE_MIN) {
      range <<= 8;
      code = Bit.next(code, input++);
    }
    bound = Bit.bound(range, chance);
    if (code < bound) {
      range = bound;
      store<u16>(probability, Bit.raised(chance));
      const before: u32 = at === start ? 0 : <u32>load<u8>(at - 1);
      const context = ((<u32>(at - start) & literalMask) << contextShift) + (before >> literalShift);
      const literal = base + LITERAL + <usize>(context * LITERAL_CODER_SIZE);
      node = 1;
      if (state >= LITERAL_STATES) {
        // As long as the bits are those of the byte that the last match would give next, they have probabilities of their own:
        // where those are does not depend on the bits, but for the last one.
        let matched = <u32>load<u8>(at - <usize>rep0 - 1);
        let isSame = true;
        do {
          const expected = (matched >> 7) & 1;
          matched <<= 1;
          probability = literal + ((<usize>(MATCHED_ZERO + (expected << 8) + node)) << 1);
          chance = load<u16>(probability);
          if (range < RANGE_MIN) {
            range <<= 8;
            code = Bit.next(code, input++);
          }
          bound = Bit.bound(range, chance);
          const rest = <i64>(code - bound);
          const zero = <u32>(rest >> 63);
          store<u16>(probability, Bit.moved(chance, zero));
          range = select<u64>(bound, range - bound, code < bound);
          code = select<u64>(code, <u64>rest, rest < 0);
          node = (node << 1) | expected;
          isSame = expected === 1 + zero;
        } while (isSame && node < LITERAL_END);
        node ^= <u32>!isSame;
      }
      if (node < LITERAL_END) {
        chance = load<u16>(literal + ((<usize>node) << 1));
        do {
          bound = Bit.bound(range, chance);
          if (range < RANGE_MIN) {
            range <<= 8;
            code = Bit.next(code, input++);
            bound = Bit.bound(range, chance);
          }
          const pair = load<u32>(literal + ((<usize>node) << 2));
          const rest = <i64>(code - bound);
          const zero = <u32>(rest >> 63);
          store<u16>(literal + ((<usize>node) << 1), Bit.moved(chance, zero));
          chance = select<u32>(pair >> 16, pair & 0xffff, bound <= code);
          range = select<u64>(bound, range - bound, code < bound);
          code = select<u64>(code, <u64>rest, rest < 0);
          node = (node << 1) + 1 + zero;
        } while (node < LITERAL_END);
      }
      state = afterLiteral(state);
      store<u8>(at++, node);
      continue;
    }
    range -= bound;
    code -= bound;
    store<u16>(probability, Bit.lowered(chance));

    probability = base + IS_REP + ((<usize>state) << 1);
    chance = load<u16>(probability);
    if (range < RANGE_MIN) {
      range <<= 8;
      code = Bit.next(code, input++);
    }
    bound = Bit.bound(range, chance);
    const isNew = code < bound;
    let lengths = base;
    if (isNew) {
      range = bound;
      store<u16>(probability, Bit.raised(chance));
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      lengths += MATCH_LENGTH;
      state = afterMatch(state);
    } else {
      range -= bound;
      code -= bound;
      store<u16>(probability, Bit.lowered(chance));
      probability = base + IS_REP0 + ((<usize>state) << 1);
      chance = load<u16>(probability);
      if (range < RANGE_MIN) {
        range <<= 8;
        code = Bit.next(code, input++);
      }
      bound = Bit.bound(range, chance);
      if (code < bound) {
        range = bound;
        store<u16>(probability, Bit.raised(chance));
        probability = base + IS_REP0_LONG + ((<usize>((state << 4) | position)) << 1);
        chance = load<u16>(probability);
        if (range < RANGE_MIN) {
          range <<= 8;
          code = Bit.next(code, input++);
        }
        bound = Bit.bound(range, chance);
        if (code < bound) {
          range = bound;
          store<u16>(probability, Bit.raised(chance));
          if (<usize>rep0 >= at - start) return false;
          store<u8>(at, load<u8>(at - <usize>rep0 - 1));
          at++;
          state = afterShortRep(state);
          continue;
        }
        range -= bound;
        code -= bound;
        store<u16>(probability, Bit.lowered(chance));
      } else {
        range -= bound;
        code -= bound;
        store<u16>(probability, Bit.lowered(chance));
        let distance = rep1;
        probability = base + IS_REP1 + ((<usize>state) << 1);
        chance = load<u16>(probability);
        if (range < RANGE_MIN) {
          range <<= 8;
          code = Bit.next(code, input++);
        }
        bound = Bit.bound(range, chance);
        if (code < bound) {
          range = bound;
          store<u16>(probability, Bit.raised(chance));
        } else {
          range -= bound;
          code -= bound;
          store<u16>(probability, Bit.lowered(chance));
          distance = rep2;
          probability = base + IS_REP2 + ((<usize>state) << 1);
          chance = load<u16>(probability);
          if (range < RANGE_MIN) {
            range <<= 8;
            code = Bit.next(code, input++);
          }
          bound = Bit.bound(range, chance);
          if (code < bound) {
            range = bound;
            store<u16>(probability, Bit.raised(chance));
          } else {
            range -= bound;
            code -= bound;
            store<u16>(probability, Bit.lowered(chance));
            distance = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = distance;
      }
      lengths += REP_LENGTH;
      state = afterRep(state);
    }

    let length = LENGTH_MIN;
    let nodesEnd = SHORT_LENGTHS;
    let tree = lengths + LENGTH_LOW + ((<usize>position) << 4);
    probability = lengths + LENGTH_CHOICE;
    chance = load<u16>(probability);
    if (range < RANGE_MIN) {
      range <<= 8;
      code = Bit.next(code, input++);
    }
    bound = Bit.bound(range, chance);
    if (code < bound) {
      range = bound;
      store<u16>(probability, Bit.raised(chance));
    } else {
      range -= bound;
      code -= bound;
      store<u16>(probability, Bit.lowered(chance));
      probability = lengths + LENGTH_CHOICE2;
      chance = load<u16>(probability);
      if (range < RANGE_MIN) {
        range <<= 8;
        code = Bit.next(code, input++);
      }
      bound = Bit.bound(range, chance);
      if (code < bound) {
        range = bound;
        store<u16>(probability, Bit.raised(chance));
        length += SHORT_LENGTHS;
        tree = lengths + LENGTH_MID + ((<usize>position) << 4);
      } else {
        range -= bound;
        code -= bound;
        store<u16>(probability, Bit.lowered(chance));
        length += 2 * SHORT_LENGTHS;
        nodesEnd = LONG_LENGTHS;
        tree = lengths + LENGTH_HIGH;
      }
    }
    node = 1;
    chance = load<u16>(tree + 2);
    if (nodesEnd === SHORT_LENGTHS) {
      do {
        bound = Bit.bound(range, chance);
        if (range < RANGE_MIN) {
          range <<= 8;
          code = Bit.next(code, input++);
          bound = Bit.bound(range, chance);
        }
        const pair = load<u32>(tree + ((<usize>node) << 2));
        const rest = <i64>(code - bound);
        const zero = <u32>(rest >> 63);
        store<u16>(tree + ((<usize>node) << 1), Bit.moved(chance, zero));
        chance = select<u32>(pair >> 16, pair & 0xffff, bound <= code);
        range = select<u64>(bound, range - bound, code < bound);
        code = select<u64>(code, <u64>rest, rest < 0);
        node = (node << 1) + 1 + zero;
      } while (node < SHORT_LENGTHS);
    } else {
      do {
        bound = Bit.bound(range, chance);
        if (range < RANGE_MIN) {
          range <<= 8;
          code = Bit.next(code, input++);
          bound = Bit.bound(range, chance);
        }
        const pair = load<u32>(tree + ((<usize>node) << 2));
        const rest = <i64>(code - bound);
        const zero = <u32>(rest >> 63);
        store<u16>(tree + ((<usize>node) << 1), Bit.moved(chance, zero));
        chance = select<u32>(pair >> 16, pair & 0xffff, bound <= code);
        range = select<u64>(bound, range - bound, code < bound);
        code = select<u64>(code, <u64>rest, rest < 0);
        node = (node << 1) + 1 + zero;
      } while (node < LONG_LENGTHS);
    }
    length += node - nodesEnd;

    if (isNew) {
      tree = base + DISTANCE_SLOT + ((<usize>lengthState(length)) << 7);
      node = 1;
      chance = load<u16>(tree + 2);
      do {
        bound = Bit.bound(range, chance);
        if (range < RANGE_MIN) {
          range <<= 8;
          code = Bit.next(code, input++);
          bound = Bit.bound(range, chance);
        }
        const pair = load<u32>(tree + ((<usize>node) << 2));
        const rest = <i64>(code - bound);
        const zero = <u32>(rest >> 63);
        store<u16>(tree + ((<usize>node) << 1), Bit.moved(chance, zero));
        chance = select<u32>(pair >> 16, pair & 0xffff, bound <= code);
        range = select<u64>(bound, range - bound, code < bound);
        code = select<u64>(code, <u64>rest, rest < 0);
        node = (node << 1) + 1 + zero;
      } while (node < SLOT_END);
      const slot = node - SLOT_END;
      rep0 = slot;
      if (slot >= 4) {
        rep0 = 2 | (slot & 1);
        let open = openBits(slot);
        if (slot < ALIGNED_SLOT) {
          rep0 <<= open;
          nodesEnd = 1 << open;
          tree = base + DISTANCE_SPECIAL + ((<usize>(rep0 - slot)) << 1) - 2;
        } else {
          for (open -= ALIGN_BITS; open !== 0; open--) {
            if (range < RANGE_MIN) {
              range <<= 8;
              code = Bit.next(code, input++);
            }
            range >>= 1;
            const rest = <i64>(code - range);
            rep0 = (rep0 << 1) + 1 + <u32>(rest >> 63);
            code = select<u64>(code, <u64>rest, rest < 0);
          }
          // Of an odd range half a unit is lost here, and the code may be one that no encoder gives.
          if (code >= range) return false;
          rep0 <<= ALIGN_BITS;
          // What lies far back is in no near cache: it is on its way while the last four bits are decoded.
          if (<usize>rep0 >= at - start) return false;
          load<u8>(at - <usize>rep0 - 1);
          nodesEnd = ALIGN_END;
          tree = base + DISTANCE_ALIGN;
        }
        node = 1;
        chance = load<u16>(tree + 2);
        do {
          bound = Bit.bound(range, chance);
          if (range < RANGE_MIN) {
            range <<= 8;
            code = Bit.next(code, input++);
            bound = Bit.bound(range, chance);
          }
          const pair = load<u32>(tree + ((<usize>node) << 2));
          const rest = <i64>(code - bound);
          const zero = <u32>(rest >> 63);
          store<u16>(tree + ((<usize>node) << 1), Bit.moved(chance, zero));
          chance = select<u32>(pair >> 16, pair & 0xffff, bound <= code);
          range = select<u64>(bound, range - bound, code < bound);
          code = select<u64>(code, <u64>rest, rest < 0);
          node = (node << 1) + 1 + zero;
        } while (node < nodesEnd);
        rep0 += <u32>load<u8>(REVERSED + <usize>node);
      }
    }

    if (<usize>rep0 >= at - start || rep0 >= dictionarySize || <usize>length > end - at) return false;
    let from = at - <usize>rep0 - 1;
    const copied = at + <usize>length;
    if (<usize>rep0 + 1 >= COPY_SIZE) {
      do {
        const first = v128.load(from);
        const second = v128.load(from, HALF);
        v128.store(at, first);
        v128.store(at, second, HALF);
        at += COPY_SIZE;
        from += COPY_SIZE;
      } while (at < copied);
      at = copied;
    } else if (<usize>rep0 + 1 >= HALF) {
      do {
        v128.store(at, v128.load(from));
        at += HALF;
        from += HALF;
      } while (at < copied);
      at = copied;
    } else {
      do {
        store<u8>(at++, load<u8>(from++));
      } while (at < copied);
    }
  }
  if (range < RANGE_MIN) code = Bit.next(code, input++);
  stateLeft = state;
  rep0Left = rep0;
  rep1Left = rep1;
  rep2Left = rep2;
  rep3Left = rep3;
  // An encoder's last bytes leave nothing over.
  return input === inputEnd && code === 0;
}
