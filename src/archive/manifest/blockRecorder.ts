import { createHash } from 'node:crypto';
import type { ManifestBlock } from '../../model/manifest.js';
import type { EncodedBlock } from '../../xz/block.js';
import { STREAM_HEADER_SIZE } from '../../xz/streamHeader.js';

/** Notes where each Block of an archive lies while the Blocks of its one Stream pass by, and takes its digest. */
export class BlockRecorder {
  readonly blocks: ManifestBlock[] = [];
  #offset = STREAM_HEADER_SIZE;
  #uncompressedOffset = 0;

  async *record(blocks: AsyncIterable<EncodedBlock>): AsyncGenerator<EncodedBlock, void, undefined> {
    for await (const block of blocks) {
      this.blocks.push({
        offset: this.#offset,
        unpaddedSize: block.unpaddedSize,
        uncompressedOffset: this.#uncompressedOffset,
        uncompressedSize: block.uncompressedSize,
        sha256: createHash('sha256').update(block.bytes).digest('hex'),
      });
      this.#offset += block.bytes.length;
      this.#uncompressedOffset += block.uncompressedSize;
      yield block;
    }
  }
}
