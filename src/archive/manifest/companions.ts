import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { canonicalJson } from '../../bytes/canonicalJson.js';
import type { Companions, PackSettings } from '../../model/settings.js';
import { DEFAULT_OUTPUT } from '../../settings/outputs.js';
import type { Sink } from '../sink.js';
import { buildManifest, type ManifestParts } from './build.js';
import { buildProvenance } from './provenance.js';
import { sumsOf } from './sums.js';

/** The sinks of what is written beside an archive; null where it is not wanted. */
export type CompanionSinks = { readonly [K in keyof Companions]: Sink | null };

/** Writes what is wanted beside the archive, which is written by then and has not taken its place yet. */
export async function writeCompanions(
  settings: PackSettings,
  parts: Omit<ManifestParts, 'content'>,
  sinks: CompanionSinks,
): Promise<void> {
  const { content, execution } = settings;
  await sinks.sha256sums?.write(sumsOf(parts.plan));
  if (sinks.manifest === null && sinks.provenance === null) return;
  const manifest = canonicalDocument(buildManifest({ content, ...parts }));
  await sinks.manifest?.write(manifest);
  if (sinks.provenance === null) return;
  const { output } = execution;
  const name = output.kind === 'file' ? basename(output.path) : DEFAULT_OUTPUT;
  const sha256 = createHash('sha256').update(manifest).digest('hex');
  await sinks.provenance.write(canonicalDocument(buildProvenance({ content, ...parts, name, manifestSha256: sha256 })));
}

function canonicalDocument(value: object): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`);
}
