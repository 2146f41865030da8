import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { missingCommands, output, succeeds } from './command.js';

/** What `make defconfig prepare` needs, and the Debian package of each. */
const COMMANDS: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  perl: 'perl',
};
const INCLUDES: Readonly<Record<string, string>> = { 'libelf.h': 'libelf-dev', 'openssl/ssl.h': 'libssl-dev' };

/** Generated headers name who built them, and where: neither is this machine's business. */
const BUILDER = { KBUILD_BUILD_USER: 'corpus', KBUILD_BUILD_HOST: 'corpus', KBUILD_BUILD_TIMESTAMP: '@1700000000' };

/** Debian packages to install before a tree can be configured; empty when all is there. */
export function missingBuildPackages(): string[] {
  const commands = missingCommands(Object.keys(COMMANDS));
  const packages = commands.map(command => COMMANDS[command] ?? command);
  if (commands.includes('gcc')) return [...packages, ...Object.values(INCLUDES)];
  const includes = Object.keys(INCLUDES).filter(
    file => !succeeds('gcc', ['-E', '-x', 'c', '-'], { input: `#include <${file}>\n` }),
  );
  return [...packages, ...includes.map(file => INCLUDES[file] ?? file)];
}

/** Configures a source tree in itself, with the default configuration, and makes its generated headers. */
export function configureInTree(source: string): void {
  make(source, ['defconfig']);
  make(source, ['prepare']);
}

/**
 * Configures into an object tree of its own. kbuild takes only a clean source tree for that, so whatever was configured
 * in the source tree before is gone afterwards.
 */
export function configureOutOfTree(source: string, object: string): void {
  mkdirSync(object, { recursive: true });
  make(source, ['mrproper']);
  make(source, [`O=${object}`, 'defconfig']);
  make(source, [`O=${object}`, 'prepare']);
}

function make(directory: string, args: readonly string[]): void {
  output('make', ['-s', `-j${availableParallelism()}`, ...args], { cwd: directory, env: BUILDER });
}
