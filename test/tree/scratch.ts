import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

/** The first lines of a kernel's top Makefile. */
export const TOP_MAKEFILE =
  '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\nNAME = Test\n';

/** A directory for a test file, removed at its end. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `kheaders-pack-${name}-`));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files by path; a content that is `-> TARGET` becomes a symbolic link. Returns the directory. */
export function plant(directory: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const full = join(directory, path);
    mkdirSync(dirname(full), { recursive: true });
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), full);
    else writeFileSync(full, content);
  }
  return directory;
}
