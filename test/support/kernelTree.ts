import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file's bytes, or a symbolic link's target. In strings each code unit is a byte, so that any name can be said. */
export type Made = string | Buffer | { readonly linkTo: string };

export const VERSION_MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n';

/** Files that make a directory a kernel tree, for x86, that kheaders-pack accepts without a word. */
const LEAST: Readonly<Record<string, Made>> = {
  Makefile: VERSION_MAKEFILE,
  '.config': 'CONFIG_X86=y\n',
  'arch/x86/include/asm/least.h': '#define LEAST_ASM 1\n',
  'include/linux/least.h': '#define LEAST 1\n',
};

/** A kernel-like tree: the least that one needs, and the files named. Paths are byte strings relative to `root`. */
export function kernelTree(root: string, files: Readonly<Record<string, Made>> = {}): string {
  return writeFiles(root, { ...LEAST, ...files });
}

/** Writes files, with their directories, and gives `root` back. */
export function writeFiles(root: string, files: Readonly<Record<string, Made>>): string {
  mkdirSync(root, { recursive: true });
  for (const [path, made] of Object.entries(files)) {
    mkdirSync(byteLocation(root, path.slice(0, Math.max(0, path.lastIndexOf('/')))), { recursive: true });
    const location = byteLocation(root, path);
    if (typeof made === 'string') writeFileSync(location, made, 'latin1');
    else if (Buffer.isBuffer(made)) writeFileSync(location, made);
    else symlinkSync(Buffer.from(made.linkTo, 'latin1'), location);
  }
  return root;
}

/** Where a byte string's path lies. */
export function byteLocation(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(join(root, '/')), Buffer.from(path, 'latin1')]);
}

/** Text that LZMA cannot make much smaller: `bytes` hexadecimal digits from a linear congruence. */
export function noise(bytes: number, seed: number): string {
  let state = seed >>> 0;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += (state >>> 8).toString(16).padStart(6, '0');
  }
  return text.slice(0, bytes);
}
