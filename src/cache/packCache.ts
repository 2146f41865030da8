import type { CacheSettings, CacheSummary, RemoteCacheSettings } from '../model/cache.js';
import type { PlanOutline } from '../model/plan.js';
import type { ContentSettings, ExecutionSettings, Settings, TreePair } from '../model/settings.js';
import type { ReadFile } from '../plan/entries.js';
import { BlockCache, type Server } from './blockCache.js';
import { KnownFiles } from './knownFiles.js';
import { LocalCache } from './localCache.js';

/** Milliseconds of a pack that a server may cost in all: a second, less what it takes to give it up. */
const PATIENCE = 900;

const NO_CACHE: CacheSettings = { local: null, remote: null };

/** What of a pack's settings a cache works by. */
type CacheExecution = Pick<ExecutionSettings, 'cache' | 'jobs' | 'onNotice'>;

/**
 * What earlier packs leave for this one. An archive is the same with it and without: cold, warm, damaged, shared or
 * missing, the cache decides how long a pack takes and nothing else.
 */
export class PackCache {
  readonly blocks: BlockCache;
  readonly #execution: CacheExecution;
  readonly #local: LocalCache | null;
  readonly #server: Server | null;
  #files: KnownFiles | null = null;

  private constructor(execution: CacheExecution, local: LocalCache | null, server: Server | null) {
    this.#execution = execution;
    this.#local = local;
    this.#server = server;
    this.blocks = new BlockCache(local, server);
  }

  static async open(execution: CacheExecution): Promise<PackCache> {
    const { cache, jobs, onNotice } = execution;
    const local = cache.local === null ? null : LocalCache.open(cache.local, onNotice);
    const server = cache.remote === null ? null : await connect(cache.remote, jobs, onNotice);
    return new PackCache(execution, local, server);
  }

  /** The one that keeps nothing and has nothing. */
  static none(): PackCache {
    return new PackCache({ cache: NO_CACHE, jobs: 1, onNotice: () => undefined }, null, null);
  }

  /**
   * The digests of the trees' files. To be asked for before the first of the files is looked at.
   *
   * @param withRaw whether those of files as they are on disk are wanted, too
   */
  openFiles(content: ContentSettings, trees: readonly TreePair[], withRaw: boolean): KnownFiles {
    this.#files = new KnownFiles(content, trees, this.#local, withRaw);
    return this.#files;
  }

  /** The outline of the plan, kept or made (see `KnownFiles`). */
  outline(files: readonly ReadFile[], make: () => PlanOutline): PlanOutline {
    if (this.#files === null) return make();
    const outline = this.#files.outline(files, make);
    this.blocks.news = this.#files.news;
    return outline;
  }

  /** Sends what is to be sent, and keeps the cache within its size, when the pack is done; tells what was not right in it. */
  async close(): Promise<void> {
    const { refused } = this.blocks;
    if (this.#server !== null) {
      const { cache, patience } = this.#server;
      if (refused > 0) {
        const what = refused === 1 ? '1 answer' : `${refused} answers`;
        this.#execution.onNotice(`Refused ${what} of the cache server, damaged or not ours`);
      }
      await patience.whileEnding(cache.settle());
      cache.close();
    }
    this.#local?.close();
  }

  /** Ends what is under way when the pack has failed. */
  abandon(): void {
    this.#server?.cache.close();
  }

  /** What it was good for; null where there is none. */
  summary(): CacheSummary | null {
    if (this.#local === null && this.#server === null) return null;
    const { local, remote } = this.#execution.cache;
    const { counts, bytesSaved, misses, refused } = this.blocks;
    return {
      directory: this.#local === null ? null : (local?.directory ?? null),
      remote: remote?.url ?? null,
      files: { known: this.#files?.known ?? 0, read: this.#files?.read ?? 0 },
      blocks: counts,
      bytesSaved,
      dropped: (this.#local?.dropped ?? 0) + refused,
      misses,
    };
  }
}

/** Loaded late: HTTP is much to load, and most packs ask no server. */
async function connect(
  settings: RemoteCacheSettings,
  jobs: number,
  onNotice: (notice: string) => void,
): Promise<Server> {
  const { RemoteCache } = await import('./remote/remoteCache.js');
  const { Patience } = await import('./remote/patience.js');
  const cache = new RemoteCache(settings, onNotice);
  return { cache, patience: new Patience(jobs, PATIENCE, () => cache.giveUp('it is too slow')) };
}

/** A cache for the length of `work`. */
export async function withCache<T>({ execution }: Settings, work: (cache: PackCache) => Promise<T>): Promise<T> {
  const cache = await PackCache.open(execution);
  try {
    return await work(cache);
  } finally {
    cache.abandon();
  }
}
