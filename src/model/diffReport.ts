/**
 * How two archives differ, in layers from cause to effect. `diff --json` prints it as it is; within one `schema` number,
 * fields are only added. Names are printable text.
 */
export interface DiffReport {
  readonly schema: 'kheaders-pack/diff/1';
  readonly a: ComparedArchive;
  readonly b: ComparedArchive;
  readonly verdict: 'same' | 'other compression' | 'other tar';
  /** What the differences come from, the likeliest first. Empty when the archives are the same. */
  readonly causes: readonly Cause[];
  readonly settings: readonly SettingChange[];
  readonly container: ContainerDifference;
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** The same, with a directory of which the other has nothing standing for what is in it. */
  readonly gatheredA: readonly OnlyInOne[];
  readonly gatheredB: readonly OnlyInOne[];
  /** Fields of entry headers, by field and the two values. */
  readonly fields: readonly FieldDifference[];
  readonly order: OrderDifference | null;
  readonly contents: ContentsDifference;
}

export interface ComparedArchive {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly tar: { readonly size: number; readonly sha256: string };
  readonly blocks: number;
  readonly entries: number;
  /** Where its settings are known from. */
  readonly settingsFrom: 'manifest' | 'archive';
}

/** An entry, and how many it stands for that lie below it; `again` where the other archive has one of its name, and fewer. */
export interface OnlyInOne {
  readonly path: string;
  readonly below: number;
  readonly again: boolean;
}

/** `layer` is where it shows; `text` says what it is, on one line. */
export interface Cause {
  readonly layer: 'settings' | 'contents' | 'entries' | 'metadata' | 'order' | 'compression';
  readonly text: string;
}

export interface SettingChange {
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

export interface ContainerDifference {
  readonly changes: readonly SettingChange[];
  /** Blocks, counted from 1, whose bytes the other archive has nowhere. */
  readonly blocksOnlyInA: readonly number[];
  readonly blocksOnlyInB: readonly number[];
}

export interface FieldDifference {
  readonly field: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** The first entry that differs so. */
  readonly example: string;
}

export interface OrderDifference {
  /** Entries that would have to move. */
  readonly moved: number;
  readonly orderA: string;
  readonly orderB: string;
  /** What stands at the first place that differs. */
  readonly firstA: string;
  readonly firstB: string;
}

export interface ContentsDifference {
  readonly changed: number;
  /** How many of them were looked into; of the rest it is only known that they differ. */
  readonly lookedInto: number;
  readonly files: readonly ContentDifference[];
}

export interface ContentDifference {
  readonly path: string;
  readonly sizeA: number;
  readonly sizeB: number;
  /** What changed, or null where it was not looked into. */
  readonly kind: 'binary' | 'white space' | 'comments' | 'code' | null;
  /** A unified diff, or null where none is shown. */
  readonly diff: readonly string[] | null;
  /** Why none is, or null where one is. */
  readonly notShown: NotShown | null;
  /** Lines of it that were left out. */
  readonly linesLeft: number;
}

/** That it is no text, beyond `--limit`, or beyond a bound that no option moves (`archive/diff/bounds.ts`). */
export type NotShown = 'binary' | 'limit' | 'file size' | 'files' | 'total size' | 'changed lines';
