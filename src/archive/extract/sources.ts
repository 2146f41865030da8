import type { BytePath } from '../../bytes/bytePath.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { plainName } from '../reading/memberName.js';
import { Refusal } from './refusal.js';

/** The content of a regular file of the archive, which hard links may ask for. */
export interface Source {
  /** Where it was extracted to; null while it was not. */
  path: BytePath | null;
  /** Offset and bytes of the content in the tar. */
  readonly contentOffset: number;
  readonly size: number;
}

/** The regular files of an archive by their members' names, as far as it has been read. */
export class Sources {
  readonly #sources = new Map<BytePath, Source>();

  /** A regular file, which a later one of the same name replaces. */
  add(entry: TarEntry, path: BytePath | null): void {
    this.#sources.set(plainName(entry.name), { path, contentOffset: entry.contentOffset, size: entry.size });
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
}
