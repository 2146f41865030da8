import { missingCommands, output, succeeds } from '../command.js';

/** What the proof runs, and the Debian package of each. */
const COMMANDS: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  perl: 'perl',
  tar: 'tar',
  xz: 'xz-utils',
  gzip: 'gzip',
  zstd: 'zstd',
  cpio: 'cpio',
  busybox: 'busybox-static',
  'qemu-system-x86_64': 'qemu-system-x86',
  clang: 'clang',
  opt: 'llvm',
  llc: 'llvm',
};
const INCLUDES: Readonly<Record<string, string>> = { 'libelf.h': 'libelf-dev', 'openssl/ssl.h': 'libssl-dev' };

/** Debian packages to install before the proof can run; empty when all is there. */
export function missingPackages(): string[] {
  const commands = missingCommands(Object.keys(COMMANDS));
  const includes = commands.includes('gcc')
    ? Object.keys(INCLUDES)
    : Object.keys(INCLUDES).filter(file => !succeeds('gcc', ['-E', '-x', 'c', '-'], { input: `#include <${file}>\n` }));
  if (!commands.includes('busybox') && !isStatic('busybox')) commands.push('busybox');
  const packages = [...commands.map(command => COMMANDS[command]), ...includes.map(file => INCLUDES[file])];
  return [...new Set(packages.filter(name => name !== undefined))];
}

/** Whether a program runs without shared libraries: the guest has none. */
function isStatic(command: string): boolean {
  return !succeeds('ldd', [output('sh', ['-c', 'command -v "$1"', 'sh', command]).trim()]);
}
