import { discard } from '../../bytes/releasable.js';
import { type BlockDecoder, giveDecoderBack, takeDecoder } from '../../lzma/blockDecoder.js';
import { decodeBlock } from '../../pool/decodeBlock.js';
import { type BlockToDecode, HANDED_OVER } from '../../pool/decodeProtocol.js';
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
  begin(block: BlockToDecode, content: BlockContent): () => void {
    const index = this.slots.take();
    this.#begun = { block, content, pieces: this.#decode(block, index) };
    return () => this.slots.free(index);
  }

  /** Decodes the next pieces of the Block. */
  step(): void {
    if (this.#begun === null) return;
    const { content, pieces } = this.#begun;
    try {
      for (let size = 0; size < HANDED_OVER; ) {
        const { done, value } = pieces.next();
        if (done === true) {
          this.#end();
          return;
        }
        content.push([value]);
        size += value.length;
      }
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

  *#decode(block: BlockToDecode, index: number): Generator<Uint8Array, void, undefined> {
    if (this.#decoder === undefined) this.#decoder = takeDecoder();
    yield* decodeBlock(block, this.#decoder && { decoder: this.#decoder, index });
  }

  #end(): void {
    if (this.#begun === null) return;
    const { block, content, pieces } = this.#begun;
    this.#begun = null;
    pieces.return();
    discard(block.block);
    content.end();
  }
}

interface Begun {
  readonly block: BlockToDecode;
  readonly content: BlockContent;
  readonly pieces: Generator<Uint8Array, void, undefined>;
}
