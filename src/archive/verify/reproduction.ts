import { printable } from '../../bytes/bytePath.js';
import { shellLine } from '../../bytes/shellLine.js';
import { PackCache } from '../../cache/packCache.js';
import { UNLIMITED } from '../../flow/slots.js';
import type { ArchiveIndex } from '../../model/archiveIndex.js';
import type { Manifest } from '../../model/manifest.js';
import type { KernelFile } from '../../model/plan.js';
import type { RebuildReport, Verdict, VerifyReport } from '../../model/verifyReport.js';
import { type WorkerPool, withPool } from '../../pool/pool.js';
import type { Environment } from '../../settings/environment.js';
import type { PackOptions } from '../../settings/options.js';
import type { VerifySettings } from '../../settings/verify.js';
import { compareEntries, type EntryComparison, isSame, stated } from '../compare/entries.js';
import { plannedEntries } from '../compare/plannedIndex.js';
import { summaryOf } from '../reading/checkContainer.js';
import { type ArchiveInFile, indexArchive, requireFile } from '../reading/indexArchive.js';
import { withArchive } from '../reading/open.js';
import { selectAll } from '../selectAll.js';
import { settle } from '../settle.js';
import { StageClock } from '../stages.js';
import { compressAndCompare, tarFindings } from './compareBlocks.js';
import { entryFindings } from './entryFindings.js';
import { manifestFindings } from './manifestFindings.js';
import { packArguments, type Rebuilt } from './packArguments.js';
import { type RebuildSettings, settingsByArchive, settingsByManifest } from './rebuildSettings.js';
import { sourceFindings } from './sourceFindings.js';

/** What the archive is called in the command that is told. */
const REBUILT = 'rebuilt.tar.xz';

/** What is rebuilt, and by what. */
export interface ReproductionInput {
  readonly settings: VerifySettings;
  readonly options: PackOptions;
  readonly manifest: { readonly path: string; readonly manifest: Manifest } | null;
  readonly environment: Environment;
}

/** What was found, and what was rebuilt for it: null where an archive has its verdict without. */
export interface Verification {
  readonly report: VerifyReport;
  readonly rebuilt: Rebuilt | null;
}

/**
 * Rebuilds an archive from trees and compares, without writing a second one: a Block is made, digested and let go.
 *
 * The archive is read once; what it holds is compared with the plan, which needs no compression, then Block by Block
 * with what the plan compresses to. Where compressed bytes cannot be the same or are not, the tars are compared: by the
 * digests of the planned Blocks' contents, which the workers make, against the archive's at the same places.
 *
 * @throws KheadersPackError
 */
export function verifyReproduction(input: ReproductionInput): Promise<Verification> {
  const { settings, manifest } = input;
  return withArchive(settings.reading, async opened => {
    const archive = requireFile(opened);
    const index = await indexArchive(archive, settings.reading.memoryLimit, null);
    const findings = manifest === null ? [] : findingsOf(manifest.manifest, index);
    // An archive that is not its manifest's needs no rebuilding to be told apart from it.
    if (findings.length > 0) return { report: reportOf(input, index, 'bad', findings, null), rebuilt: null };
    const rebuild = resolveRebuild(input, index);
    settings.reading.onNotice(rebuildNotice(rebuild, input.options));
    const origins = originNotice(rebuild);
    if (origins !== null) settings.reading.onNotice(origins);
    const report = await withPool(settings.reading.jobs, pool => compare(input, archive, index, rebuild, pool));
    return { report, rebuilt: rebuild };
  });
}

function findingsOf(manifest: Manifest, index: ArchiveIndex): string[] {
  const raw = { blocks: index.blockDigests, whole: () => index.file };
  return manifestFindings(manifest, { ...index, tarSize: index.tar.size, raw });
}

function resolveRebuild({ manifest, options, environment }: ReproductionInput, index: ArchiveIndex): RebuildSettings {
  return manifest === null
    ? settingsByArchive(index, options, environment)
    : settingsByManifest(manifest.manifest, options, environment);
}

/** The command that makes the archive by itself: beside the one that is verified, which may have the default name here. */
function rebuildNotice(rebuild: RebuildSettings, { filesFrom, nul }: PackOptions): string {
  const listed = ['--files-from', filesFrom ?? 'LIST', ...(nul === true ? ['--null'] : [])];
  return `Rebuilding: ${shellLine(['kheaders-pack', ...packArguments(rebuild, listed), '-o', REBUILT])}`;
}

/** Where the settings are from, unless a manifest has them all. */
function originNotice({ told }: RebuildSettings): string | null {
  const groups = [
    ['Shown by the archive', 'archive'],
    ['asked for', 'option'],
    ['assumed', 'default'],
  ] as const;
  const words = groups.flatMap(([how, origin]) => {
    const names = told.filter(({ from, value }) => from === origin && value !== '').map(({ setting }) => setting);
    return names.length === 0 ? [] : [`${how}: ${names.join(', ')}`];
  });
  return words.length === 0 ? null : words.join('; ');
}

async function compare(
  input: ReproductionInput,
  archive: ArchiveInFile,
  index: ArchiveIndex,
  rebuild: RebuildSettings,
  pool: WorkerPool,
): Promise<VerifyReport> {
  const { reading, contents, first } = input.settings;
  const run = { ...reading, slots: UNLIMITED };
  const { content, trees } = rebuild;
  // What earlier packs left behind proves nothing: everything is read and made anew.
  const cache = PackCache.none();
  const select = (): Promise<KernelFile[]> => selectAll(content, trees);
  const options = { clock: new StageClock(), withRaw: input.manifest !== null, cache };
  const settled = await settle(content, trees, select, run, pool, options);
  const plan = settled.plan();
  const planned = plannedEntries(plan);
  const entries = compareEntries(index.entries, planned);
  const notCompared = contents ? 'only the contents were asked for' : rebuild.notComparable;
  const stopped = first && !isSame(entries);
  const compressed =
    notCompared === null && !stopped ? await compressAndCompare(settled, content, run, first, index, pool) : null;
  const report = (verdict: Verdict, findings: readonly string[]): VerifyReport =>
    reportOf(input, index, verdict, findings, {
      settings: rebuild.told,
      notCompared: stopped ? 'the entries differ' : notCompared,
      blocks: compressed?.differing ?? null,
      stopped: stopped || compressed?.stopped === true,
      ...entryReport(entries, first),
    });
  const sources =
    isSame(entries) && input.manifest !== null ? sourceFindings(input.manifest.manifest, settled.files) : [];
  if (compressed?.isSame === true) return report('reproduced', sources);
  const blockFindings = compressed === null ? [] : [blocksText(compressed.differing, index)];
  if (!isSame(entries)) {
    const archived = { called: 'the archive', entries: index.entries };
    const differences = entryFindings(entries, archived, { called: 'the rebuild', entries: planned });
    return report('not reproduced', first ? differences.slice(0, 1) : [...differences, ...blockFindings]);
  }
  if (compressed?.stopped === true) return report('not reproduced', blockFindings);
  const tar = await tarFindings(archive, index, plan, pool);
  if (tar.length > 0) return report('not reproduced', tar);
  return report('contents reproduced', [
    `compression not comparable: ${notCompared ?? whyOtherwise(rebuild)}`,
    ...blockFindings,
    ...sources,
  ]);
}

/** The tar is the same and its compression is not, though nothing said so before. */
function whyOtherwise({ told }: RebuildSettings): string {
  const assumed = told.filter(({ from, setting }) => from === 'default' && /^(?:codec|--lzma2 .*)$/.test(setting));
  if (assumed.length === 0) return 'another encoder made the same contents into other bytes';
  const names = assumed.map(({ setting, value }) => `${setting.replace('--lzma2 ', '')}=${value}`).join(',');
  return `the archive does not state all of how it was encoded (assumed: ${names}; say --codec, --preset or --lzma2, or give a manifest)`;
}

function blocksText(differing: readonly number[], { blockDigests }: ArchiveIndex): string {
  if (differing.length === 0) return 'all Blocks are the same; what frames them differs';
  return `${differing.length} of ${blockDigests.length} Blocks differ: ${differing.join(', ')}`;
}

function entryReport(
  { onlyA, onlyB, contents, fields, order }: EntryComparison,
  first: boolean,
): Pick<RebuildReport, 'onlyInArchive' | 'onlyInRebuild' | 'contents' | 'fields' | 'moved'> {
  const max = first ? 1 : Number.POSITIVE_INFINITY;
  return {
    onlyInArchive: onlyA.slice(0, max).map(({ name }) => printable(name)),
    onlyInRebuild: onlyB.slice(0, max).map(({ name }) => printable(name)),
    contents: contents.slice(0, max).map(({ a }) => printable(a.name)),
    fields: fields.slice(0, max).map(stated),
    moved: order?.moved ?? 0,
  };
}

function reportOf(
  { manifest }: ReproductionInput,
  { name, container, tar, entries }: ArchiveIndex,
  verdict: Verdict,
  findings: readonly string[],
  rebuild: RebuildReport | null,
): VerifyReport {
  return {
    schema: 'kheaders-pack/verify/1',
    archive: name,
    mode: 'reproduction',
    verdict,
    findings,
    container: summaryOf(container),
    tar: { size: tar.size, entries: entries.length },
    manifest: manifest?.path ?? null,
    rebuild,
  };
}
