import { type BytePath, printable, toJson } from '../../bytes/bytePath.js';
import type { Manifest, ManifestBlock, ManifestEntry, ManifestSettings } from '../../model/manifest.js';
import type { Digested, Plan, PlannedEntry } from '../../model/plan.js';
import type { ContentSettings } from '../../model/settings.js';
import { memberNameOf, type ReadFile } from '../../plan/entries.js';
import { metadataOf } from '../../plan/plan.js';
import { entrySize } from '../../tar/entryHeader.js';
import { TOOL } from '../../version.js';

/** What a manifest is made from. */
export interface ManifestParts {
  readonly content: ContentSettings;
  /** With their digests on disk. */
  readonly files: readonly ReadFile[];
  readonly plan: Plan;
  readonly blocks: readonly ManifestBlock[];
  readonly archive: Manifest['archive'];
}

export function buildManifest({ content, files, plan, blocks, archive }: ManifestParts): Manifest {
  return {
    schema: 'kheaders-pack/manifest/1',
    tool: TOOL,
    formatVersion: plan.formatVersion,
    settings: settingsOf(content),
    archive,
    tar: { size: plan.tarSize },
    blocks,
    entries: entriesOf(files, plan, blocks),
  };
}

export function settingsOf({ kernels, selection, ...content }: ContentSettings): ManifestSettings {
  const { profile, symvers, listed, include, exclude } = selection;
  return {
    ...content,
    kernels: kernels.map(({ name, srcarch }) => ({ name: printable(name), srcarch })),
    profile,
    symvers,
    listed: listed !== null,
    include,
    exclude,
  };
}

function entriesOf(files: readonly ReadFile[], plan: Plan, blocks: readonly ManifestBlock[]): ManifestEntry[] {
  const digestedOf = new Map(files.map(file => [memberNameOf(file), file.digested]));
  let offset = 0;
  let block = 0;
  return plan.entries.map(entry => {
    const metadata = metadataOf(entry, plan.mtime);
    while (offset >= endOf(blocks[block])) block++;
    const described = {
      kind: entry.kind,
      mode: metadata.mode,
      size: metadata.size,
      block,
      offset,
      ...toJson(entry.name),
      ...contentOf(entry),
      ...sourceOf(digestedOf.get(entry.name) ?? null),
    };
    offset += entrySize(metadata);
    return described;
  });
}

/** Offset in the tar of a Block's end; no entry begins behind the last. */
function endOf(block: ManifestBlock | undefined): number {
  return block === undefined ? Number.POSITIVE_INFINITY : block.uncompressedOffset + block.uncompressedSize;
}

function contentOf(entry: PlannedEntry): Pick<ManifestEntry, 'sha256' | 'target' | 'targetBase64'> {
  switch (entry.kind) {
    case 'directory':
      return {};
    case 'regular':
      return { sha256: entry.source.digest };
    default:
      return targetOf(entry.target);
  }
}

function targetOf(target: BytePath): Pick<ManifestEntry, 'target' | 'targetBase64'> {
  const { path, pathBase64 } = toJson(target);
  return pathBase64 === undefined ? { target: path } : { target: path, targetBase64: pathBase64 };
}

function sourceOf(digested: Digested | null): Pick<ManifestEntry, 'sourceSize' | 'sourceSha256'> {
  return digested === null ? {} : { sourceSize: digested.rawSize, sourceSha256: rawDigestOf(digested) };
}

/** Of a file on disk. Whoever wants a manifest has asked for it (`withRaw`): to leave it out would be a wrong statement. */
export function rawDigestOf({ rawDigest }: Digested): string {
  if (rawDigest === null) throw new Error('A file was not digested as it is on disk');
  return rawDigest;
}
