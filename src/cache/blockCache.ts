import type { BlockMiss, BlockOrigin } from '../model/cache.js';
import type { OutlinedBlock } from '../model/plan.js';
import type { EncodingSettings } from '../model/settings.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { blockKey } from './blockKey.js';
import type { LocalCache } from './localCache.js';
import { type FileNews, missReason, NO_NEWS } from './missReasons.js';

/**
 * Finished Blocks of earlier packs, each under a key that names all that its bytes depend on.
 *
 * A Block from here holds what phase 1 found in the files, as one that is made in phase 2 does. Its files are not read
 * again, so a change that they undergo meanwhile is not noticed: it is for the next pack, whose stamps differ.
 */
export class BlockCache {
  /** What is new about the files, once phase 1 has found out. */
  news: FileNews = NO_NEWS;
  readonly misses: BlockMiss[] = [];
  readonly counts: Record<BlockOrigin, number> = { local: 0, remote: 0, encoded: 0 };
  /** Uncompressed bytes of the Blocks that were here. */
  bytesSaved = 0;
  readonly #local: LocalCache | null;

  constructor(local: LocalCache | null) {
    this.#local = local;
  }

  /** The key that a Block is kept under; empty where nothing is kept. */
  keyOf(input: BlockInput, encoding: EncodingSettings): string {
    return this.#local === null ? '' : blockKey(input, encoding);
  }

  /** The Block from the cache, or from `encode`, and then it is kept. */
  async block(
    { key, size, first }: OutlinedBlock,
    input: () => BlockInput,
    encode: () => Promise<EncodedBlock>,
  ): Promise<EncodedBlock> {
    if (this.#local === null) return encode();
    const found = this.#local.readBlock(key, size);
    if (found.kind === 'block') return this.#saved('local', found.block);
    this.misses.push({ first, size, reason: missReason(input(), found, this.news) });
    const block = await encode();
    this.counts.encoded++;
    this.#local.writeBlock(key, block);
    return block;
  }

  #saved(origin: BlockOrigin, block: EncodedBlock): EncodedBlock {
    this.counts[origin]++;
    this.bytesSaved += block.uncompressedSize;
    return block;
  }
}
