import { discard } from '../../bytes/releasable.js';
import { type BlockDecoder, giveDecoderBack, takeDecoder } from '../../lzma/blockDecoder.js';
import type { BlockToDecode, ContentPiece, Extent } from '../../pool/decodeProtocol.js';
import { handOver } from '../../pool/handOver.js';
import type { BlockContent } from './blockContent.js';
import { Slots } from './slots.js';

/** What this thread decodes: a Block at a time, a step whenever there is nothing better to do. */
export class DecodingHere {
  readonly slots = new Slots();
  #decoder: BlockDecoder | null | undefined;
  #begun: Begun | null = null;

  get hasBegun(): boolean {
    return this.#begun !== null;
  }

  /** Begins a Block when the one before is done. @returns what to do when its content is over */
  begin(block: BlockToDecode, extent: Extent, content: BlockContent): () => void {
    const slot = this.slots.take(extent);
    this.#begun = { block, content, steps: this.#decode(block, slot, extent) };
    return () => this.slots.free(slot, extent);
  }

  /** Decodes the next pieces of the Block, and behind the last of them ends it. */
  step(): void {
    if (this.#begun === null) return;
    const { content, steps } = this.#begun;
    try {
      const { done, value } = steps.next();
      if (done === true) this.#end();
      else content.push(value);
    } catch (error) {
      content.fail(error);
      this.#end();
    }
  }

  /** Leaves the Block when nobody is going to read it. */
  leaveForgotten(): void {
    if (this.#begun?.content.isForgotten === true) this.#end();
  }

  /** Nobody reads any more. */
  close(): void {
    this.#end();
    giveDecoderBack(this.#decoder ?? null);
    this.#decoder = undefined;
  }

  *#decode(block: BlockToDecode, index: number, extent: Extent): Generator<readonly ContentPiece[], void, undefined> {
    if (this.#decoder === undefined) this.#decoder = takeDecoder();
    yield* handOver(block, this.#decoder && { decoder: this.#decoder, index }, extent);
  }

  #end(): void {
    if (this.#begun === null) return;
    const { block, content, steps } = this.#begun;
    this.#begun = null;
    steps.return();
    discard(block.block);
    content.end();
  }
}

interface Begun {
  readonly block: BlockToDecode;
  readonly content: BlockContent;
  readonly steps: Generator<readonly ContentPiece[], void, undefined>;
}
