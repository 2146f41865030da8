import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CorpusError, output } from '../corpus/command.js';
import { PROJECT_ROOT } from '../corpus/trees.js';

/** The script that builds liblzma at -O3, as in an install, and what it says then. */
const REBUILD = 'src/lzma/rebuild.mjs';
const REBUILT = /^kheaders-pack: liblzma rebuilt at -O3$/m;

/** What is kept of lzma-native: what is loaded, and what its licence and its `bin` need. Paths from its directory. */
const KEPT_OF_LZMA = [
  'LICENSE',
  'README.md',
  'bin',
  'build/Release/lzma_native.node',
  'build/kheaders-pack.json',
  'index.js',
  'package.json',
];

/**
 * Installs what the lock says into `<root>/node_modules`, checked against the lock's digests, and builds liblzma. Optional
 * packages are left out: nothing of ours loads them.
 *
 * @param work a directory that does not exist yet
 * @throws CorpusError
 */
export function installDependencies(work: string, root: string): void {
  mkdirSync(join(work, dirname(REBUILD)), { recursive: true });
  for (const path of ['package.json', 'package-lock.json', REBUILD]) cpSync(join(PROJECT_ROOT, path), join(work, path));
  output('npm', ['ci', '--ignore-scripts', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund'], { cwd: work });
  // Where they cannot be compiled here, a release would be slower than an install that can.
  const said = output(process.execPath, [REBUILD], { cwd: work });
  if (!REBUILT.test(said)) throw new CorpusError(`Cannot make a release: ${said.trim()}`);
  const modules = join(work, 'node_modules');
  trimLzmaNative(join(modules, 'lzma-native'));
  // Links, which a package cannot have, and a note of npm's.
  for (const path of ['.bin', '.package-lock.json']) rmSync(join(modules, path), { recursive: true, force: true });
  renameSync(modules, join(root, 'node_modules'));
}

/** It is built: its sources and other platforms' binaries go, and the script that would build it where it is installed. */
function trimLzmaNative(directory: string): void {
  const kept = `${directory}.kept`;
  for (const path of KEPT_OF_LZMA) {
    mkdirSync(dirname(join(kept, path)), { recursive: true });
    cpSync(join(directory, path), join(kept, path), { recursive: true });
  }
  rmSync(directory, { recursive: true });
  renameSync(kept, directory);
  const { scripts, gypfile, ...manifest } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
