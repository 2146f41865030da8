import type { BlockToDecode } from '../../pool/decodeProtocol.js';
import type { BlockRecord } from '../../xz/block.js';
import type { ByteReader } from './byteReader.js';

/**
 * Where Blocks come from, in order: a file, whose Indexes say where they lie, or a pipe.
 *
 * Who decodes takes whole Blocks until there is none, then asks for the large one that may have ended them, decodes that
 * to its end, and goes on with whole Blocks; where there is no large one either, the archive has ended.
 */
export interface BlockSupply {
  /** Blocks that are decoded whole, up to a large one or the end. */
  wholeBlocks(): AsyncGenerator<BlockToDecode, void, undefined>;
  largeBlock(): LargeBlock | null;
}

/** A Block that is decoded in steps: it is too large to be held whole. */
export interface LargeBlock {
  /** Stands at the Block Header. */
  readonly reader: ByteReader;
  readonly checkId: number;
  /** The Uncompressed Size that the Index states, or null where the Index is still to come. */
  readonly uncompressedSize: number | null;
  /** Told of the sizes found, at the end. Throws where the Index says otherwise. */
  accept(found: BlockRecord): void;
}
