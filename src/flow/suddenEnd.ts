/**
 * What has to be put right when the process ends without unwinding: temporary files, tokens of a jobserver, children. A
 * library has no say in how the process of its caller ends, so who owns the process asks (see `cli/signals.ts`).
 */
const pending = new Set<() => void>();
let onFirst: () => void = () => undefined;

/**
 * Has something done at a sudden end, until the function that it gives is called. To be called in the turn that makes it
 * necessary: signals are taken between turns.
 *
 * @param putRight synchronous; what it throws is lost
 */
export function atSuddenEnd(putRight: () => void): () => void {
  const isFirst = pending.size === 0;
  pending.add(putRight);
  if (isFirst) onFirst();
  return () => pending.delete(putRight);
}

/** Puts everything right, the latest first: what writes into a directory is ended before the directory is removed. */
export function putAllRight(): void {
  for (const putRight of [...pending].reverse()) {
    try {
      putRight();
    } catch {
      // The others are worth a try, and nobody is left to be told.
    }
  }
  pending.clear();
}

/** Told each time that there is something to put right, where there was nothing. */
export function whenFirstPending(told: () => void): void {
  onFirst = told;
  if (pending.size > 0) told();
}
