import { printable } from '../../bytes/bytePath.js';
import type { Manifest } from '../../model/manifest.js';
import { memberNameOf, type ReadFile } from '../../plan/entries.js';
import { rawDigestOf } from '../manifest/build.js';
import { entryPath } from '../manifest/paths.js';

/**
 * Whether the trees' files are those that the manifest says the archive was made from. Where they differ in what is stripped,
 * the archive is the same.
 *
 * @param files with their digests on disk
 */
export function sourceFindings({ entries }: Manifest, files: readonly ReadFile[]): string[] {
  const digestedOf = new Map(files.map(file => [memberNameOf(file), file.digested]));
  const others = entries.filter(entry => {
    const digested = digestedOf.get(entryPath(entry)) ?? null;
    if (digested === null) return false;
    return entry.sourceSize !== digested.rawSize || entry.sourceSha256 !== rawDigestOf(digested);
  });
  const [first] = others;
  if (first === undefined) return [];
  const name = `"${printable(entryPath(first))}"`;
  const which = others.length === 1 ? name : `${others.length} files, such as ${name}`;
  return [`what the manifest says of the sources (sourceSha256, sourceSize) is not so of ${which}`];
}
