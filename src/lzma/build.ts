import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where `rebuild.mjs` notes what it built, beside the library. */
const BUILD_NOTE = 'build/kheaders-pack.json';

/**
 * Which build of liblzma is in use: `-O3` when the set-up rebuilt it, else `prebuilt` (the one that lzma-native ships,
 * compiled without optimisation, so that it takes 1.6 times as long). The bytes are the same.
 */
export function liblzmaBuild(): string {
  try {
    const directory = dirname(createRequire(import.meta.url).resolve('lzma-native/package.json'));
    const note: unknown = JSON.parse(readFileSync(join(directory, BUILD_NOTE), 'utf8'));
    if (typeof note === 'object' && note !== null && 'flags' in note) return String(note.flags);
  } catch {
    // No note: nothing was rebuilt.
  }
  return 'prebuilt';
}
