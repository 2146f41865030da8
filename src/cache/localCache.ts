import { systemReason } from '../errors.js';
import type { LocalCacheSettings } from '../model/cache.js';
import type { PlanOutline } from '../model/plan.js';
import type { EncodedBlock } from '../xz/block.js';
import { encodeEntry, entrySizeMax, type Found, openEntry, type Seal } from './entry.js';
import { Place } from './place.js';
import { seal, sealOf, unseal } from './sealed.js';
import { readSecret } from './secret.js';
import { StatIndex } from './statIndex.js';
import { pruneCache } from './upkeep.js';

/** Bytes of the stat index of some two million files. */
const SEALED_MAX = 2 ** 29;
/** What sealed bytes are. */
export const SEALED_KINDS = { tree: 'stat index', plan: 'outline' } as const;

/**
 * The cache on this machine. Nothing that fails in it stops a pack: the first failure is told in one line; after a failure to
 * read nothing more is read, after one to write nothing more is written.
 */
export class LocalCache {
  readonly #place: Place;
  readonly #secret: string | Buffer;
  readonly #seal: Seal;
  readonly #settings: LocalCacheSettings;
  readonly #onNotice: (notice: string) => void;
  /** What has not failed yet. */
  readonly #can = { read: true, write: true };
  #dropped = 0;
  #hasWritten = false;

  private constructor(settings: LocalCacheSettings, secret: string | Buffer, onNotice: (notice: string) => void) {
    this.#settings = settings;
    this.#secret = secret;
    this.#seal = { kind: 'secret', secret };
    this.#place = new Place(settings.directory, secret);
    this.#onNotice = onNotice;
  }

  /** Null, and one line that says why, where there can be no cache. */
  static open(settings: LocalCacheSettings, onNotice: (notice: string) => void): LocalCache | null {
    try {
      return new LocalCache(settings, readSecret(settings.secret), onNotice);
    } catch (error) {
      onNotice(`Packing without a cache: ${systemReason(error)}`);
      return null;
    }
  }

  /** Files that were damaged, truncated or forged, and removed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @param size Uncompressed Size of the Block */
  readBlock(key: string, size: number): Found {
    const file = this.#place.blockFile(key);
    const entry = this.#attempt('read', null, () => this.#place.read(file, entrySizeMax(size)));
    if (entry === null) return { kind: 'absent' };
    const opened = openEntry(entry, key, this.#seal);
    if (opened.kind === 'bad' || opened.block.uncompressedSize !== size) {
      this.#drop(file);
      return { kind: 'dropped', reason: opened.kind === 'bad' ? opened.reason : 'damaged' };
    }
    this.#touch(file);
    return opened;
  }

  writeBlock(key: string, block: EncodedBlock): void {
    this.#attempt('write', undefined, () => {
      this.#place.write(this.#place.blockFile(key), [encodeEntry(key, block, this.#seal)]);
      this.#hasWritten = true;
    });
  }

  /** The stat index of a tree: an empty one where there is none, or where every file is to be read. */
  readIndex(key: string): StatIndex {
    if (this.#settings.isParanoid) return StatIndex.empty;
    const sealed = this.#readSealed(SEALED_KINDS.tree, this.#place.treeFile(key), key);
    return sealed === null ? StatIndex.empty : new StatIndex(sealed.id, sealed.bytes);
  }

  /**
   * Keeps an index, and gives its id.
   *
   * @param pieces its bytes, each time from the start
   */
  writeIndex(key: string, pieces: () => Iterable<Buffer>): string {
    return this.#writeSealed(SEALED_KINDS.tree, this.#place.treeFile(key), key, pieces);
  }

  /** Null where there is none. */
  readOutline(key: string): PlanOutline | null {
    const sealed = this.#readSealed(SEALED_KINDS.plan, this.#place.planFile(key), key);
    return sealed === null ? null : (JSON.parse(sealed.bytes.toString()) as PlanOutline);
  }

  writeOutline(key: string, outline: PlanOutline): void {
    const bytes = Buffer.from(JSON.stringify(outline));
    this.#writeSealed(SEALED_KINDS.plan, this.#place.planFile(key), key, () => [bytes]);
  }

  #readSealed(kind: string, file: string, key: string): { readonly id: string; readonly bytes: Buffer } | null {
    const sealed = this.#attempt('read', null, () => this.#place.read(file, SEALED_MAX));
    if (sealed === null) return null;
    const bytes = unseal(kind, key, sealed, this.#secret);
    if (bytes === null) {
      this.#drop(file);
      return null;
    }
    this.#touch(file);
    return { id: sealOf(sealed), bytes };
  }

  #writeSealed(kind: string, file: string, key: string, pieces: () => Iterable<Buffer>): string {
    const sealed = seal(kind, key, pieces, this.#secret);
    this.#attempt('write', undefined, () => {
      this.#place.write(file, sealed.pieces);
      this.#hasWritten = true;
    });
    return sealed.id;
  }

  /** Keeps the directory within its size, where something was added to it. */
  close(): void {
    if (this.#dropped > 0) {
      const what = this.#dropped === 1 ? '1 entry that was' : `${this.#dropped} entries that were`;
      this.#onNotice(`Dropped ${what} damaged or not ours from the cache "${this.#settings.directory}"`);
    }
    if (!this.#hasWritten) return;
    this.#attempt('write', undefined, () => pruneCache(this.#settings.directory, this.#settings.maxSize, Date.now()));
  }

  #drop(file: string): void {
    this.#dropped++;
    this.#attempt('write', undefined, () => this.#place.remove(file));
  }

  /** A cache that may be read only is not written to for this alone, and nothing is said of it. */
  #touch(file: string): void {
    try {
      this.#place.touch(file);
    } catch {
      // Then this file counts as older than it is.
    }
  }

  #attempt<T>(what: 'read' | 'write', otherwise: T, work: () => T): T {
    if (!this.#can[what]) return otherwise;
    try {
      return work();
    } catch (error) {
      if (this.#can.read && this.#can.write) {
        const reason = systemReason(error);
        this.#onNotice(`Cannot ${what} the cache "${this.#settings.directory}": ${reason} (packing goes on without)`);
      }
      this.#can[what] = false;
      return otherwise;
    }
  }
}
