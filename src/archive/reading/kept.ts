/** A piece that is used for others when the next one is asked for, as one that may be kept. */
export function toKeep(piece: Uint8Array): Uint8Array {
  return piece.buffer instanceof ArrayBuffer ? piece : piece.slice();
}

/** Pieces that may be kept. */
export async function* kept(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) yield toKeep(piece);
}
