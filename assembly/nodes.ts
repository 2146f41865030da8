/**
 * The parser's nodes: node i stands for i bytes behind the start of the run. A node is arrived at by a step from an
 * earlier one: a symbol, or a symbol with a few literals and a rep0 behind it (its tail). Two arrivals are kept, the
 * cheapest, and the cheapest among those that leave another rep0, because what is cheap later depends on rep0 most.
 */
import { scratch } from './block';
import { secondWithin } from './effort';
import { ARRIVED, FIRST_REP0, PRICE, SECOND, STEP } from './layout';
import { rep0, rep1, rep2, rep3, state } from './model';
import { STATE } from './steps';

/** More than any price; as a signed number too, since lanes are compared as such. */
export const UNREACHED: u32 = 0x7fffffff;

/** Nodes that are looked at together. */
const LANES: u32 = 4;

/** The last node that is reached. LANES nodes behind it have the price UNREACHED. */
export let last: u32 = 0;
/** The cheapest node ahead, and its price. */
let leastNode: u32 = 0;
let leastPrice: u32 = 0;

export function startNodes(): void {
  const at = scratch + ARRIVED;
  store<u32>(at, rep0);
  store<u32>(at, rep1, 4);
  store<u32>(at, rep2, 8);
  store<u32>(at, rep3, 12);
  store<u32>(at, state, STATE);
  store<u32>(scratch + PRICE, 0);
  last = 0;
  leastNode = 0;
  leastPrice = UNREACHED;
  v128.store(scratch + 4, i32x4.splat(UNREACHED), PRICE);
}

export function reach(node: u32): void {
  if (node <= last) return;
  const unreached = i32x4.splat(UNREACHED);
  const end = scratch + (node << 2);
  for (let at = scratch + ((last + 1) << 2); at <= end; at += LANES << 2) {
    v128.store(at, unreached, PRICE);
    v128.store(at, unreached, PRICE + SECOND);
  }
  last = node;
  v128.store(end + 4, unreached, PRICE);
}

/**
 * Whether a node farther on is reached more cheaply than this one, by `margin` or more. Then the way through this one is
 * hardly ever the best: what starts here can start there, for less.
 */
export function isPassed(node: u32, margin: u32): bool {
  if (leastNode <= node) findLeast(node);
  return leastPrice + margin <= load<u32>(scratch + (node << 2), PRICE);
}

function findLeast(node: u32): void {
  const first = scratch + ((node + 1) << 2);
  const end = scratch + (last << 2);
  let least = i32x4.splat(UNREACHED);
  for (let at = first; at <= end; at += LANES << 2) least = i32x4.min_s(least, v128.load(at, PRICE));
  least = i32x4.min_s(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  least = i32x4.min_s(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
  leastPrice = i32x4.extract_lane(least, 0);
  let at = first;
  let lanes: u32 = 0;
  for (; ; at += LANES << 2) {
    lanes = i32x4.bitmask(i32x4.eq(v128.load(at, PRICE), least));
    if (lanes !== 0) break;
  }
  leastNode = <u32>((at - scratch) >> 2) + ctz(lanes);
}

/** Whether a step that costs more than `price` may be taken. */
export function isOpen(node: u32, price: u32, rep0: u32): bool {
  const at = scratch + (node << 2);
  const cheapest = load<u32>(at, PRICE);
  if (price < cheapest) return true;
  return price < min(load<u32>(at, PRICE + SECOND), cheapest + secondWithin) && load<u32>(at, FIRST_REP0) !== rep0;
}

/** Whether a way to a node at a price, just offered, may have the best tail: not where the same rep0 is there for less. */
export function isForTail(node: u32, price: u32, rep0: u32): bool {
  const at = scratch + (node << 2);
  return load<u32>(at, FIRST_REP0) !== rep0 || price <= load<u32>(at, PRICE);
}

/** Offers a step to a node that `reach` has prepared. */
export function offer(node: u32, price: u32, step: u64, rep0: u32): void {
  if (isOpen(node, price, rep0)) accept(node, price, step, rep0);
}

/**
 * Offers a step to each of the nodes from `shortest` to `longest` bytes ahead, at `base` and the length's price.
 *
 * @returns whether a tail behind the longest is worth a look: it is not where the same rep0 is there for less
 */
export function offerLengths(
  node: u32,
  shortest: u32,
  longest: u32,
  prices: usize,
  base: u32,
  step: u64,
  rep0: u32,
): bool {
  const first = scratch + (node << 2);
  const bases = i32x4.splat(base);
  const rep0s = i32x4.splat(rep0);
  const within = i32x4.splat(secondWithin);
  const reached = last - node;
  const end = min(longest, reached);
  for (let n = shortest; n <= end; n += LANES) {
    const at = first + (n << 2);
    const price = i32x4.add(v128.load(prices + (n << 2)), bases);
    const cheapest = v128.load(at, PRICE);
    const isOther = v128.not(i32x4.eq(v128.load(at, FIRST_REP0), rep0s));
    const limit = i32x4.min_s(v128.load(at, PRICE + SECOND), i32x4.add(cheapest, within));
    const isCheaper = v128.or(i32x4.lt_s(price, cheapest), v128.and(i32x4.lt_s(price, limit), isOther));
    let lanes: u32 = i32x4.bitmask(isCheaper);
    if (end - n < LANES - 1) lanes &= (2 << (end - n)) - 1;
    for (; lanes !== 0; lanes &= lanes - 1) {
      const length = n + ctz(lanes);
      accept(node + length, base + load<u32>(prices + (length << 2)), step, rep0);
    }
  }
  if (longest > reached) {
    takeBehindLast(node, shortest, longest, prices, base, step, rep0);
    return true;
  }
  return isForTail(node + longest, base + load<u32>(prices + (longest << 2)), rep0);
}

/** Takes the step for those of the nodes that are farther than any that is reached. */
function takeBehindLast(node: u32, shortest: u32, longest: u32, prices: usize, base: u32, step: u64, rep0: u32): void {
  reach(node + shortest - 1);
  const from = max(shortest, last + 1 - node);
  const first = scratch + (node << 2);
  const steps = scratch + (node << 3);
  const bases = i32x4.splat(base);
  const rep0s = i32x4.splat(rep0);
  const step2 = i64x2.splat(step);
  const unreached = i32x4.splat(UNREACHED);
  let least = unreached;
  for (let n = from; n <= longest; n += LANES) {
    const price = i32x4.add(v128.load(prices + (n << 2)), bases);
    least = i32x4.min_s(least, price);
    const at = first + (n << 2);
    v128.store(at, price, PRICE);
    v128.store(at, unreached, PRICE + SECOND);
    v128.store(at, rep0s, FIRST_REP0);
    v128.store(steps + (n << 3), step2, STEP);
    v128.store(steps + (n << 3), step2, STEP + 16);
  }
  last = node + longest;
  v128.store(first + ((longest + 1) << 2), unreached, PRICE);
  if (i32x4.bitmask(i32x4.lt_s(least, i32x4.splat(leastPrice))) === 0) return;
  for (let n = from; n <= longest; n++) noteLeast(node + n, base + load<u32>(prices + (n << 2)));
}

function noteLeast(node: u32, price: u32): void {
  if (price >= leastPrice) return;
  leastPrice = price;
  leastNode = node;
}

/** A step that is cheaper than the first arrival, or than the second with another rep0 than the first. */
function accept(node: u32, price: u32, step: u64, rep0: u32): void {
  const at = scratch + (node << 2);
  const steps = scratch + (node << 3);
  const cheapest = load<u32>(at, PRICE);
  if (price >= cheapest) {
    store<u32>(at, price, PRICE + SECOND);
    store<u64>(steps, step, STEP + SECOND);
    return;
  }
  noteLeast(node, price);
  if (load<u32>(at, FIRST_REP0) !== rep0) {
    store<u32>(at, cheapest, PRICE + SECOND);
    store<u64>(steps, load<u64>(steps, STEP), STEP + SECOND);
  }
  store<u32>(at, price, PRICE);
  store<u64>(steps, step, STEP);
  store<u32>(at, rep0, FIRST_REP0);
}

export function priceAt(node: u32, arrival: usize): u32 {
  return load<u32>(scratch + PRICE + arrival + (node << 2));
}
