import type { BlockMiss, BlockOrigin } from '../model/cache.js';
import type { OutlinedBlock } from '../model/plan.js';
import type { EncodingSettings } from '../model/settings.js';
import type { BlockInput } from '../pool/protocol.js';
import type { EncodedBlock } from '../xz/block.js';
import { blockKey } from './blockKey.js';
import type { Found } from './entry.js';
import type { LocalCache } from './localCache.js';
import { type FileNews, missReason, NO_NEWS } from './missReasons.js';
import type { Patience } from './remote/patience.js';
import type { RemoteCache } from './remote/remoteCache.js';

/** A cache server, and how long it is waited for. */
export interface Server {
  readonly cache: RemoteCache;
  readonly patience: Patience;
}

/** How a Block is made, and how one that another machine made is compared with what it has to hold. */
export interface BlockMaker {
  readonly input: () => BlockInput;
  readonly encode: () => Promise<EncodedBlock>;
  readonly confirm: (block: EncodedBlock) => Promise<boolean>;
}

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
  /** Answers of the server that were not believed. */
  refused = 0;
  readonly #local: LocalCache | null;
  readonly #server: Server | null;

  constructor(local: LocalCache | null, server: Server | null) {
    this.#local = local;
    this.#server = server;
  }

  /** Whether it says in the same turn of the event loop what it has. */
  get isPrompt(): boolean {
    return this.#server === null;
  }

  /** The key that a Block is kept under; empty where nothing is kept. */
  keyOf(input: BlockInput, encoding: EncodingSettings): string {
    return this.#local === null && this.#server === null ? '' : blockKey(input, encoding);
  }

  /** The Block from this machine, else from the server, else from its maker, and then it is kept. */
  async block({ key, size, first }: OutlinedBlock, maker: BlockMaker): Promise<EncodedBlock> {
    if (this.#local === null && this.#server === null) return maker.encode();
    const here = this.#local === null ? ABSENT : this.#local.readBlock(key, size);
    if (here.kind === 'block') return this.#saved('local', here.block);
    const there = this.#server === null ? ABSENT : await this.#fromServer(this.#server, key, size, maker);
    if (there.kind === 'block') {
      this.#local?.writeBlock(key, there.block);
      return this.#saved('remote', there.block);
    }
    this.misses.push({ first, size, reason: missReason(maker.input(), here, there, this.news) });
    const block = await this.#busy(maker.encode());
    this.counts.encoded++;
    this.#local?.writeBlock(key, block);
    this.#server?.cache.write(key, block, there.kind === 'absent');
    return block;
  }

  /** A Block that is authenticated is taken as it is; another is compared with what it has to hold. */
  async #fromServer({ cache, patience }: Server, key: string, size: number, maker: BlockMaker): Promise<Found> {
    if (cache.isGivenUp) return ABSENT;
    const found = await patience.whileAsking(cache.read(key, size));
    const isGood = found.kind !== 'block' || cache.isAuthenticated || (await this.#busy(maker.confirm(found.block)));
    const believed: Found = isGood ? found : { kind: 'dropped', reason: 'not ours' };
    if (believed.kind === 'dropped') this.refused++;
    return believed;
  }

  #busy<T>(work: Promise<T>): Promise<T> {
    return this.#server === null ? work : this.#server.patience.whileWorking(work);
  }

  #saved(origin: BlockOrigin, block: EncodedBlock): EncodedBlock {
    this.counts[origin]++;
    this.bytesSaved += block.uncompressedSize;
    return block;
  }
}

const ABSENT: Found = { kind: 'absent' };
