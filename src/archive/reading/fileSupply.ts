import { badXz } from '../../errors.js';
import type { Container, ContainerBlock } from '../../model/container.js';
import type { BlockToDecode } from '../../pool/decodeProtocol.js';
import type { BlockRecord } from '../../xz/block.js';
import { paddedSize } from '../../xz/blockSizes.js';
import type { RandomAccess } from './archiveFile.js';
import type { BlockSupply, LargeBlock } from './blockSupply.js';
import { ByteReader } from './byteReader.js';
import { isDecodedWhole } from './memory.js';

/** The Blocks first..end (exclusive) of a file. */
export class FileSupply implements BlockSupply {
  readonly #file: RandomAccess;
  readonly #container: Container;
  readonly #end: number;
  readonly #memoryLimit: number;
  #next: number;

  constructor(file: RandomAccess, container: Container, first: number, end: number, memoryLimit: number) {
    this.#file = file;
    this.#container = container;
    this.#next = first;
    this.#end = end;
    this.#memoryLimit = memoryLimit;
  }

  async *wholeBlocks(): AsyncGenerator<BlockToDecode, void, undefined> {
    for (let block = this.#peek(); block !== null; block = this.#peek()) {
      if (!isDecodedWhole(block, this.#memoryLimit)) return;
      this.#next++;
      yield {
        block: await this.#file.read(block.offset, block.offset + paddedSize(block)),
        record: { unpaddedSize: block.unpaddedSize, uncompressedSize: block.uncompressedSize },
        checkId: this.#checkIdOf(block),
        place: { path: this.#file.path, offset: block.offset },
      };
    }
  }

  largeBlock(): LargeBlock | null {
    const block = this.#peek();
    if (block === null) return null;
    this.#next++;
    const place = { path: this.#file.path, offset: block.offset };
    return {
      reader: new ByteReader(this.#file.pieces(block.offset, block.offset + paddedSize(block)), place),
      checkId: this.#checkIdOf(block),
      uncompressedSize: block.uncompressedSize,
      accept: (found: BlockRecord) => {
        if (found.unpaddedSize === block.unpaddedSize && found.uncompressedSize === block.uncompressedSize) return;
        throw badXz(place, 'the sizes of a Block are not those that the Index states');
      },
    };
  }

  #peek(): ContainerBlock | null {
    return this.#next < this.#end ? (this.#container.blocks[this.#next] ?? null) : null;
  }

  #checkIdOf(block: ContainerBlock): number {
    return this.#container.streams[block.stream]?.checkId ?? 0;
  }
}
