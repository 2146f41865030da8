import type { ContentPiece, ContentSink } from '../../pool/decodeProtocol.js';

/** Who is told of a content on its way. */
export interface ContentWatch {
  /** Its reader waits for a piece, or has one. */
  onWait(isWaiting: boolean): void;
  /** Nobody writes it any more or looks at it. */
  onOver(): void;
}

/**
 * A Block's content on its way from the thread that decodes it to its reader, who takes pieces as they come. The Check is
 * compared at the end, when the content is already with the reader.
 */
export class BlockContent<Piece extends ContentPiece = ContentPiece> implements ContentSink<Piece> {
  readonly #watch: ContentWatch;
  readonly #pieces: Piece[] = [];
  #failure: { readonly error: unknown } | null = null;
  #isComplete = false;
  #isForgotten = false;
  /** Whether its reader has a piece of it. */
  #isLookedAt = false;
  #isOver = false;
  #onArrival: (() => void) | null = null;

  constructor(watch: ContentWatch) {
    this.#watch = watch;
  }

  /** Whether nobody is going to read it, or to read on. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  push(pieces: readonly Piece[]): void {
    if (this.#isForgotten) return;
    this.#pieces.push(...pieces);
    this.#arrived();
  }

  end(): void {
    this.#isComplete = true;
    this.#arrived();
    this.#endWatch();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  /**
   * The pieces in order, each until the next is asked for; then the error that decoding ended with. Once only.
   *
   * @throws KheadersPackError
   */
  async *read(): AsyncGenerator<Piece, void, undefined> {
    try {
      for (;;) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) {
          this.#isLookedAt = true;
          yield piece;
          this.#isLookedAt = false;
        } else if (this.#failure !== null) throw this.#failure.error;
        else if (this.#isComplete) return;
        else await this.#arrival();
      }
    } finally {
      this.#isLookedAt = false;
      this.#forget();
    }
  }

  /** Nobody is to read it, or to read on: whoever waits, or asks for the next piece, gets the error. */
  drop(error: unknown): void {
    this.#failure ??= { error };
    this.#forget();
  }

  async #arrival(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#onArrival = resolve;
      this.#watch.onWait(true);
    });
  }

  #arrived(): void {
    if (this.#onArrival === null) return;
    this.#onArrival();
    this.#onArrival = null;
    this.#watch.onWait(false);
  }

  #forget(): void {
    this.#isForgotten = true;
    this.#pieces.length = 0;
    this.#arrived();
    this.#endWatch();
  }

  #endWatch(): void {
    if (this.#isOver || !this.#isComplete || !this.#isForgotten || this.#isLookedAt) return;
    this.#isOver = true;
    this.#watch.onOver();
  }
}
