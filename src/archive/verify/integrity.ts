import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { Container } from '../../model/container.js';
import type { Manifest } from '../../model/manifest.js';
import type { ReadingSettings } from '../../model/reading.js';
import type { VerifyReport } from '../../model/verifyReport.js';
import { readMembers } from '../../tar/readTar.js';
import { requireVerified, summaryOf } from '../reading/checkContainer.js';
import { indexEntries } from '../reading/indexArchive.js';
import { type OpenArchive, withArchive } from '../reading/open.js';
import { containerOf } from '../reading/wholeBlocks.js';
import { manifestFindings } from './manifestFindings.js';
import { RawDigests } from './rawDigests.js';

/** An archive was read from end to end: what is in it. */
interface ReadThrough {
  readonly container: Container;
  readonly tarSize: number;
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
  requireVerified(read.container, sourceName(settings));
  const findings = manifest === null || raw === null ? [] : manifestFindings(manifest.manifest, { ...read, raw });
  return {
    schema: 'kheaders-pack/verify/1',
    archive: sourceName(settings),
    mode: 'integrity',
    verdict: findings.length === 0 ? 'good' : 'bad',
    findings,
    container: summaryOf(read.container),
    tar: { size: read.tarSize, entries: read.count },
    manifest: manifest?.path ?? null,
    rebuild: null,
  };
}

/** Reads all entries and keeps none. */
async function passThrough(archive: OpenArchive): Promise<ReadThrough> {
  const size = { tar: 0 };
  let count = 0;
  for await (const members of readMembers(counted(archive.pass(), size), archive.name)) count += members.length;
  return { container: containerOf(archive), tarSize: size.tar, count, entries: [] };
}

/** Reads all entries with the digests of their contents. */
async function readThrough(archive: OpenArchive, memoryLimit: number): Promise<ReadThrough> {
  const size = { tar: 0 };
  const entries = await indexEntries(counted(archive.pass(), size), archive.name, memoryLimit);
  return { container: containerOf(archive), tarSize: size.tar, count: entries.length, entries };
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  size: { tar: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of bytes) {
    size.tar += piece.length;
    yield piece;
  }
}

export function sourceName({ source }: ReadingSettings): string {
  return source.kind === 'file' ? source.path : source.name;
}
