import type { BytePath } from '../../bytes/bytePath.js';
import { largestOf } from '../../bytes/largest.js';
import { KheadersPackError } from '../../errors.js';
import type { TarEntry } from '../../model/tarEntry.js';
import type { MemberContent } from '../../tar/memberContent.js';
import { readTar, type TarMember } from '../../tar/readTar.js';
import { plainName } from './memberName.js';
import type { OpenArchive } from './open.js';
import { containerOf, endOfBlock } from './wholeBlocks.js';

/** Bytes of contents that are held at most, for one run: more are read once more when it is their turn. */
const HELD_MAX = 2 ** 25;

/** A member that was found. */
export interface Member {
  readonly entry: TarEntry;
  /** All of it, where it was held when it went by; null where it has to be read. */
  readonly content: Uint8Array | null;
}

/** Members by their plain names. */
export type Members = ReadonlyMap<BytePath, Member>;

/** What is looked for in a part of an archive. */
export interface Wanted {
  /** Plain names. */
  readonly names: ReadonlySet<BytePath>;
  /** Told of each entry before the last of them that is none of them. @returns whether one of them may follow */
  looksOn(other: TarEntry, plainName: BytePath): boolean;
}

/**
 * Finds members where they are, and holds their contents, so that a Block is decoded once for both. What it gives has been
 * checked: Blocks are read to their ends.
 */
export class MemberReader {
  readonly #archive: OpenArchive;
  #room = HELD_MAX;

  /** @param archive a file */
  constructor(archive: OpenArchive) {
    this.#archive = archive;
  }

  /**
   * The first members of the names in the whole archive, as far as there are any.
   *
   * @throws KheadersPackError `E_BAD_TAR`, where they are not all found before
   */
  inAll(wanted: Wanted): Promise<Members> {
    return this.#find(0, containerOf(this.#archive).uncompressedSize, wanted, error => {
      throw error;
    });
  }

  /**
   * The first members of the names in uncompressed bytes from..to (exclusive), as far as there are any. None where the bytes
   * do not begin with an entry; they may end inside one.
   */
  inRange(from: number, to: number, wanted: Wanted): Promise<Members> {
    return this.#find(from, to, wanted, ignoreBadTar);
  }

  /**
   * What hard links lead to, as who extracts finds it: of the members of the target's name the last before the link.
   *
   * @throws KheadersPackError `E_BAD_TAR`
   */
  async targets(links: readonly TarEntry[]): Promise<ReadonlyMap<TarEntry, Member>> {
    const names = targetNames(links);
    const left = new Map(links.map(link => [link.offset, link]));
    const end = largestOf(links.map(({ contentOffset }) => contentOffset));
    const latest = new Map<BytePath, Member>();
    const targets = new Map<TarEntry, Member>();
    const bytes = this.#archive.readRange(0, endOfBlock(containerOf(this.#archive), end));
    try {
      for await (const { entry, content } of readTar(leftOpen(bytes, { to: 0 }), this.#archive.name)) {
        const link = left.get(entry.offset);
        const target = link && latest.get(plainName(link.linkname));
        if (link !== undefined && target !== undefined) targets.set(link, target);
        left.delete(entry.offset);
        if (left.size === 0) break;
        const name = plainName(entry.name);
        if (!names.has(name)) continue;
        this.#room += latest.get(name)?.content?.length ?? 0;
        latest.set(name, { entry, content: await this.#hold(entry, content) });
      }
      // Behind the last byte of a Block its Check is compared.
      while ((await bytes.next()).done !== true);
    } finally {
      await bytes.return();
    }
    return targets;
  }

  /** The entry that uncompressed bytes from..to (exclusive) begin with, or null. Nothing is checked. */
  async firstEntry(from: number, to: number): Promise<TarEntry | null> {
    try {
      const bytes = this.#archive.readRange(from, to);
      for await (const { entry } of readTar(bytes, this.#archive.name, from)) return entry;
    } catch (error) {
      ignoreBadTar(error);
    }
    return null;
  }

  async #find(from: number, to: number, wanted: Wanted, onError: (error: unknown) => void): Promise<Members> {
    const container = containerOf(this.#archive);
    const found = new Map<BytePath, Member>();
    // Behind the last byte of a Block its Check is compared.
    const bytes = this.#archive.readRange(from, endOfBlock(container, to));
    const read = { to: from };
    try {
      await this.#look(readTar(leftOpen(bytes, read), this.#archive.name, from), to, wanted, found).catch(onError);
      const end = endOfBlock(container, endOfRead([...found.values()].at(-1)) ?? from);
      for await (const piece of leftOpen(bytes, read)) if (read.to - piece.length >= end) break;
    } finally {
      await bytes.return();
    }
    return found;
  }

  async #look(
    tar: AsyncIterable<TarMember>,
    to: number,
    { names, looksOn }: Wanted,
    found: Map<BytePath, Member>,
  ): Promise<void> {
    for await (const { entry, content } of tar) {
      const name = plainName(entry.name);
      if (names.has(name) && !found.has(name)) {
        const isWhole = entry.contentOffset + entry.size <= to;
        found.set(name, { entry, content: isWhole ? await this.#hold(entry, content) : null });
        if (found.size === names.size) return;
      } else if (!looksOn(entry, name)) return;
    }
  }

  async #hold({ size }: TarEntry, content: MemberContent): Promise<Uint8Array | null> {
    if (size > this.#room) return null;
    this.#room -= size;
    const held = new Uint8Array(size);
    let at = 0;
    for await (const piece of content) {
      held.set(piece, at);
      at += piece.length;
    }
    return held;
  }
}

/** Plain names of what hard links lead to. */
export function targetNames(links: readonly TarEntry[]): Set<BytePath> {
  return new Set(links.map(({ linkname }) => plainName(linkname)));
}

/** The offset behind what was read of a member. */
function endOfRead(member: Member | undefined): number | undefined {
  return member && member.entry.contentOffset + (member.content?.length ?? 0);
}

/** For bytes that may be no tar, or a part of one. */
function ignoreBadTar(error: unknown): void {
  if (!(error instanceof KheadersPackError && error.code === 'E_BAD_TAR')) throw error;
}

/** The bytes, for whoever may stop and let another read on. @param read told how far they have been read */
async function* leftOpen(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  read: { to: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) {
    read.to += next.value.length;
    yield next.value;
  }
}
