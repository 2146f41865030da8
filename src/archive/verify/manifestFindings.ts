import { printable } from '../../bytes/bytePath.js';
import type { IndexedEntry, Sized } from '../../model/archiveIndex.js';
import type { Container } from '../../model/container.js';
import type { Manifest, ManifestBlock, ManifestEntry } from '../../model/manifest.js';
import { TYPEFLAGS } from '../../tar/kinds.js';
import { CHECKS, checkNameOf } from '../../xz/check.js';
import { compareEntries } from '../compare/entries.js';
import { STATED_BY_ALL } from '../compare/plannedIndex.js';
import { entryPath, entryTarget } from '../manifest/paths.js';
import { entryFindings } from './entryFindings.js';

/** What was found, to be compared with what a manifest says. */
export interface FoundArchive {
  readonly container: Container;
  readonly tarSize: number;
  readonly entries: readonly IndexedEntry[];
  readonly raw: { readonly blocks: readonly string[]; whole(): Sized };
}

/** Every way in which an archive is not what its manifest says, the most telling first. */
export function manifestFindings(manifest: Manifest, found: FoundArchive): string[] {
  const whole = found.raw.whole();
  const { archive, tar } = manifest;
  return [
    ...differing('the size of the archive', archive.size, whole.size),
    ...differing('the SHA-256 of the archive', archive.sha256, whole.sha256),
    ...blockFindings(manifest, found),
    ...differing('the size of the tar', tar.size, found.tarSize),
    ...contentFindings(manifest, found.entries),
  ];
}

function differing(what: string, expected: string | number, actual: string | number): string[] {
  return expected === actual ? [] : [`${what}: the manifest says ${expected}, it is ${actual}`];
}

/** Where there are more or fewer Blocks than there have to be, none is told that is another. */
function blockFindings({ blocks, settings }: Manifest, { container, raw }: FoundArchive): string[] {
  const { check } = settings.encoding;
  const checks = [...new Set(container.streams.map(({ checkId }) => checkNameOf(checkId)))].join(' ');
  const framing = [
    ...differing('the number of Blocks', blocks.length, container.blocks.length),
    ...differing('the Check', checkNameOf(CHECKS[check].id), checks),
  ];
  return container.blocks.length === blocks.length
    ? [...framing, ...blocks.flatMap(eachBlock(container, raw))]
    : framing;
}

function eachBlock(container: Container, raw: FoundArchive['raw']): (block: ManifestBlock, i: number) => string[] {
  return (block, i) => {
    const found = container.blocks[i];
    const place = `Block ${i + 1}`;
    // The digest that was taken is that of the bytes that the manifest calls this Block.
    const isThere = found?.offset === block.offset && found.unpaddedSize === block.unpaddedSize;
    return [
      ...differing(`the offset of ${place}`, block.offset, found?.offset ?? 'nowhere'),
      ...differing(`the Unpadded Size of ${place}`, block.unpaddedSize, found?.unpaddedSize ?? 'none'),
      ...differing(`the Uncompressed Size of ${place}`, block.uncompressedSize, found?.uncompressedSize ?? 'none'),
      ...(isThere ? differing(`the SHA-256 of ${place}`, block.sha256, raw.blocks[i] ?? 'that of nothing') : []),
    ];
  };
}

function contentFindings(manifest: Manifest, entries: readonly IndexedEntry[]): string[] {
  const expected = manifest.entries.map(entry => expectedEntry(entry, manifest.settings.mtime));
  const comparison = compareEntries(expected, entries);
  const stated = { called: 'the manifest', entries: expected };
  const findings = entryFindings(comparison, stated, { called: 'the archive', entries });
  if (findings.length > 0) return findings;
  return expected.flatMap((entry, i) =>
    differing(`where "${printable(entry.name)}" begins in the tar`, entry.offset, entries[i]?.offset ?? 'nowhere'),
  );
}

/** What a manifest says of an entry, as reading the archive would find it. */
function expectedEntry(entry: ManifestEntry, mtime: number): IndexedEntry {
  return {
    name: entryPath(entry),
    typeflag: TYPEFLAGS[entry.kind],
    mode: entry.mode,
    size: entry.size,
    mtime,
    linkname: entryTarget(entry),
    offset: entry.offset,
    contentOffset: entry.offset,
    sha256: entry.sha256 ?? null,
    ...STATED_BY_ALL,
  };
}
