import { discard } from './releasable.js';

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
