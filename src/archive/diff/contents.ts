import { printable } from '../../bytes/bytePath.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { ContentDifference, ContentsDifference, NotShown } from '../../model/diffReport.js';
import type { StripMode } from '../../model/settings.js';
import type { EntryPair } from '../compare/entries.js';
import type { ArchiveInFile } from '../reading/indexArchive.js';
import { BOUNDS } from './bounds.js';
import { type ChangeKind, classifyChange, stripModeOf } from './classify.js';
import { fetchContents } from './fetch.js';
import { knownHeader, type MacroChange, macroChanges } from './knownHeaders.js';
import { unifiedDiff } from './unified.js';

const MIB = 2 ** 20;

/** What was found in the contents that differ. */
export interface ContentFindings {
  readonly difference: ContentsDifference;
  /** Files that were looked into, by what changed. */
  readonly kinds: ReadonlyMap<ChangeKind, readonly string[]>;
  /** Macros that differ in headers that a build makes, by the header's name. */
  readonly macros: ReadonlyMap<string, readonly MacroChange[]>;
  /** The strip mode that the headers looked into show, of each side. */
  readonly stripModes: { readonly a: StripMode; readonly b: StripMode };
}

/** Looks into contents that differ, the headers that a build makes first, and makes diffs of some. */
export async function findContents(
  archives: { readonly a: ArchiveInFile; readonly b: ArchiveInFile },
  pairs: readonly EntryPair[],
  shown: { readonly files: number; readonly lines: number },
): Promise<ContentFindings> {
  const { chosen, passedOver } = choose(pairs);
  const wanted = (side: 'holderA' | 'holderB'): IndexedEntry[] =>
    chosen.map(pair => pair[side]).filter(holder => holder !== null);
  const contentsA = await fetchContents(archives.a, wanted('holderA'));
  const contentsB = await fetchContents(archives.b, wanted('holderB'));
  const kinds = new Map<ChangeKind, string[]>();
  const macros = new Map<string, readonly MacroChange[]>();
  const headers: { a: Uint8Array[]; b: Uint8Array[] } = { a: [], b: [] };
  const looked = new Map<EntryPair, ContentDifference>();
  for (const pair of chosen) {
    const a = contentOf(pair.holderA, contentsA);
    const b = contentOf(pair.holderB, contentsB);
    const path = printable(pair.a.name);
    const isHeader = path.endsWith('.h');
    const kind = classifyChange(a, b, isHeader);
    kinds.set(kind, [...(kinds.get(kind) ?? []), path]);
    if (isHeader && kind !== 'binary') {
      headers.a.push(a);
      headers.b.push(b);
    }
    const known = knownHeader(pair.a.name);
    const changes = known === null ? [] : macroChanges(known, a, b);
    if (changes.length > 0) macros.set(path, changes);
    looked.set(pair, { ...sizesOf(pair), kind, ...diffOf(a, b, kind, looked.size < shown.files, shown.lines) });
  }
  const rest = [...passedOver].map(([pair, why]) => ({ ...sizesOf(pair), kind: null, ...withoutDiff(why) }));
  const files = [...looked.values(), ...rest];
  return {
    difference: { changed: pairs.length, lookedInto: looked.size, files },
    kinds,
    macros,
    stripModes: { a: stripModeOf(headers.a), b: stripModeOf(headers.b) },
  };
}

type Diff = Pick<ContentDifference, 'diff' | 'notShown' | 'linesLeft'>;

function diffOf(a: Uint8Array, b: Uint8Array, kind: ChangeKind, isWithinLimit: boolean, linesMax: number): Diff {
  if (kind === 'binary') return withoutDiff('binary');
  if (!isWithinLimit) return withoutDiff('limit');
  const diff = unifiedDiff(a, b, linesMax);
  if (diff === null) return withoutDiff('changed lines');
  return { diff: diff.lines, notShown: null, linesLeft: diff.left };
}

function withoutDiff(notShown: NotShown): Diff {
  return { diff: null, notShown, linesLeft: 0 };
}

/** Those to look into: known headers, then the others in order, as far as they are small enough. */
function choose(pairs: readonly EntryPair[]): { chosen: EntryPair[]; passedOver: Map<EntryPair, NotShown> } {
  const isKnown = (pair: EntryPair): boolean => knownHeader(pair.a.name) !== null;
  const ordered = [...pairs.filter(isKnown), ...pairs.filter(pair => !isKnown(pair))];
  const chosen: EntryPair[] = [];
  const passedOver = new Map<EntryPair, NotShown>();
  let total = 0;
  for (const pair of ordered) {
    const sizes = [pair.holderA?.size ?? 0, pair.holderB?.size ?? 0];
    const both = sizes.reduce((sum, size) => sum + size, 0);
    if (Math.max(...sizes) > BOUNDS.fileMiB * MIB) passedOver.set(pair, 'file size');
    else if (chosen.length >= BOUNDS.files) passedOver.set(pair, 'files');
    else if (total + both > BOUNDS.totalMiB * MIB) passedOver.set(pair, 'total size');
    else {
      chosen.push(pair);
      total += both;
    }
  }
  return { chosen, passedOver };
}

function contentOf(holder: IndexedEntry | null, contents: ReadonlyMap<IndexedEntry, Uint8Array>): Uint8Array {
  return (holder === null ? undefined : contents.get(holder)) ?? new Uint8Array(0);
}

function sizesOf(pair: EntryPair): Pick<ContentDifference, 'path' | 'sizeA' | 'sizeB'> {
  return { path: printable(pair.a.name), sizeA: pair.holderA?.size ?? 0, sizeB: pair.holderB?.size ?? 0 };
}
