/**
 * As `mapOrdered`, for items that are all known: calls start in the order of `schedule`, results come in item order.
 *
 * @param schedule the indexes of `items`, each once; the one for item i must be among the first i + `limit`
 * @param limit calls in flight plus results not yet taken; at least 1
 */
export async function* mapScheduled<A, B>(
  items: readonly A[],
  schedule: readonly number[],
  limit: number,
  fn: (item: A) => Promise<B>,
): AsyncGenerator<B, void, undefined> {
  const calls = new Map<number, Promise<B>>();
  let started = 0;
  let failed = false;
  const fill = (): void => {
    while (!failed && calls.size < limit && started < schedule.length) {
      const index = schedule[started++] as number;
      const call = fn(items[index] as A);
      // A rejection may come long before its turn; until then it must not count as unhandled.
      call.catch(() => {
        failed = true;
      });
      calls.set(index, call);
    }
  };
  try {
    fill();
    for (let i = 0; i < items.length; i++) {
      // After a failure nothing new is started, so an item may have no call; then the failure is among the others.
      const result = await (calls.get(i) ?? firstFailure(calls));
      calls.delete(i);
      fill();
      yield result;
    }
  } finally {
    await Promise.allSettled(calls.values());
  }
}

/** Rejects as the first of the calls, in item order, that fails. */
async function firstFailure<B>(calls: ReadonlyMap<number, Promise<B>>): Promise<never> {
  const inOrder = [...calls].sort(([a], [b]) => a - b);
  for (const [, call] of inOrder) await call;
  throw new RangeError('The schedule does not reach every item in time');
}
