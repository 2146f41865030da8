import type { Excerpt } from '../../bytes/excerpt.js';
import { badXz } from '../../errors.js';
import type { BlockHeader, Container, ContainerBlock } from '../../model/container.js';
import type { ReadingSettings } from '../../model/reading.js';
import type { Extent, PieceOf } from '../../pool/decodeProtocol.js';
import { blockHeaderSize, decodeBlockHeader } from '../../xz/blockHeader.js';
import type { RandomAccess } from './archiveFile.js';
import { blockAt } from './blockAt.js';
import { CheckNotices } from './checkNotices.js';
import { decodeBlocks } from './decodeBlocks.js';
import { FileSupply } from './fileSupply.js';
import { kept } from './kept.js';
import { blocksAtOnce, isDecodedWhole } from './memory.js';
import { scanContainer } from './scanContainer.js';
import { DecodingThreads } from './threads.js';

/** An open archive that is a file: see `OpenArchive`. */
export class FileArchive {
  readonly name: string;
  readonly container: Container;
  readonly #file: RandomAccess;
  readonly #settings: ReadingSettings;
  readonly #threads: DecodingThreads;

  private constructor(file: RandomAccess, container: Container, settings: ReadingSettings) {
    this.name = file.path;
    this.container = container;
    this.#file = file;
    this.#settings = settings;
    this.#threads = new DecodingThreads(settings.jobs);
  }

  /** Reads what the file's Indexes list, and tells of Checks that cannot be verified. */
  static async open(file: RandomAccess, settings: ReadingSettings): Promise<FileArchive> {
    const container = await scanContainer(file, settings.memoryLimit, settings.signal);
    const notices = new CheckNotices(settings.onNotice);
    for (const { checkId } of container.streams) notices.see(checkId);
    return new FileArchive(file, container, settings);
  }

  read(): AsyncGenerator<Uint8Array, void, undefined> {
    return kept(this.pass());
  }

  pass(): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#decodeAll('all');
  }

  skim(extent: 'members' | 'nothing'): AsyncGenerator<Excerpt, void, undefined> {
    return this.#decodeAll(extent);
  }

  async *readRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    const { blocks } = this.container;
    const first = blockAt(blocks, from);
    const last = Math.min(blockAt(blocks, to - 1), blocks.length - 1);
    const end = endOf(blocks[last]);
    let at = blocks[first]?.uncompressedOffset ?? 0;
    // Who reads a range does little with it: one Block takes one thread as long as two.
    for await (const piece of this.#decode(first, last + 1, last + 1 - first, 'all')) {
      const wanted = piece.subarray(Math.max(0, from - at), Math.max(0, to - at));
      at += piece.length;
      if (wanted.length > 0) yield wanted;
      // Otherwise to the end of the Block, where its Check is.
      if (at >= to && at < end && this.#isLarge(blocks[last])) return;
    }
  }

  async blockHeader(index: number): Promise<BlockHeader> {
    const block = this.container.blocks[index];
    if (block === undefined) throw new RangeError(`No Block ${index}`);
    const place = { path: this.name, offset: block.offset };
    const [first = 0] = await this.#file.read(block.offset, block.offset + 1);
    const size = blockHeaderSize(first);
    if (size === 0 || size > block.unpaddedSize) throw badXz(place, 'a Block does not begin with a Block Header');
    return decodeBlockHeader(await this.#file.read(block.offset, block.offset + size), place);
  }

  rawRange(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#file.pieces(from, to);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  #isLarge(block: ContainerBlock | undefined): boolean {
    return block !== undefined && !isDecodedWhole(block, this.#settings.memoryLimit);
  }

  #decodeAll<E extends Extent>(extent: E): AsyncGenerator<PieceOf[E], void, undefined> {
    const { length } = this.container.blocks;
    return this.#decode(0, length, length + 1, extent);
  }

  /** The contents of the Blocks first..end (exclusive). @param threads that are worth having for them */
  async *#decode<E extends Extent>(
    first: number,
    end: number,
    threads: number,
    extent: E,
  ): AsyncGenerator<PieceOf[E], void, undefined> {
    const { memoryLimit, signal, onProgress } = this.#settings;
    const totalBytes =
      (this.container.blocks[end]?.uncompressedOffset ?? this.container.uncompressedSize) -
      (this.container.blocks[first]?.uncompressedOffset ?? this.container.uncompressedSize);
    const supply = new FileSupply(this.#file, this.container, first, end, memoryLimit);
    const atOnce = blocksAtOnce(this.container.blocks.slice(first, end), memoryLimit);
    const decoding = this.#threads.forKnown(end - first, totalBytes, Math.min(atOnce, threads), extent);
    let bytes = 0;
    for await (const piece of decodeBlocks(supply, decoding, memoryLimit, signal)) {
      bytes += piece.length;
      onProgress({ stage: 'decode', bytes, totalBytes });
      yield piece;
    }
  }
}

function endOf(block: ContainerBlock | undefined): number {
  return block === undefined ? 0 : block.uncompressedOffset + block.uncompressedSize;
}
