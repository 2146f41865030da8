import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { Container } from '../../model/container.js';
import type { Manifest } from '../../model/manifest.js';
import type { ReadingSettings } from '../../model/reading.js';
import type { VerifyReport } from '../../model/verifyReport.js';
import { requireVerified, summaryOf } from '../reading/checkContainer.js';
import { entryCount } from '../reading/entryCount.js';
import { indexEntries } from '../reading/indexArchive.js';
import { type OpenArchive, withArchive } from '../reading/open.js';
import { containerOf } from '../reading/wholeBlocks.js';
import { manifestFindings } from './manifestFindings.js';
import { RawDigests } from './rawDigests.js';

/** An archive was read from end to end: what is in it. */
interface ReadThrough {
  readonly container: Container;
  readonly count: number;
  /** Only kept to be compared with a manifest. */
  readonly entries: readonly IndexedEntry[];
}

/**
 * Checks an archive as it stands: container, Checks, the tar's structure, and where there is a manifest all that it says.
 * Without one, memory does not depend on the archive's size; with one, it grows with the entries.
 *
 * @throws KheadersPackError `E_BAD_XZ`, `E_BAD_TAR` when it is damaged; `E_UNSUPPORTED_XZ`, `E_READ` and others
 */
export async function verifyIntegrity(
  settings: ReadingSettings,
  manifest: { readonly path: string; readonly manifest: Manifest } | null,
): Promise<VerifyReport> {
  const raw = manifest === null ? null : new RawDigests(manifest.manifest);
  const read = await withArchive(
    settings,
    async archive => {
      await raw?.readFile(archive);
      return manifest === null ? passThrough(archive) : readThrough(archive, settings.memoryLimit);
    },
    readable => raw?.listenTo(readable) ?? readable,
  );
  const { container, count, entries } = read;
  requireVerified(container, sourceName(settings));
  const tarSize = container.uncompressedSize;
  const findings =
    manifest === null || raw === null ? [] : manifestFindings(manifest.manifest, { container, tarSize, entries, raw });
  return {
    schema: 'kheaders-pack/verify/1',
    archive: sourceName(settings),
    mode: 'integrity',
    verdict: findings.length === 0 ? 'good' : 'bad',
    findings,
    container: summaryOf(container),
    tar: { size: tarSize, entries: count },
    manifest: manifest?.path ?? null,
    rebuild: null,
  };
}

/** Reads all entries and keeps none. */
async function passThrough(archive: OpenArchive): Promise<ReadThrough> {
  const count = await entryCount(archive);
  return { container: containerOf(archive), count, entries: [] };
}

/** Reads all entries with the digests of their contents. */
async function readThrough(archive: OpenArchive, memoryLimit: number): Promise<ReadThrough> {
  const entries = await indexEntries(archive.pass(), archive.name, memoryLimit);
  return { container: containerOf(archive), count: entries.length, entries };
}

export function sourceName({ source }: ReadingSettings): string {
  return source.kind === 'file' ? source.path : source.name;
}
