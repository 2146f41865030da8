/** Pieces that may be kept: one that is used for others when the next one is asked for is copied. */
export async function* kept(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) yield piece.buffer instanceof ArrayBuffer ? piece : piece.slice();
}
