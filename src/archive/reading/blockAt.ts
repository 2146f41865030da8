import type { ContainerBlock } from '../../model/container.js';

/** The index of the Block that holds the uncompressed offset, or the number of Blocks where none does. */
export function blockAt(blocks: readonly ContainerBlock[], offset: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const block = blocks[middle];
    if (block !== undefined && block.uncompressedOffset + block.uncompressedSize <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
