import { type BytePath, printable } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { ExtractSettings, WrittenKind } from '../../model/extract.js';
import type { TarEntry } from '../../model/tarEntry.js';
import { kindOf } from '../../tar/kinds.js';
import type { MemberContent } from '../../tar/memberContent.js';
import type { TarMember } from '../../tar/readTar.js';
import { writtenKindOf } from './entryKinds.js';
import { type Place, type PlaceKind, Places, type Source } from './places.js';
import { Refusal } from './refusal.js';
import { requireLinkInside, requireTarget } from './safePath.js';
import { Selection } from './selection.js';
import { Sources } from './sources.js';
import type { Target } from './target.js';

/** A hard link whose content lies in a member that is not extracted: it becomes a file with that content. */
export interface Copy {
  readonly entry: TarEntry;
  readonly place: Place;
  readonly source: Source;
}

/** Puts the entries of one archive into the target, one after the other. */
export class Extraction {
  /** What is left to do when all entries have passed. */
  readonly copies = new Map<Place, Copy>();
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
  take(member: TarMember): Promise<void> | null {
    const { content } = member;
    const entry = this.#sources.resolved(member.entry);
    try {
      const name = this.selection.wantedName(entry.name);
      if (name !== null && kindOf(entry) === 'label') this.#passOverLabel(entry);
      else {
        const path = name === null ? null : this.selection.placeOf(name);
        if (path === null) this.#passOver(entry);
        else {
          const kind = writtenKindOf(entry);
          const place = this.#takePlace(kind, path);
          if (kind === 'regular') return this.#takeFile(entry, place, content);
          this.#make(kind, entry, place);
        }
      }
      return null;
    } catch (error) {
      throw this.#unsafe(entry, error);
    }
  }

  /** Makes the first of the copies of one source. */
  async copy(copy: Copy, content: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#target.fileOf(copy.place.path, copy.entry, content);
      this.#sources.place(copy.source, copy.place);
      this.#bytes += copy.source.size;
      this.#written('regular', copy.place.path);
    } catch (error) {
      throw this.#unsafe(copy.entry, error);
    }
  }

  /** Links one more copy to the first. */
  link({ entry, place }: Copy, first: Copy): void {
    try {
      this.#target.hardLink(place.path, first.place.path);
      this.#written('hardlink', place.path);
    } catch (error) {
      throw this.#unsafe(entry, error);
    }
  }

  /** Hard links may lead to what is not wanted itself. */
  #passOver(entry: TarEntry): void {
    switch (kindOf(entry)) {
      case 'regular':
        this.#sources.add(entry);
        break;
      case 'hardlink':
        // One that leads nowhere is of no consequence until something wanted leads to it.
        if (this.#sources.has(entry.linkname)) this.#sources.follow(entry);
        break;
      case 'symlink':
        this.#sources.addLink(entry);
        break;
      case 'label':
        // A label is no file, and replaces none.
        break;
      default:
        this.#sources.forget(entry.name);
    }
  }

  #passOverLabel(entry: TarEntry): void {
    this.#settings.reading.onNotice(`Passed over the label "${printable(entry.name)}", which is no file`);
  }

  #takePlace(kind: WrittenKind, path: BytePath): Place {
    if (path === '' && kind !== 'directory') throw new Refusal('its name is that of the target');
    const place = this.#places.take(path, PLACE_KINDS[kind]);
    // A later entry of the same name is what counts.
    this.copies.delete(place);
    return place;
  }

  /** Makes what has no content. */
  #make(kind: Exclude<WrittenKind, 'regular'>, entry: TarEntry, place: Place): void {
    const { path } = place;
    switch (kind) {
      case 'hardlink':
        if (this.#linkTo(entry, place)) break;
        return;
      case 'symlink':
        requireTarget(entry.linkname);
        if (!this.#settings.allowsOutsideLinks) requireLinkInside(path, entry.linkname);
        this.#target.symbolicLink(path, entry.linkname, entry.mtime);
        this.#sources.addLink(entry);
        break;
      case 'directory':
        this.#target.directory(path, entry);
        break;
    }
    this.#written(kind, path);
  }

  #takeFile(entry: TarEntry, place: Place, content: MemberContent): Promise<void> | null {
    const ready = content.ready();
    if (ready === null) return this.#fill(entry, place, content);
    this.#target.file(place.path, entry, ready);
    this.#filled(entry, place);
    return null;
  }

  async #fill(entry: TarEntry, place: Place, content: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#target.fileOf(place.path, entry, content);
    } catch (error) {
      throw this.#unsafe(entry, error);
    }
    this.#filled(entry, place);
  }

  #filled(entry: TarEntry, place: Place): void {
    this.#sources.place(this.#sources.add(entry), place);
    this.#bytes += entry.size;
    this.#written('regular', place.path);
  }

  /** False where the link has to wait for its content. */
  #linkTo(entry: TarEntry, place: Place): boolean {
    const source = this.#sources.follow(entry);
    const existing = source.place;
    if (existing === null) {
      if (!this.#canReadAgain) {
        const remedy = 'a pipe cannot be read twice: give the archive as a file';
        throw new Refusal(`a hard link to "${printable(entry.linkname)}", which is not extracted, and ${remedy}`);
      }
      this.copies.set(place, { entry, place, source });
      return false;
    }
    // A name may be archived twice; the second time it is a link to itself.
    if (existing !== place) this.#target.hardLink(place.path, existing.path);
    this.#sources.place(source, place);
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
} as const satisfies Record<WrittenKind, PlaceKind>;
