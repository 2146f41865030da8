import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byNumbers } from './versions.js';

/** The project's root; this file runs as `dist/corpus/trees.js`. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The program as it is installed. */
export const PROGRAM = join(PROJECT_ROOT, 'dist', 'bin', 'main.js');

/** Where the real trees lie; git ignores it. */
export const TREES_DIR = join(PROJECT_ROOT, 'corpus', 'trees');

/** The kernel series that the corpus has. */
export const SERIES = ['6.1', '6.12'] as const;
export type Series = (typeof SERIES)[number];

/** The point releases that bundles are measured on. */
export const RELEASES = { name: 'linux-releases-6.1', series: '6.1', count: 4 } as const;

/** A real tree that is there, with absolute paths. */
export interface CorpusTree {
  name: string;
  /** kbuild's srctree. */
  source: string;
  /** kbuild's objtree, or null where it is the source tree itself. */
  object: string | null;
}

/** The real trees present: header packages first (they are small), then whole sources, then sources with an object tree of their own. */
export function availableTrees(): CorpusTree[] {
  return [
    ...SERIES.flatMap(series => headerPackages(`linux-headers-${series}`)),
    ...SERIES.flatMap(series =>
      present({ name: `linux-source-${series}`, source: join(TREES_DIR, `linux-source-${series}`), object: null }),
    ),
    ...SERIES.flatMap(series =>
      present({
        name: `linux-object-${series}`,
        source: join(TREES_DIR, `linux-source-${series}`),
        object: join(TREES_DIR, `linux-object-${series}`),
      }),
    ),
  ];
}

/** The source trees of the point releases, oldest first; none where they were not fetched. */
export function releaseTrees(): string[] {
  const unpacked = join(TREES_DIR, RELEASES.name, 'usr', 'src');
  if (!existsSync(unpacked)) return [];
  return readdirSync(unpacked)
    .filter(entry => entry.endsWith('-common'))
    .sort(byNumbers)
    .map(entry => join(unpacked, entry));
}

/** Debian cuts the headers in two: what all flavours share (`-common`, the source tree) and what one of them adds (the object tree). */
function headerPackages(name: string): CorpusTree[] {
  const unpacked = join(TREES_DIR, name, 'usr', 'src');
  if (!existsSync(unpacked)) return [];
  return readdirSync(unpacked)
    .filter(entry => entry.endsWith('-common'))
    .map(entry => ({
      name,
      source: join(unpacked, entry),
      object: join(unpacked, entry.replace(/-common$/, '-amd64')),
    }))
    .flatMap(present);
}

function present(tree: CorpusTree): CorpusTree[] {
  return existsSync(tree.source) && (tree.object === null || existsSync(tree.object)) ? [tree] : [];
}
