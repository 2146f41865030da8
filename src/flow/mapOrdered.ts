/**
 * An ordered, bounded, concurrent map.
 *
 * At most `limit` calls of `fn` are under way or waiting to be taken, so memory is bounded by `limit` results however
 * slow the consumer is. Results come in input order. When a call fails, no further call starts, the calls under way are
 * waited for, and the first failure in input order is thrown: nothing runs on behind the consumer's back. The same
 * holds when the consumer stops early.
 *
 * @param limit calls in flight plus results not yet taken; at least 1
 */
export async function* mapOrdered<A, B>(
  items: Iterable<A> | AsyncIterable<A>,
  limit: number,
  fn: (item: A) => Promise<B>,
): AsyncGenerator<B, void, undefined> {
  const inFlight: Promise<B>[] = [];
  let failed = false;
  const start = (item: A): void => {
    const call = fn(item);
    // A rejection may come long before its turn; until then it must not count as unhandled.
    call.catch(() => {
      failed = true;
    });
    inFlight.push(call);
  };
  try {
    for await (const item of items) {
      // A call may have failed while the item was waited for.
      if (!failed) start(item);
      while (inFlight.length >= limit || (failed && inFlight.length > 0)) {
        yield await next(inFlight);
      }
    }
    while (inFlight.length > 0) yield await next(inFlight);
  } finally {
    await Promise.allSettled(inFlight);
  }
}

async function next<B>(inFlight: Promise<B>[]): Promise<B> {
  const head = inFlight.shift();
  if (head === undefined) throw new RangeError('next() on an empty window');
  return head;
}
