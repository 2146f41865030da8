import { type BytePath, fromUtf8, parentOf, toUtf8 } from '../../bytes/bytePath.js';
import { Refusal } from './refusal.js';

const TOP = fromUtf8('');

export type PlaceKind = 'file' | 'directory' | 'symbolic link';

/** Something that this run has put below the target. */
export interface Place {
  readonly path: BytePath;
  readonly kind: PlaceKind;
  /** Of a file: whose content it has; null until it has. */
  source: Source | null;
}

/** The content of a regular file of the archive, which hard links may ask for. */
export interface Source {
  /** A place that has it; null while, or since, there is none. */
  place: Place | null;
  /** Offset and bytes of the content in the tar. */
  readonly contentOffset: number;
  readonly size: number;
}

/**
 * What this run has put where. A place keeps its kind: a later entry may give a file or a link once more, as tars that
 * were appended to do, but not put a link where a directory was, or anything below a link or a file.
 *
 * Where names that differ in case or in Unicode normalisation alone are one name (`isFolding`), the second of them is
 * refused, in directories too. Elsewhere they are different names, and kernel trees have such: `xt_CONNMARK.h` beside
 * `xt_connmark.h`.
 */
export class Places {
  readonly #places = new Map<BytePath, Place>([[TOP, { path: TOP, kind: 'directory', source: null }]]);
  readonly #folded = new Map<string, BytePath>();
  readonly #isFolding: boolean;
  /** The latest directory that something lies in, which the next one most often does, too. */
  #latest = TOP;

  constructor(isFolding: boolean) {
    this.#isFolding = isFolding;
  }

  /**
   * Takes a place, and those of the directories above it.
   *
   * @throws Refusal when an earlier entry is in the way
   */
  take(path: BytePath, kind: PlaceKind): Place {
    const earlier = this.#places.get(path);
    if (earlier?.kind === kind) return earlier;
    if (earlier !== undefined) throw new Refusal(`an earlier entry made a ${earlier.kind} of it`);
    const parent = parentOf(path);
    if (parent !== this.#latest) {
      this.#takeParent(parent);
      this.#latest = parent;
    }
    if (this.#isFolding) this.#fold(path);
    const place: Place = { path, kind, source: null };
    this.#places.set(path, place);
    return place;
  }

  #takeParent(parent: BytePath): void {
    const earlier = this.#places.get(parent);
    if (earlier === undefined) this.take(parent, 'directory');
    else if (earlier.kind !== 'directory') {
      throw new Refusal(`it lies below what an earlier entry made a ${earlier.kind}`);
    }
  }

  #fold(path: BytePath): void {
    const key = foldedName(path);
    const earlier = this.#folded.get(key);
    if (earlier !== undefined && earlier !== path) {
      throw new Refusal('its name and that of an earlier entry are the same where case or normalisation do not count');
    }
    this.#folded.set(key, path);
  }
}

/**
 * A name as a file system that does not tell case or normalisation apart may see it. They differ in the rules; this
 * takes more names for the same than any of them: compatibility decomposition, upper and lower case, nothing that is
 * ignorable (HFS+ passes over zero-width characters).
 */
function foldedName(path: BytePath): string {
  const text = toUtf8(path);
  if (text === undefined) return path.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD');
}
