import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { BytePath } from '../bytes/bytePath.js';
import type { Digested, PlanOutline } from '../model/plan.js';
import type { ContentSettings, TreePair } from '../model/settings.js';
import { memberNameOf, type ReadFile } from '../plan/entries.js';
import { FORMAT_VERSION } from '../plan/plan.js';
import { STRIP_VERSION } from '../strip/version.js';
import { BLOCK_KEY_VERSION } from './blockKey.js';
import type { LocalCache } from './localCache.js';
import { type FileNews, NO_NEWS } from './missReasons.js';
import {
  areSettled,
  type DigestedFile,
  indexPieces,
  STAT_INDEX_VERSION,
  type StatedFile,
  StatIndex,
} from './statIndex.js';

/** The version of an outline's form. */
const OUTLINE_VERSION = 1;

/**
 * What is known of a tree's files from an earlier pack of them: their digests, and the outline of the plan that follows
 * from these.
 *
 * A digest is taken over only while everything that lstat says of its file is what it was when the file was read. What
 * an index was made with is in its name: where that differs, there is another index. An outline is named after the index
 * that it follows from, so it holds for the very same files only.
 */
export class KnownFiles {
  readonly #local: LocalCache | null;
  readonly #content: ContentSettings;
  readonly #key: string;
  readonly #withRaw: boolean;
  #index: StatIndex;
  /** Milliseconds since 1970, before the first file was looked at. */
  readonly #opened = Date.now();
  #news = NO_NEWS;
  #known = 0;
  #read = 0;

  /**
   * @param trees a pair for each of the content's kernels
   * @param withRaw whether a file counts as known only with its digest on disk
   */
  constructor(content: ContentSettings, trees: readonly TreePair[], local: LocalCache | null, withRaw: boolean) {
    this.#local = local;
    this.#content = content;
    this.#withRaw = withRaw;
    this.#key = local === null ? '' : indexKey(content, trees);
    this.#index = local === null ? StatIndex.empty : local.readIndex(this.#key);
    if (!this.isEmpty) this.#news = { ...NO_NEWS, isFirst: false };
  }

  /** Whether there is nothing from an earlier pack. */
  get isEmpty(): boolean {
    return this.#index.count === 0;
  }

  /** Whether it is clear from the start that every file has to be read. */
  get isOfNoUse(): boolean {
    return this.isEmpty || (this.#withRaw && !this.#index.hasRawDigests);
  }

  /** Files whose digests were known. */
  get known(): number {
    return this.#known;
  }

  /** Files that had to be read. */
  get read(): number {
    return this.#read;
  }

  /** What is new about the files since the index was written, once it is known. */
  get news(): FileNews {
    return this.#news;
  }

  /** What a file is known to hold, or null where it has to be read. */
  lookUp(file: StatedFile): Digested | null {
    const digested = this.#index.lookUp(file);
    const isKnown = digested !== null && (!this.#withRaw || digested.rawDigest !== null);
    if (isKnown) this.#known++;
    else this.#read++;
    return isKnown ? digested : null;
  }

  /** Whether a file that was read now is new, or holds other bytes than an earlier pack found in it. */
  isNews(file: StatedFile & { readonly digested: Digested | null }): boolean {
    return this.#index.earlier(file)?.digest !== file.digested?.digest;
  }

  /**
   * The outline of the plan: the one that is kept, where the files are those of the index, else the one that `make` gives.
   * What is new about the files is kept for the next pack, and told in `news`.
   */
  outline(files: readonly ReadFile[], make: () => PlanOutline): PlanOutline {
    const local = this.#local;
    if (local === null) return make();
    const isSame = this.#read === 0 && this.#known === this.#index.count;
    const kept = isSame ? local.readOutline(outlineKey(this.#index.id, files, this.#content)) : null;
    if (kept !== null) return kept;
    const outline = make();
    const { id, isSettled } = isSame ? this.#index : this.#renewIndex(local, files.filter(isStated));
    // Where a file had just changed, it will be read again, and the outline not asked for.
    if (isSettled) local.writeOutline(outlineKey(id, files, this.#content), outline);
    return outline;
  }

  #renewIndex(local: LocalCache, files: readonly DigestedFile[]): Pick<StatIndex, 'id' | 'isSettled'> {
    if (!this.isEmpty) this.#news = newsOf(this.#index, files);
    const id = local.writeIndex(this.#key, () => indexPieces(files, this.#opened));
    return { id, isSettled: areSettled(files, this.#opened) };
  }
}

function isStated(each: ReadFile): each is DigestedFile {
  return each.file.kind === 'regular' && each.digested !== null;
}

function newsOf(index: StatIndex, files: readonly DigestedFile[]): FileNews {
  const changed = new Map<BytePath, 'changed' | 'new'>();
  let found = 0;
  for (const each of files) {
    const earlier = index.earlier(each);
    if (earlier !== null) found++;
    if (earlier?.digest !== each.digested.digest) changed.set(memberNameOf(each), earlier === null ? 'new' : 'changed');
  }
  return { isFirst: false, changed, removed: index.count - found };
}

/** Names the index of these trees: its form, where they are, which of their files are selected, and how they are stripped. */
function indexKey({ kernels, selection, strip }: ContentSettings, pairs: readonly TreePair[]): string {
  const trees = pairs.map(({ sourceTree, objectTree }) => [
    realpathSync(sourceTree),
    objectTree === null ? null : realpathSync(objectTree),
  ]);
  return sha256(JSON.stringify([STAT_INDEX_VERSION, STRIP_VERSION, strip, kernels, selection, trees]));
}

/** Names the outline of a plan: all that the plan follows from beside the settings are the index and symbolic links. */
function outlineKey(index: string, files: readonly ReadFile[], content: ContentSettings): string {
  const links = files.flatMap(({ kernel, file }) =>
    file.kind === 'symlink' ? [[kernel, file.path, file.target]] : [],
  );
  return sha256(JSON.stringify([OUTLINE_VERSION, BLOCK_KEY_VERSION, FORMAT_VERSION, index, content, links]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
