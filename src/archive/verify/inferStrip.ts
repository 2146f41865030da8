import { createHash } from 'node:crypto';
import { fromLatin1, fromUtf8, join } from '../../bytes/bytePath.js';
import { KheadersPackError } from '../../errors.js';
import type { IndexedEntry } from '../../model/archiveIndex.js';
import type { StripMode } from '../../model/settings.js';
import type { NamedPair } from '../../settings/kernels.js';
import { stripperFor } from '../../strip/strip.js';
import { readRegular } from '../../tree/read.js';
import { pathInTree } from './pathInTree.js';

/** Headers that are tried, from all over the archive, and the largest of them in bytes, there and on disk. */
const TRIED = 96;
const SIZE_MAX = 2 ** 20;

/** The default first: of modes that do equally well it is the one. */
const MODES: readonly StripMode[] = ['comments', 'kernel', 'tokens', 'none'];

/** The strip mode that makes most of an archive's headers from those of the trees; null where none makes any. */
export function inferStrip(entries: readonly IndexedEntry[], kernels: readonly NamedPair[]): StripMode | null {
  const headers = entries.filter(
    ({ name, sha256, size }) => name.endsWith('.h') && sha256 !== null && size <= SIZE_MAX,
  );
  const step = Math.max(1, Math.floor(headers.length / TRIED));
  const matches = new Map<StripMode, number>();
  for (let i = 0; i < headers.length; i += step) {
    const header = headers[i];
    const raw = header === undefined ? null : readFromTrees(header, kernels);
    if (header === undefined || raw === null) continue;
    for (const mode of MODES) {
      const stripped = stripperFor(mode)(raw, new Uint8Array(raw.length));
      const isSame = createHash('sha256').update(stripped).digest('hex') === header.sha256;
      matches.set(mode, (matches.get(mode) ?? 0) + (isSame ? 1 : 0));
    }
  }
  const most = Math.max(0, ...matches.values());
  return most === 0 ? null : (MODES.find(mode => matches.get(mode) === most) ?? null);
}

/** The file in the trees, the object tree's before the source tree's; null where it cannot be read or is too large. */
function readFromTrees(entry: IndexedEntry, kernels: readonly NamedPair[]): Uint8Array | null {
  for (const kernel of kernels) {
    const path = pathInTree(entry.name, [kernel]);
    if (path === null) continue;
    const { objectTree, sourceTree } = kernel.trees;
    for (const tree of [objectTree, sourceTree]) {
      if (tree === null) continue;
      try {
        // One byte too many tells that it is too large.
        const location = join(fromUtf8(tree), fromLatin1(path));
        const raw = readRegular(location, size => new Uint8Array(Math.min(size, SIZE_MAX + 1)));
        return raw.length > SIZE_MAX ? null : raw;
      } catch (error) {
        if (!(error instanceof KheadersPackError)) throw error;
      }
    }
  }
  return null;
}
