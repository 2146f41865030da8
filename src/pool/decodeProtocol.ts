/**
 * The conversation between the main thread and a thread that decodes.
 *
 * The main thread sends the decoder's code, and then Blocks, each with a slot of the thread's decoder that nobody looks at.
 * The thread decodes one after the other, and answers each with pieces of its content while it decodes, and then with its end
 * or a failure. Pieces that lie in the slot are the main thread's until it gives the slot to another Block; others are moved
 * to it, as excerpts are.
 */
import type { Excerpt } from '../bytes/excerpt.js';
import type { Failure, Place } from '../errors.js';
import type { BlockRecord } from '../xz/block.js';

/** A Block that is there whole. */
export interface BlockToDecode {
  /** From its Block Header to its Check, Block Padding included. */
  readonly block: Uint8Array;
  readonly record: BlockRecord;
  readonly checkId: number;
  /** The Block Header's, for messages. */
  readonly place: Place;
}

/**
 * What a reader wants of contents: all, which members the tar has that they are part of (`TarSkimmer`), or nothing, but that
 * they are right.
 */
export type Extent = 'all' | 'members' | 'nothing';

/** What it is given. */
export interface PieceOf {
  readonly all: Uint8Array;
  readonly members: Excerpt;
  readonly nothing: Excerpt;
}

export type ContentPiece = PieceOf[Extent];

/** The first message: the decoder's code, null where there is none. */
export interface DecoderCode {
  readonly code: WebAssembly.Module | null;
}

/** The block's buffer is the thread's afterwards. */
export interface DecodeOrder {
  readonly block: BlockToDecode;
  /** Index of the slot. */
  readonly slot: number;
  readonly extent: Extent;
}

export type DecodeReply =
  /** All code has been loaded, the decoder's too. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'pieces'; readonly pieces: readonly ContentPiece[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Who takes a Block's content as it is decoded. */
export interface ContentSink<Piece extends ContentPiece = ContentPiece> {
  /** The next pieces, in order. */
  push(pieces: readonly Piece[]): void;
  /** All has come, and its Check holds. */
  end(): void;
  fail(error: unknown): void;
}
