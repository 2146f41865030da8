import { createHash } from 'node:crypto';
import { type BytePath, printable } from '../../bytes/bytePath.js';
import type { ContentSettings } from '../../model/settings.js';
import type { ReadFile } from '../../plan/entries.js';
import { TOOL } from '../../version.js';
import { type ManifestParts, rawDigestOf, settingsOf } from './build.js';
import { sumLine } from './sums.js';

/** How an archive came about, as other tools read it; the fields' names are those of the specifications. */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly ResourceDescriptor[];
  readonly predicateType: 'https://slsa.dev/provenance/v1';
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: object;
      readonly resolvedDependencies: readonly ResourceDescriptor[];
    };
    readonly runDetails: {
      readonly builder: { readonly id: string; readonly version: Readonly<Record<string, string>> };
    };
  };
}

export interface ResourceDescriptor {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

export interface ProvenanceParts extends ManifestParts {
  /** The archive's file name. */
  readonly name: string;
  readonly manifestSha256: string;
}

/** Package URLs are URIs that name us without naming a place. */
const BUILD_TYPE = `pkg:npm/${TOOL.name}#pack/1`;
const BUILDER = `pkg:npm/${TOOL.name}@${TOOL.version}`;

/**
 * An in-toto Statement (v1) with SLSA provenance (v1), unsigned. It says nothing of clock, host or user: the same tree
 * and settings give the same statement. When and where it was built is for whoever signs it.
 */
export function buildProvenance(parts: ProvenanceParts): Statement {
  const { content, files, archive, name, manifestSha256 } = parts;
  const { codec } = content.encoding;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: archive.sha256 }, mediaType: 'application/x-xz' }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: settingsOf(content),
        resolvedDependencies: [
          ...content.kernels.map(kernel => treeOf(kernel, files)),
          { name: 'manifest', digest: { sha256: manifestSha256 }, mediaType: 'application/json' },
        ],
      },
      runDetails: { builder: { id: BUILDER, version: { [TOOL.name]: TOOL.version, [codec.name]: codec.version } } },
    },
  };
}

/** A kernel's tree as far as it was read: the selected regular files as they are on disk. */
function treeOf({ name }: ContentSettings['kernels'][number], files: readonly ReadFile[]): ResourceDescriptor {
  const read = files.filter(file => file.kernel === name && file.digested !== null);
  return {
    name: name === '' ? 'tree' : `tree/${printable(name)}`,
    digest: { dirHash: dirHash(read) },
    annotations: { files: read.length },
  };
}

/**
 * in-toto's `dirHash`: the SHA-256 of what sha256sum prints for the files, in the byte order of their paths in the tree.
 * The object tree's files stand among the source tree's, since they are laid over them.
 */
function dirHash(files: readonly ReadFile[]): string {
  const paths = new Map<BytePath, string>();
  for (const { file, digested } of files) if (digested !== null) paths.set(file.path, rawDigestOf(digested));
  const hash = createHash('sha256');
  for (const [path, digest] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(sumLine(digest, path));
  return hash.digest('hex');
}
