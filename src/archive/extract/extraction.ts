import { type BytePath, printable } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { ExtractSettings, WrittenKind } from '../../model/extract.js';
import type { TarEntry } from '../../model/tarEntry.js';
import type { MemberContent, TarMember } from '../../tar/readTar.js';
import { type EntryKind, kindOf } from './entryKinds.js';
import { Places } from './places.js';
import { Refusal } from './refusal.js';
import { requireLinkInside } from './safePath.js';
import { Selection } from './selection.js';
import { type Source, Sources } from './sources.js';
import type { Target } from './target.js';

/** A hard link whose content lies in a member that is not extracted: it becomes a file with that content. */
export interface Copy {
  readonly entry: TarEntry;
  readonly path: BytePath;
  readonly source: Source;
}

/** Puts the entries of one archive into the target, one after the other. */
export class Extraction {
  /** What is left to do when all entries have passed, by path. */
  readonly copies = new Map<BytePath, Copy>();
  readonly selection: Selection;
  readonly #settings: ExtractSettings;
  readonly #archiveName: string;
  readonly #canReadAgain: boolean;
  readonly #target: Target;
  readonly #places: Places;
  readonly #sources = new Sources();
  readonly #counts = { directory: 0, regular: 0, symlink: 0, hardlink: 0 };
  #bytes = 0;

  /**
   * @param canReadAgain whether the archive's bytes can be read once more, which copies need
   * @param isFolding whether names that differ in case or normalisation alone are one name
   */
  constructor(
    settings: ExtractSettings,
    archiveName: string,
    canReadAgain: boolean,
    target: Target,
    isFolding: boolean,
  ) {
    this.#settings = settings;
    this.#archiveName = archiveName;
    this.#canReadAgain = canReadAgain;
    this.#target = target;
    this.#places = new Places(isFolding);
    this.selection = new Selection(settings);
  }

  /** Entries written, by kind. */
  get counts(): Readonly<Record<WrittenKind, number>> {
    return this.#counts;
  }

  /** Bytes of content written. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes an entry; null where its content was there, so that nothing has to be waited for.
   *
   * @throws KheadersPackError `E_UNSAFE_ENTRY`, `E_WRITE` and what reading the content throws
   */
  take({ entry, content }: TarMember): Promise<void> | null {
    try {
      const path = this.selection.placeOf(entry.name);
      if (path === null) this.#passOver(entry);
      else {
        const kind = this.#takePlace(entry, path);
        if (kind === 'regular') return this.#takeFile(entry, path, content);
        this.#make(kind, entry, path);
      }
      return null;
    } catch (error) {
      throw this.#unsafe(entry, error);
    }
  }

  /** Makes the first of the copies of one source. */
  async copy(copy: Copy, content: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#target.fileOf(copy.path, copy.entry, content);
      this.#sources.place(copy.source, copy.path);
      this.#bytes += copy.source.size;
      this.#written('regular', copy.path);
    } catch (error) {
      throw this.#unsafe(copy.entry, error);
    }
  }

  /** Links one more copy to the first. */
  link(copy: Copy, first: BytePath): void {
    try {
      this.#target.hardLink(copy.path, first);
      this.#written('hardlink', copy.path);
    } catch (error) {
      throw this.#unsafe(copy.entry, error);
    }
  }

  /** Hard links may lead to what is not wanted itself. */
  #passOver(entry: TarEntry): void {
    if (entry.typeflag === '0' || entry.typeflag === '7') this.#sources.add(entry);
    // One that leads nowhere is of no consequence until something wanted leads to it.
    if (entry.typeflag === '1' && this.#sources.has(entry.linkname)) this.#sources.follow(entry);
  }

  #takePlace(entry: TarEntry, path: BytePath): EntryKind {
    const kind = kindOf(entry);
    if (path === '' && kind !== 'directory' && kind !== 'label') throw new Refusal('its name is that of the target');
    if (kind !== 'label') this.#places.take(path, PLACE_KINDS[kind]);
    // A later entry of the same name is what counts.
    this.copies.delete(path);
    return kind;
  }

  /** Makes what has no content. */
  #make(kind: Exclude<EntryKind, 'regular'>, entry: TarEntry, path: BytePath): void {
    switch (kind) {
      case 'hardlink':
        if (this.#linkTo(entry, path)) break;
        return;
      case 'symlink':
        if (!this.#settings.allowsOutsideLinks) requireLinkInside(path, entry.linkname);
        this.#target.symbolicLink(path, entry.linkname, entry.mtime);
        break;
      case 'directory':
        this.#target.directory(path, entry);
        break;
      case 'label':
        this.#settings.reading.onNotice(`Passed over the label "${printable(entry.name)}", which is no file`);
        return;
    }
    this.#written(kind, path);
  }

  #takeFile(entry: TarEntry, path: BytePath, content: MemberContent): Promise<void> | null {
    const ready = content.ready();
    if (ready === null) return this.#fill(entry, path, content);
    this.#target.file(path, entry, ready);
    this.#filled(entry, path);
    return null;
  }

  async #fill(entry: TarEntry, path: BytePath, content: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#target.fileOf(path, entry, content);
    } catch (error) {
      throw this.#unsafe(entry, error);
    }
    this.#filled(entry, path);
  }

  #filled(entry: TarEntry, path: BytePath): void {
    this.#sources.place(this.#sources.add(entry), path);
    this.#bytes += entry.size;
    this.#written('regular', path);
  }

  /** False where the link has to wait for its content. */
  #linkTo(entry: TarEntry, path: BytePath): boolean {
    const source = this.#sources.follow(entry);
    const existing = source.place;
    if (existing === null) {
      if (!this.#canReadAgain) {
        const remedy = 'a pipe cannot be read twice: give the archive as a file';
        throw new Refusal(`a hard link to "${printable(entry.linkname)}", which is not extracted, and ${remedy}`);
      }
      this.copies.set(path, { entry, path, source });
      return false;
    }
    // A name may be archived twice; the second time it is a link to itself.
    if (existing !== path) this.#target.hardLink(path, existing);
    this.#sources.place(source, path);
    return true;
  }

  #written(kind: WrittenKind, path: BytePath): void {
    this.#counts[kind]++;
    this.#settings.onWritten({ kind, path });
  }

  #unsafe(entry: TarEntry, error: unknown): unknown {
    if (!(error instanceof Refusal)) return error;
    const facts = { path: this.#archiveName, entry: printable(entry.name), reason: error.message };
    return new KheadersPackError('E_UNSAFE_ENTRY', facts, { cause: error });
  }
}

const PLACE_KINDS = {
  regular: 'file',
  hardlink: 'file',
  symlink: 'symbolic link',
  directory: 'directory',
} as const satisfies Partial<Record<EntryKind, string>>;
