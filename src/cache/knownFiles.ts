import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { BytePath } from '../bytes/bytePath.js';
import type { Digested } from '../model/plan.js';
import type { PackSettings } from '../model/settings.js';
import { memberNameOf, type ReadFile } from '../plan/entries.js';
import { STRIP_VERSION } from '../strip/strip.js';
import type { LocalCache } from './localCache.js';
import type { FileNews } from './missReasons.js';
import { encodeIndex, type StatedFile, StatIndex } from './statIndex.js';

/**
 * The digests of the files that have not changed since an earlier pack of the same trees.
 *
 * A digest is taken over only while everything that lstat says of its file is what it was when the file was read. What
 * an index was made with is in its name: where that differs, there is another index.
 */
export class KnownFiles {
  readonly #local: LocalCache | null;
  readonly #key: string;
  readonly #index: StatIndex;
  /** Nanoseconds since 1970, before the first file was looked at. */
  readonly #opened = BigInt(Date.now()) * 1_000_000n;
  #known = 0;
  #read = 0;

  constructor(settings: PackSettings, local: LocalCache | null) {
    this.#local = local;
    this.#key = local === null ? '' : indexKey(settings);
    this.#index = local === null ? StatIndex.empty : local.readIndex(this.#key);
  }

  /** Whether it is clear from the start that files have to be read. */
  get isEmpty(): boolean {
    return this.#index.count === 0;
  }

  /** Files whose digests were known. */
  get known(): number {
    return this.#known;
  }

  /** Files that had to be read. */
  get read(): number {
    return this.#read;
  }

  /** What a file is known to hold, or null where it has to be read. */
  lookUp(file: StatedFile): Digested | null {
    const digested = this.#index.lookUp(file);
    if (digested === null) this.#read++;
    else this.#known++;
    return digested;
  }

  /** Keeps the digests of all files for the next pack, and says what is new about them. */
  remember(files: readonly ReadFile[]): FileNews {
    const isFirst = this.isEmpty;
    const changed = new Map<BytePath, 'changed' | 'new'>();
    // Nothing was read, and nothing that the index has is gone.
    const isSame = this.#read === 0 && this.#known === this.#index.count;
    if (this.#local === null || isSame) return { isFirst, changed, removed: 0 };
    const stated = files.filter(isStated);
    let found = 0;
    for (const each of isFirst ? [] : stated) {
      const earlier = this.#index.earlier(each);
      if (earlier !== null) found++;
      if (earlier?.digest !== each.digested.digest)
        changed.set(memberNameOf(each), earlier === null ? 'new' : 'changed');
    }
    this.#local.writeIndex(this.#key, secret => encodeIndex(stated, this.#opened, secret));
    return { isFirst, changed, removed: this.#index.count - found };
  }
}

function isStated(each: ReadFile): each is StatedFile & { readonly digested: Digested } {
  return each.file.kind === 'regular' && each.digested !== null;
}

/** Names the index of these trees: where they are, which of their files are selected, and how they are stripped. */
function indexKey({ content, execution }: PackSettings): string {
  const { kernels, selection, strip } = content;
  const trees = execution.trees.map(({ sourceTree, objectTree }) => [
    realpathSync(sourceTree),
    objectTree === null ? null : realpathSync(objectTree),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([STRIP_VERSION, strip, kernels, selection, trees]))
    .digest('hex');
}
