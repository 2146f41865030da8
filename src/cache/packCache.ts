import type { CacheSummary } from '../model/cache.js';
import type { PlanOutline } from '../model/plan.js';
import type { PackSettings, Settings } from '../model/settings.js';
import type { ReadFile } from '../plan/entries.js';
import { BlockCache } from './blockCache.js';
import { KnownFiles } from './knownFiles.js';
import { LocalCache } from './localCache.js';

/**
 * What earlier packs leave for this one. An archive is the same with it and without: cold, warm, damaged, shared or
 * missing, the cache decides how long a pack takes and nothing else.
 */
export class PackCache {
  readonly blocks: BlockCache;
  readonly #settings: Settings;
  readonly #local: LocalCache | null;
  #files: KnownFiles | null = null;

  constructor(settings: Settings) {
    const { cache, onNotice } = settings.execution;
    this.#settings = settings;
    this.#local = cache.local === null ? null : LocalCache.open(cache.local, onNotice);
    this.blocks = new BlockCache(this.#local);
  }

  /** The digests of the trees' files. To be asked for before the first of the files is looked at. */
  openFiles(settings: PackSettings): KnownFiles {
    this.#files = new KnownFiles(settings, this.#local);
    return this.#files;
  }

  /** The outline of the plan, kept or made (see `KnownFiles`). */
  outline(files: readonly ReadFile[], make: () => PlanOutline): PlanOutline {
    if (this.#files === null) return make();
    const outline = this.#files.outline(files, make);
    this.blocks.news = this.#files.news;
    return outline;
  }

  /** Keeps the cache within its size when the pack is done, and tells what was not right in it. */
  close(): void {
    this.#local?.close();
  }

  /** What it was good for; null where there is none. */
  summary(): CacheSummary | null {
    const { local, remote } = this.#settings.execution.cache;
    if (this.#local === null && remote === null) return null;
    const { counts, bytesSaved, misses } = this.blocks;
    return {
      directory: this.#local === null ? null : (local?.directory ?? null),
      remote: remote?.url ?? null,
      files: { known: this.#files?.known ?? 0, read: this.#files?.read ?? 0 },
      blocks: counts,
      bytesSaved,
      dropped: this.#local?.dropped ?? 0,
      misses,
    };
  }
}
