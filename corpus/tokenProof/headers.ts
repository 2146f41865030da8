import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every regular file named `*.h` below a directory, as paths relative to it, in byte order of names. */
export function* headersBelow(root: string, directory = ''): Generator<string, void, undefined> {
  const entries = readdirSync(join(root, directory), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* headersBelow(root, path);
    else if (entry.isFile() && entry.name.endsWith('.h')) yield path;
  }
}
