import type { BytePath } from '../bytes/bytePath.js';
import type { Digested, KernelFile, SelectedRegular } from '../model/plan.js';
import { memberPath } from '../plan/order.js';
import { isRacy, lastChange } from '../tree/stamp.js';

/** A regular file that was selected, with its kernel's name. */
export type StatedFile = KernelFile & { readonly file: SelectedRegular };

/** The same with what was found in it. */
export type DigestedFile = StatedFile & { readonly digested: Digested };

/**
 * What an earlier pack found in files, for as long as their stamps stay the same.
 *
 * It is kept as text: for each file six fields, all separated by NUL: its path in the archive, its stamp, its bytes on
 * disk, its bytes after stripping, the digest of these, and that of the bytes on disk, which is empty unless the pack that
 * read the file was to have a manifest. The files stand in the order in which they were found, and a pack that finds them
 * in the same order goes through the fields once.
 */
const FIELDS = 6;
/** To be raised with every change of the above: it is part of an index's name. */
export const STAT_INDEX_VERSION = 2;
/** No path, number or digest holds it. */
const FIELD_END = '\0';
/** Files whose fields are written together. */
const FILES_PER_PIECE = 512;
// Fields of a file, in order.
const PATH = 0;
const STAMP = 1;
const RAW_SIZE = 2;
const SIZE = 3;
const DIGEST = 4;
const RAW_DIGEST = 5;

const SHA256 = /^[0-9a-f]{64}$/;

/** The stamp of a file that had just changed. */
const UNSETTLED = '';

export class StatIndex {
  readonly id: string;
  /** Files in it. */
  readonly count: number;
  readonly #fields: readonly string[];
  /** The field that the next file begins at, if it is the one that stood there last time. */
  #next = 0;
  #byPath: Map<string, number> | null = null;

  /** @param id names this very index */
  constructor(id: string, bytes: Buffer) {
    this.id = id;
    this.#fields = bytes.toString('latin1').split(FIELD_END);
    this.count = Math.floor(this.#fields.length / FIELDS);
  }

  static readonly empty = new StatIndex('', Buffer.alloc(0));

  /** Whether every file of it can be known; else some had just changed. */
  get isSettled(): boolean {
    return !this.#fields.some((field, at) => at % FIELDS === STAMP && field === UNSETTLED);
  }

  /** Whether it knows a file's digest on disk. */
  get hasRawDigests(): boolean {
    return this.#fields.some((field, at) => at % FIELDS === RAW_DIGEST && field !== '');
  }

  /** What the file held; null where the index does not know it, or the file has changed since. */
  lookUp({ kernel, file }: StatedFile): Digested | null {
    const at = this.#find(memberPath(kernel, file.path));
    if (at === null || this.#fields[at + STAMP] !== file.stamp) return null;
    return this.#digestedAt(at);
  }

  /** What the file held when it was last read, whatever its stamp is now. */
  earlier({ kernel, file }: StatedFile): Digested | null {
    const at = this.#find(memberPath(kernel, file.path));
    return at === null ? null : this.#digestedAt(at);
  }

  #digestedAt(at: number): Digested {
    const rawDigest = this.#fields[at + RAW_DIGEST] ?? '';
    return {
      rawSize: Number(this.#fields[at + RAW_SIZE]),
      size: Number(this.#fields[at + SIZE]),
      digest: this.#fields[at + DIGEST] ?? '',
      rawDigest: SHA256.test(rawDigest) ? rawDigest : null,
    };
  }

  #find(path: BytePath): number | null {
    let at: number | undefined = this.#next;
    if (this.#fields[at + PATH] !== path) {
      this.#byPath ??= this.#map();
      at = this.#byPath.get(path);
      if (at === undefined) return null;
    }
    this.#next = at + FIELDS;
    return at;
  }

  #map(): Map<string, number> {
    const map = new Map<string, number>();
    for (let at = 0; at + FIELDS <= this.#fields.length; at += FIELDS) map.set(this.#fields[at + PATH] ?? '', at);
    return map;
  }
}

/**
 * The index of files as they were read, in pieces: in one it would be as large as all that is known of the files. Those that
 * had changed right before get a stamp that no file has, so that they are read again: a later change could have left them
 * the same.
 *
 * @param taken when the first stamp was taken or earlier, in milliseconds since 1970
 */
export function* indexPieces(files: readonly DigestedFile[], taken: number): Generator<Buffer, void, undefined> {
  for (let at = 0; at < files.length; at += FILES_PER_PIECE) {
    const fields = files.slice(at, at + FILES_PER_PIECE).map(file => fieldsOf(file, taken).join(FIELD_END));
    yield Buffer.from(`${at === 0 ? '' : FIELD_END}${fields.join(FIELD_END)}`, 'latin1');
  }
}

function fieldsOf({ kernel, file, digested }: DigestedFile, taken: number): (string | number)[] {
  const stamp = isRacyFile(file, taken) ? UNSETTLED : file.stamp;
  const { rawSize, size, digest, rawDigest } = digested;
  return [memberPath(kernel, file.path), stamp, rawSize, size, digest, rawDigest ?? ''];
}

/** Whether an index of these files will be settled (see `StatIndex`). */
export function areSettled(files: readonly StatedFile[], taken: number): boolean {
  return !files.some(({ file }) => isRacyFile(file, taken));
}

function isRacyFile({ stamp }: SelectedRegular, taken: number): boolean {
  return isRacy(lastChange(stamp), taken);
}
