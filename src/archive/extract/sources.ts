import type { BytePath } from '../../bytes/bytePath.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { plainName } from '../reading/memberName.js';
import type { Place, Source } from './places.js';
import { Refusal } from './refusal.js';

/** The target of a symbolic link of the archive, which hard links to it may ask for. */
interface LinkTarget {
  readonly linkname: BytePath;
}

/**
 * The regular files and the symbolic links of an archive by their members' names, as far as it has been read, and where the
 * files were extracted to.
 */
export class Sources {
  readonly #sources = new Map<BytePath, Source | LinkTarget>();
  /** The places of a source beside its first. */
  readonly #others = new Map<Source, Set<Place>>();

  /** A regular file, which a later one of the same name replaces. */
  add(entry: TarEntry): Source {
    const source = { place: null, contentOffset: entry.contentOffset, size: entry.size };
    this.#sources.set(plainName(entry.name), source);
    return source;
  }

  /** A symbolic link, likewise. */
  addLink({ name, linkname }: TarEntry): void {
    this.#sources.set(plainName(name), { linkname });
  }

  /** Of this name there is something else now. */
  forget(name: BytePath): void {
    this.#sources.delete(plainName(name));
  }

  has(name: BytePath): boolean {
    return this.#sources.has(plainName(name));
  }

  /**
   * A hard link to a symbolic link as the symbolic link that it is another name of; every other entry as it is. So it is
   * judged as one of its own name: from another directory the same target may lead out.
   */
  resolved(entry: TarEntry): TarEntry {
    if (entry.typeflag !== '1') return entry;
    const source = this.#sources.get(plainName(entry.linkname));
    if (source === undefined || !('linkname' in source)) return entry;
    return { ...entry, typeflag: '2', linkname: source.linkname };
  }

  /**
   * What a hard link leads to. Its own name leads there as well from then on.
   *
   * @throws Refusal where that is no regular file that came before it
   */
  follow(link: TarEntry): Source {
    const source = this.#sources.get(plainName(link.linkname));
    if (source === undefined || 'linkname' in source) {
      throw new Refusal('a hard link to what is no regular file or symbolic link before it in the archive');
    }
    this.#sources.set(plainName(link.name), source);
    return source;
  }

  /** A place of the target has this content now, and no longer what was there before. */
  place(source: Source, place: Place): void {
    const before = place.source;
    if (before === source) return;
    if (before !== null) this.#displace(before, place);
    place.source = source;
    if (source.place === null) source.place = place;
    else {
      const others = this.#others.get(source) ?? new Set();
      this.#others.set(source, others.add(place));
    }
  }

  #displace(source: Source, place: Place): void {
    const others = this.#others.get(source) ?? new Set();
    if (source.place !== place) {
      others.delete(place);
      return;
    }
    [source.place = null] = others;
    if (source.place !== null) others.delete(source.place);
  }
}
