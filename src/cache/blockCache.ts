import { printable } from '../bytes/bytePath.js';
import type { BlockMiss, BlockOrigin } from '../model/cache.js';
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

  /** The Block from the cache, or from `encode`, and then it is kept. */
  async block(
    input: BlockInput,
    encoding: EncodingSettings,
    encode: () => Promise<EncodedBlock>,
  ): Promise<EncodedBlock> {
    if (this.#local === null) return encode();
    const size = sizeOf(input);
    const key = blockKey(input, encoding);
    const found = this.#local.readBlock(key, size);
    if (found.kind === 'block') return this.#saved('local', found.block);
    this.misses.push({ first: firstOf(input), size, reason: missReason(input, found, this.news) });
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

/** Bytes of the Uncompressed Data. */
function sizeOf(input: BlockInput): number {
  switch (input.kind) {
    case 'bytes':
      return input.bytes.length;
    case 'zeros':
      return input.size;
    case 'entries':
      return input.block.size;
  }
}

/** The member that a Block begins with; null where it has none, or is not known to. */
function firstOf(input: BlockInput): string | null {
  const first = input.kind === 'entries' ? input.entries[0] : undefined;
  return first === undefined ? null : printable(first.name);
}
