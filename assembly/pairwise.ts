/** Refinement of short lists. */
import { DEPTH, scratch, text } from './block';
import { Bytes } from './commonLength';
import { LINKS } from './layout';
import { NEXT, NEXT_BYTES, RECORD_SIZE, SECOND } from './records';
import { matchOf, settle } from './settle';

const NO_LINKS: u64 = 0xffffffffffffffff;
const NO_LINK: usize = 0xff;

/**
 * Compares every record of a short list with those before it, the nearest first, eight bytes at a time: all of the list
 * until one has the same eight, then, for the eight bytes behind, only those that have these eight, and so on.
 *
 * @param secondMask 0 where the records hold no second match yet, else all ones
 */
export function comparePairwise(first: usize, end: usize, depth: u32, base: u32, secondMask: u32): void {
  if (end - first === 2 * RECORD_SIZE) {
    comparePair(first, base, secondMask);
    return;
  }
  const links = scratch + LINKS;
  store<u64>(links, NO_LINKS);
  for (let record = first + RECORD_SIZE; record < end; record += RECORD_SIZE) {
    const ofRecord = links + ((record - first) >> 1);
    store<u64>(ofRecord, NO_LINKS);
    const position = load<u32>(record);
    const next = load<u64>(record, NEXT);
    let other = record - RECORD_SIZE;
    let source = load<u32>(other);
    let length = depth;
    let ofSecond = load<u32>(record, SECOND) & secondMask;
    let difference = next ^ load<u64>(other, NEXT);
    while (difference !== 0) {
      const common = min(base + <u32>(clz(difference) >> 3), DEPTH);
      if (common > length) {
        const candidate = load<u32>(other);
        if (candidate !== source) {
          ofSecond = matchOf(source, length);
          source = candidate;
        }
        length = common;
      }
      if (other === first) break;
      other -= RECORD_SIZE;
      difference = next ^ load<u64>(other, NEXT);
    }
    if (difference !== 0) {
      settle(position, source, length, ofSecond);
      continue;
    }
    let at = base + NEXT_BYTES;
    let candidate = load<u32>(other);
    let link = ofRecord;
    for (;;) {
      // The candidate shares `at` bytes.
      if (candidate !== source) {
        ofSecond = matchOf(source, length);
        source = candidate;
      }
      length = at;
      if (at >= DEPTH) break;
      const offset = link - ofRecord;
      store<u8>(link++, <u8>((other - first) >> 4));
      const next = load<u64>(text + position + at);
      for (;;) {
        difference = next ^ load<u64>(text + candidate + at);
        if (difference === 0) break;
        const common = at + (<u32>ctz(difference) >> 3);
        if (common > length) {
          if (candidate !== source) {
            ofSecond = matchOf(source, length);
            source = candidate;
          }
          length = common;
          if (common >= DEPTH) break;
        }
        const linked = <usize>load<u8>(links + ((other - first) >> 1) + offset);
        if (linked === NO_LINK) break;
        other = first + (linked << 4);
        candidate = load<u32>(other);
      }
      if (difference !== 0) break;
      at += NEXT_BYTES;
    }
    settle(position, source, min(length, DEPTH), ofSecond);
  }
}

function comparePair(first: usize, base: u32, secondMask: u32): void {
  const source = load<u32>(first);
  const position = load<u32>(first, RECORD_SIZE);
  const difference = load<u64>(first, NEXT) ^ load<u64>(first, RECORD_SIZE + NEXT);
  const length =
    difference !== 0
      ? min(base + <u32>(clz(difference) >> 3), DEPTH)
      : Bytes.common(text + position, text + source, min(base + NEXT_BYTES, DEPTH), DEPTH);
  settle(position, source, length, load<u32>(first, RECORD_SIZE + SECOND) & secondMask);
}
