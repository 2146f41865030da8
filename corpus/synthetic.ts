import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LINKS, OTHER_FILES } from './synthetic/landmarks.js';
import { layout } from './synthetic/layout.js';

/** What decides every byte of a synthetic tree. */
export interface SyntheticOptions {
  /** Regular files named `*.h`, exactly; 0 or more. From about 20 on, all the special cases are among them. */
  headers: number;
  /** Any integer; its low 32 bits count. */
  seed: number;
}

/** What was made. */
export interface SyntheticTree {
  root: string;
  /** Regular files named `*.h`. */
  headers: number;
  /** Bytes of those headers, together. */
  bytes: number;
  /** Symbolic links named `*.h`, one of them dangling. */
  links: number;
}

/**
 * Makes a kernel-like tree of made-up text: the shapes and sizes of a kernel's headers and none of their words. The
 * paths, bytes, link targets and execute bits are a function of the options; modes follow the umask otherwise, mtimes the clock.
 *
 * @param root a directory that does not exist yet, or is empty
 * @throws RangeError when `headers` is no whole number of headers; Error when `root` holds something
 */
export function generateTree(root: string, options: SyntheticOptions): SyntheticTree {
  const { headers, seed } = options;
  if (!Number.isSafeInteger(headers) || headers < 0)
    throw new RangeError(`Cannot generate ${headers} headers: expected a whole number, 0 or more`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Cannot seed with ${seed}: expected a whole number`);
  mkdirSync(root, { recursive: true });
  if (readdirSync(root).length > 0) throw new Error(`Cannot generate a tree in "${root}": the directory is not empty`);
  const directories = new Set<string>();
  const place = (path: string): string => {
    const full = join(root, path);
    const directory = dirname(full);
    if (!directories.has(directory)) mkdirSync(directory, { recursive: true });
    directories.add(directory);
    return full;
  };
  for (const [path, text] of OTHER_FILES) writeFileSync(place(path), text);
  for (const link of LINKS) symlinkSync(link.target, place(link.path));
  let bytes = 0;
  for (const header of layout(headers, seed)) {
    const content = header.bytes();
    writeFileSync(place(header.path), content);
    if (header.executable) chmodSync(place(header.path), 0o755);
    bytes += content.length;
  }
  return { root, headers, bytes, links: LINKS.length };
}
