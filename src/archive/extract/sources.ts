import type { BytePath } from '../../bytes/bytePath.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { plainName } from '../reading/memberName.js';
import { Refusal } from './refusal.js';

/** The content of a regular file of the archive, which hard links may ask for. */
export interface Source {
  /** A place of the target that has it; null while, or since, there is none. */
  place: BytePath | null;
  /** Offset and bytes of the content in the tar. */
  readonly contentOffset: number;
  readonly size: number;
}

/** The regular files of an archive by their members' names, as far as it has been read, and where they were extracted to. */
export class Sources {
  readonly #sources = new Map<BytePath, Source>();
  /** What lies where in the target. */
  readonly #placed = new Map<BytePath, Source>();
  /** The places of a source beside its first. */
  readonly #others = new Map<Source, Set<BytePath>>();

  /** A regular file, which a later one of the same name replaces. */
  add(entry: TarEntry): Source {
    const source = { place: null, contentOffset: entry.contentOffset, size: entry.size };
    this.#sources.set(plainName(entry.name), source);
    return source;
  }

  has(name: BytePath): boolean {
    return this.#sources.has(plainName(name));
  }

  /**
   * What a hard link leads to. Its own name leads there as well from then on.
   *
   * @throws Refusal where that is no regular file that came before it
   */
  follow(link: TarEntry): Source {
    const source = this.#sources.get(plainName(link.linkname));
    if (source === undefined) throw new Refusal('a hard link to what is no regular file before it in the archive');
    this.#sources.set(plainName(link.name), source);
    return source;
  }

  /** A place of the target has this content now, and no longer what was there before. */
  place(source: Source, path: BytePath): void {
    const before = this.#placed.get(path);
    if (before === source) return;
    if (before !== undefined) this.#displace(before, path);
    this.#placed.set(path, source);
    if (source.place === null) source.place = path;
    else {
      const others = this.#others.get(source) ?? new Set();
      this.#others.set(source, others.add(path));
    }
  }

  #displace(source: Source, path: BytePath): void {
    const others = this.#others.get(source) ?? new Set();
    if (source.place !== path) {
      others.delete(path);
      return;
    }
    [source.place = null] = others;
    if (source.place !== null) others.delete(source.place);
  }
}
