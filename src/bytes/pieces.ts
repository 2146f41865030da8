import { discard } from './releasable.js';

/**
 * The same pieces, the memory of each given back when the next one is asked for: left to the collector, what has been read
 * stands beside what is being read, up to 128 MiB of it. For readers that keep none.
 */
export async function* passing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    yield piece;
    discard(piece);
  }
}

/** Lays pieces into `target`, one behind the other, and gives the memory of each back: there are none left then. */
export function layOut(pieces: readonly Uint8Array[], target: Uint8Array): Uint8Array {
  let at = 0;
  for (const piece of pieces) {
    target.set(piece, at);
    at += piece.length;
    discard(piece);
  }
  return target;
}
