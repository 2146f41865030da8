import type { BytePath } from '../../bytes/bytePath.js';
import { largestOf } from '../../bytes/largest.js';
import { KheadersPackError } from '../../errors.js';
import type { Manifest, ManifestEntry } from '../../model/manifest.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { entryHeaderSize } from '../../tar/entryHeader.js';
import { entryPath, entryTarget } from '../manifest/paths.js';
import { OrderedSearch } from './findByOrder.js';
import { plainName } from './memberName.js';
import { type Member, MemberReader, type Members, targetNames } from './members.js';
import { isBelow } from './noMember.js';
import type { OpenArchive } from './open.js';

/** Finds members of an archive that is a file. */
export interface MemberFinder {
  /** The first members of these plain names, as far as there are any. */
  find(names: ReadonlySet<BytePath>): Promise<Members>;
  /** What hard links lead to, as far as it is there. */
  targets(links: readonly TarEntry[]): Promise<ReadonlyMap<TarEntry, Member>>;
  /** The members that have a name with directories before it, which `find` has not found. */
  below(name: BytePath): readonly BytePath[];
}

/** What is asked of a manifest, and where it was read. */
export type Listed = Pick<Manifest, 'entries'> & { readonly path: string };

/** @param listed by the archive's manifest, or null */
export function findMembers(archive: OpenArchive, listed: Listed | null): MemberFinder {
  return listed === null ? new SearchingFinder(archive) : new ManifestFinder(archive, listed);
}

/** Searches by the order of the Blocks, and for what that does not find, from the archive's start. */
class SearchingFinder implements MemberFinder {
  readonly #reader: MemberReader;
  readonly #search: OrderedSearch;
  /** The others' names that went by in searches from the start: all of them, once a search has found nothing. */
  readonly #seen = new Set<BytePath>();

  constructor(archive: OpenArchive) {
    this.#reader = new MemberReader(archive);
    this.#search = new OrderedSearch(archive, this.#reader);
  }

  async find(names: ReadonlySet<BytePath>): Promise<Members> {
    const found = await this.#search.find(names);
    const left = new Set([...names].filter(name => !found.has(name)));
    if (left.size === 0) return found;
    const others = await this.#reader.inAll({
      names: left,
      looksOn: (_, name) => {
        this.#seen.add(name);
        return true;
      },
    });
    return new Map([...found, ...others]);
  }

  /** In an archive that is sorted they are found by their names; in another the name may be there again. */
  async targets(links: readonly TarEntry[]): Promise<ReadonlyMap<TarEntry, Member>> {
    const targets = before(links, await this.#search.find(targetNames(links)));
    const others = links.filter(link => !targets.has(link));
    if (others.length === 0) return targets;
    return new Map([...targets, ...(await this.#reader.targets(others))]);
  }

  below(name: BytePath): readonly BytePath[] {
    return [...this.#seen].filter(each => isBelow(each, name));
  }
}

/** Takes a manifest's word for where a member is, and the archive's for what it is. */
class ManifestFinder implements MemberFinder {
  readonly #archive: OpenArchive;
  readonly #manifest: string;
  readonly #entries: ReadonlyMap<BytePath, ManifestEntry>;
  readonly #reader: MemberReader;

  constructor(archive: OpenArchive, { path, entries }: Listed) {
    this.#archive = archive;
    this.#manifest = path;
    this.#entries = new Map(entries.map(entry => [plainName(entryPath(entry)), entry]));
    this.#reader = new MemberReader(archive);
  }

  /** A manifest has each name once. */
  async targets(links: readonly TarEntry[]): Promise<ReadonlyMap<TarEntry, Member>> {
    return before(links, await this.find(targetNames(links)));
  }

  below(name: BytePath): readonly BytePath[] {
    return [...this.#entries.keys()].filter(each => isBelow(each, name));
  }

  async find(names: ReadonlySet<BytePath>): Promise<Members> {
    const byBlock = new Map<number, Map<BytePath, ManifestEntry>>();
    for (const name of names) {
      const listed = this.#entries.get(name);
      if (listed === undefined) continue;
      const together = byBlock.get(listed.block) ?? new Map<BytePath, ManifestEntry>();
      byBlock.set(listed.block, together.set(name, listed));
    }
    const found = new Map<BytePath, Member>();
    for (const listed of byBlock.values()) {
      for (const [name, member] of await this.#findListed(listed)) found.set(name, member);
    }
    return found;
  }

  /** Members that begin in one Block. */
  async #findListed(listed: ReadonlyMap<BytePath, ManifestEntry>): Promise<Members> {
    const entries = [...listed.values()].sort((a, b) => a.offset - b.offset);
    const wanted = { names: new Set(listed.keys()), looksOn: () => true };
    const members = await this.#reader.inRange(entries[0]?.offset ?? 0, largestOf(entries.map(endOf)), wanted);
    for (const [name, { path, offset }] of listed) {
      if (members.get(name)?.entry.offset === offset) continue;
      const reason = `"${this.#archive.name}" has no "${path}" at byte ${offset} of its tar`;
      throw new KheadersPackError('E_MANIFEST', { path: this.#manifest, reason });
    }
    return members;
  }
}

/** Those that the links lead to and that come before them. */
function before(links: readonly TarEntry[], found: Members): Map<TarEntry, Member> {
  const targets = new Map<TarEntry, Member>();
  for (const link of links) {
    const target = found.get(plainName(link.linkname));
    if (target !== undefined && target.entry.offset < link.offset) targets.set(link, target);
  }
  return targets;
}

/** The offset behind an entry's content. */
function endOf(entry: ManifestEntry): number {
  return entry.offset + entryHeaderSize({ name: entryPath(entry), linkname: entryTarget(entry) }) + entry.size;
}
