import { type Excerpt, nothingOf } from '../bytes/excerpt.js';
import type { Slot } from '../lzma/decodeWhole.js';
import { PlainMembers } from '../tar/plainMembers.js';
import { TarSkimmer } from '../tar/skimmer.js';
import { decodeBlock } from './decodeBlock.js';
import type { BlockToDecode, ContentPiece, Extent, PieceOf } from './decodeProtocol.js';

/** Bytes of content that are handed over together; pieces are not cut. */
const TOGETHER = 2 ** 20;

/**
 * Decodes a Block as `decodeBlock` does, and hands over what its reader wants of its content, a step whenever the next one is
 * asked for. What was decoded before an error comes before it.
 */
export function* handOver(
  block: BlockToDecode,
  slot: Slot | null,
  extent: Extent,
): Generator<readonly ContentPiece[], void, undefined> {
  const handing = HANDINGS[extent](slot);
  let size = 0;
  try {
    for (const piece of decodeBlock(block, slot)) {
      handing.push(piece);
      size += piece.length;
      if (size < TOGETHER) continue;
      yield handing.take(false);
      size = 0;
    }
  } catch (error) {
    yield handing.take(true);
    throw error;
  }
  yield handing.take(true);
}

/** Hands over the content of a Block that somebody else decodes, piece by piece as it comes. */
export async function* handOverSteps<E extends Extent>(
  pieces: AsyncIterable<Uint8Array>,
  extent: E,
): AsyncGenerator<PieceOf[E], void, undefined> {
  const handing: Handing<PieceOf[E]> = HANDINGS[extent](null);
  for await (const piece of pieces) {
    handing.push(piece);
    yield* handing.take(false);
  }
  yield* handing.take(true);
}

/** Puts together what is handed over. */
interface Handing<Piece> {
  push(piece: Uint8Array): void;
  /** @param isLast whether nothing comes behind it */
  take(isLast: boolean): readonly Piece[];
}

class All implements Handing<Uint8Array> {
  #pieces: Uint8Array[] = [];

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
  }

  take(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

class Members implements Handing<Excerpt> {
  readonly #memory: WebAssembly.Memory | null;
  #skimmer: TarSkimmer | null = null;

  constructor(slot: Slot | null) {
    this.#memory = slot?.decoder.memory ?? null;
  }

  push(piece: Uint8Array): void {
    // One that is not in the slot is in a buffer of its own, and so are all others.
    this.#skimmer ??= new TarSkimmer(piece.buffer === this.#memory?.buffer ? PlainMembers.in(this.#memory) : null);
    this.#skimmer.push(piece);
  }

  take(isLast: boolean): readonly Excerpt[] {
    const excerpt = this.#skimmer?.take(isLast);
    return excerpt === undefined || excerpt.length === 0 ? [] : [excerpt];
  }
}

class Nothing implements Handing<Excerpt> {
  #size = 0;

  push({ length }: Uint8Array): void {
    this.#size += length;
  }

  take(): readonly Excerpt[] {
    const size = this.#size;
    this.#size = 0;
    return size === 0 ? [] : [nothingOf(size)];
  }
}

const HANDINGS: { readonly [E in Extent]: (slot: Slot | null) => Handing<PieceOf[E]> } = {
  all: () => new All(),
  members: slot => new Members(slot),
  nothing: () => new Nothing(),
};
