/**
 * As `mapOrdered`, for calls that differ in what they hold: a call starts when its weight and the weights of all that are
 * under way or waiting to be taken are at most `capacity` together, or when there is no other. One more item, whose call
 * does not fit yet, may be in hand.
 *
 * @param capacity in the unit that `weigh` answers in
 */
export async function* mapWeighted<A, B>(
  items: Iterable<A> | AsyncIterable<A>,
  capacity: number,
  weigh: (item: A) => number,
  fn: (item: A) => Promise<B>,
): AsyncGenerator<B, void, undefined> {
  const inFlight: { readonly call: Promise<B>; readonly weight: number }[] = [];
  let held = 0;
  let failed = false;
  const start = (item: A, weight: number): void => {
    const call = fn(item);
    // A rejection may come long before its turn; until then it must not count as unhandled.
    call.catch(() => {
      failed = true;
    });
    inFlight.push({ call, weight });
    held += weight;
  };
  try {
    for await (const item of items) {
      const weight = weigh(item);
      for (let head = inFlight[0]; head !== undefined && (failed || held + weight > capacity); head = inFlight[0]) {
        const result = await head.call;
        inFlight.shift();
        held -= head.weight;
        yield result;
      }
      start(item, weight);
    }
    for (let head = inFlight.shift(); head !== undefined; head = inFlight.shift()) yield await head.call;
  } finally {
    await Promise.allSettled(inFlight.map(({ call }) => call));
  }
}
