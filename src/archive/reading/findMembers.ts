import type { BytePath } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { ManifestEntry } from '../../model/manifest.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { entryHeaderSize } from '../../tar/entryHeader.js';
import { readTar } from '../../tar/readTar.js';
import { entryPath, entryTarget } from '../manifest/paths.js';
import { readManifest } from '../manifest/read.js';
import { OrderedSearch } from './findByOrder.js';
import { plainName } from './memberName.js';
import { isBelow } from './noMember.js';
import type { OpenArchive } from './open.js';
import { findEntry } from './wholeBlocks.js';

/** Finds members of an archive that is a file. */
export interface MemberFinder {
  /** The first member of a name, or null. */
  find(name: BytePath): Promise<TarEntry | null>;
  /** The members that have the name with directories before it. */
  findBelow(name: BytePath): Promise<BytePath[]>;
}

/** @param manifest the path of the archive's manifest, or null */
export async function findMembers(archive: OpenArchive, manifest: string | null): Promise<MemberFinder> {
  return manifest === null ? new SearchingFinder(archive) : ManifestFinder.read(archive, manifest);
}

/** Searches by the order of the Blocks, and where that finds nothing, reads everything once. */
class SearchingFinder implements MemberFinder {
  readonly #archive: OpenArchive;
  readonly #search: OrderedSearch;
  #all: Map<BytePath, TarEntry> | null = null;

  constructor(archive: OpenArchive) {
    this.#archive = archive;
    this.#search = new OrderedSearch(archive);
  }

  async find(name: BytePath): Promise<TarEntry | null> {
    if (this.#all === null) {
      const found = await this.#search.find(name);
      if (found !== null) return found;
    }
    this.#all ??= await this.#readAll();
    return this.#all.get(name) ?? null;
  }

  async findBelow(name: BytePath): Promise<BytePath[]> {
    this.#all ??= await this.#readAll();
    return [...this.#all.keys()].filter(each => isBelow(each, name));
  }

  async #readAll(): Promise<Map<BytePath, TarEntry>> {
    const all = new Map<BytePath, TarEntry>();
    for await (const { entry } of readTar(this.#archive.pass(), this.#archive.name)) {
      const name = plainName(entry.name);
      if (!all.has(name)) all.set(name, entry);
    }
    return all;
  }
}

/** Takes a manifest's word for where a member is, and the archive's for what it is. */
class ManifestFinder implements MemberFinder {
  readonly #archive: OpenArchive;
  readonly #manifest: string;
  readonly #entries: ReadonlyMap<BytePath, ManifestEntry>;

  private constructor(archive: OpenArchive, manifest: string, entries: readonly ManifestEntry[]) {
    this.#archive = archive;
    this.#manifest = manifest;
    this.#entries = new Map(entries.map(entry => [plainName(entryPath(entry)), entry]));
  }

  static async read(archive: OpenArchive, manifest: string): Promise<ManifestFinder> {
    const { entries } = await readManifest(manifest);
    return new ManifestFinder(archive, manifest, entries);
  }

  async findBelow(name: BytePath): Promise<BytePath[]> {
    return [...this.#entries.keys()].filter(each => isBelow(each, name));
  }

  async find(name: BytePath): Promise<TarEntry | null> {
    const listed = this.#entries.get(name);
    if (listed === undefined) return null;
    const { offset } = listed;
    const headers = entryHeaderSize({ name: entryPath(listed), linkname: entryTarget(listed) });
    const entry = await this.#entryAt(offset, offset + headers);
    if (entry !== null && plainName(entry.name) === name) return entry;
    const reason = `"${this.#archive.name}" has no "${listed.path}" at byte ${offset} of its tar`;
    throw new KheadersPackError('E_MANIFEST', { path: this.#manifest, reason });
  }

  #entryAt(from: number, to: number): Promise<TarEntry | null> {
    return findEntry(this.#archive, from, to, () => true);
  }
}
