import { stat } from 'node:fs/promises';
import { printable } from '../../bytes/bytePath.js';
import { KheadersPackError, systemCode } from '../../errors.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { ComparedArchive, DiffReport, OnlyInOne, SettingChange } from '../../model/diffReport.js';
import type { Manifest } from '../../model/manifest.js';
import { type DiffOptions, type DiffSettings, type DiffSide, resolveDiff } from '../../settings/diff.js';
import { gatherEnvironment } from '../../settings/environment.js';
import { compareEntries, type EntryComparison, stated } from '../compare/entries.js';
import { type Gathered, gathered } from '../compare/gathered.js';
import { inferSettings } from '../compare/infer.js';
import { settingChanges, viewOfIndex, viewOfManifest } from '../compare/settingsView.js';
import { readManifest } from '../manifest/read.js';
import { type ArchiveInFile, indexArchive, requireFile } from '../reading/indexArchive.js';
import { withArchive } from '../reading/open.js';
import { causesOf } from './causes.js';
import { compareContainers } from './container.js';
import { type ContentFindings, findContents } from './contents.js';
import { namedAlike } from './dots.js';
import { differentEnds } from './ends.js';

/**
 * Explains how two archives differ: what the command `kheaders-pack diff` does. Each is decoded from end to end once, the
 * second not at all where it is the first, byte for byte; then only what differs is. Memory grows with the entries, not with
 * what they hold.
 *
 * @throws KheadersPackError
 */
export async function diff(a: string, b: string, options: DiffOptions = {}): Promise<DiffReport> {
  const settings = resolveDiff(a, b, options, gatherEnvironment());
  return withFile(settings.a, archiveA =>
    withFile(settings.b, async archiveB => compare(archiveA, archiveB, settings)),
  );
}

function withFile<T>(side: DiffSide, work: (archive: ArchiveInFile) => Promise<T>): Promise<T> {
  return withArchive(side.reading, async archive => work(requireFile(archive)));
}

async function compare(archiveA: ArchiveInFile, archiveB: ArchiveInFile, settings: DiffSettings): Promise<DiffReport> {
  const a = await indexArchive(archiveA, settings.a.reading.memoryLimit, null);
  const b = await indexArchive(archiveB, settings.b.reading.memoryLimit, a);
  const [manifestA, manifestB] = [await manifestOf(settings.a, a), await manifestOf(settings.b, b)];
  const named = namedAlike(a.entries, b.entries);
  const entries = compareEntries(named.a, named.b);
  const contents = await findContents({ a: archiveA, b: archiveB }, entries.contents, {
    files: settings.filesShown,
    lines: settings.linesShown,
  });
  const container = compareContainers(a, b);
  const found = {
    verdict: verdictOf(a, b),
    settings: settingsOf(a, b, manifestA, manifestB, entries, contents),
    entries,
    contents,
    container,
    order: orderOf(a, b, entries),
    dotted: named.dotted,
    ends: differentEnds(a, b),
  } as const;
  return {
    schema: 'kheaders-pack/diff/1',
    a: described(a, manifestA),
    b: described(b, manifestB),
    verdict: found.verdict,
    causes: causesOf(found),
    settings: found.settings,
    container,
    onlyA: entries.onlyA.map(({ name }) => printable(name)),
    onlyB: entries.onlyB.map(({ name }) => printable(name)),
    gatheredA: gathered(entries.onlyA, named.b).map(onlyInOne(entries)),
    gatheredB: gathered(entries.onlyB, named.a).map(onlyInOne(entries)),
    fields: entries.fields.map(stated),
    order: found.order,
    contents: contents.difference,
  };
}

function onlyInOne({ again }: EntryComparison): (found: Gathered) => OnlyInOne {
  return ({ entry, below }) => ({ path: printable(entry.name), below, again: again.has(entry) });
}

function verdictOf(a: ArchiveIndex, b: ArchiveIndex): DiffReport['verdict'] {
  if (a.file.sha256 === b.file.sha256) return 'same';
  return a.tar.sha256 === b.tar.sha256 ? 'other compression' : 'other tar';
}

/** A manifest that was named has to be the archive's; one that lies beside it may be an older archive's. */
async function manifestOf(side: DiffSide, index: ArchiveIndex): Promise<Manifest | null> {
  const isIts = (manifest: Manifest): boolean => manifest.archive.sha256 === index.file.sha256;
  if (side.manifest !== null) {
    const manifest = await readManifest(side.manifest, side.reading.signal);
    if (isIts(manifest)) return manifest;
    const reason = `it is of another archive than "${index.name}"`;
    throw new KheadersPackError('E_MANIFEST', { path: side.manifest, reason });
  }
  const found = await stat(side.besideIt).catch(error => (systemCode(error) === 'ENOENT' ? undefined : null));
  if (found === undefined) return null;
  // Nobody named it: a FIFO would be waited for.
  if (found?.isFile() !== true) {
    side.reading.onNotice(`Passed over "${side.besideIt}": it is no regular file`);
    return null;
  }
  try {
    const manifest = await readManifest(side.besideIt, side.reading.signal);
    if (isIts(manifest)) return manifest;
    side.reading.onNotice(`Passed over "${side.besideIt}": it is of another archive`);
  } catch (error) {
    if (!(error instanceof KheadersPackError) || error.code === 'E_ABORTED') throw error;
    if (error.code === 'E_MANIFEST') side.reading.onNotice(`Passed over "${side.besideIt}": it is no manifest`);
  }
  return null;
}

/** Above this share of changed files, what changed them is looked for in the strip mode. */
const STRIP_SHARE = 0.25;

/** From the manifests where they are there; else as far as the archives show. */
function settingsOf(
  a: ArchiveIndex,
  b: ArchiveIndex,
  manifestA: Manifest | null,
  manifestB: Manifest | null,
  entries: EntryComparison,
  contents: ContentFindings,
): SettingChange[] {
  const viewA = manifestA === null ? viewOfIndex(a) : viewOfManifest(manifestA);
  const viewB = manifestB === null ? viewOfIndex(b) : viewOfManifest(manifestB);
  const changes = settingChanges(viewA, viewB);
  if (viewA.has('--strip') && viewB.has('--strip')) return changes;
  const { stripModes, difference } = contents;
  const isShown = difference.changed > 1 && difference.changed > STRIP_SHARE * entries.paired;
  const [from, to] = [viewA.get('--strip') ?? stripModes.a, viewB.get('--strip') ?? stripModes.b];
  return !isShown || from === to ? changes : [{ setting: '--strip', from, to }, ...changes];
}

function orderOf(a: ArchiveIndex, b: ArchiveIndex, { order }: EntryComparison): DiffReport['order'] {
  if (order === null) return null;
  const nameOf = (index: ArchiveIndex): string => inferSettings(index).order ?? 'none of ours';
  const { a: firstA, b: firstB } = order.first;
  const first = { firstA: printable(firstA), firstB: printable(firstB) };
  return { moved: order.moved, orderA: nameOf(a), orderB: nameOf(b), ...first };
}

function described(index: ArchiveIndex, manifest: Manifest | null): ComparedArchive {
  const { name, file, tar, container, entries } = index;
  return {
    name,
    ...file,
    tar,
    blocks: container.blocks.length,
    entries: entries.length,
    settingsFrom: manifest === null ? 'archive' : 'manifest',
  };
}
