import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KheadersPackError, systemCode, systemReason } from '../errors.js';
import type { TreePair } from '../model/settings.js';

/** ARCH names whose SRCARCH differs, as the kernel's top Makefile maps them; uname's and Debian's names beside them. */
const SRCARCH_OF: Readonly<Record<string, string>> = {
  i386: 'x86',
  i486: 'x86',
  i586: 'x86',
  i686: 'x86',
  x86_64: 'x86',
  amd64: 'x86',
  sparc32: 'sparc',
  sparc64: 'sparc',
  parisc64: 'parisc',
  sh64: 'sh',
  sh4: 'sh',
  aarch64: 'arm64',
  aarch64_be: 'arm64',
  armv5tel: 'arm',
  armv6l: 'arm',
  armv7l: 'arm',
  armv8l: 'arm',
  armhf: 'arm',
  ppc: 'powerpc',
  ppc64: 'powerpc',
  ppc64le: 'powerpc',
  mips64: 'mips',
  mipsel: 'mips',
  s390x: 's390',
  riscv32: 'riscv',
  riscv64: 'riscv',
  loongarch64: 'loongarch',
};

/** The symbol that an architecture's `.config` sets, in the order to look. UML stands first: it builds on another's. */
const CONFIG_SYMBOLS: readonly (readonly [symbol: string, srcarch: string])[] = [
  ['UML', 'um'],
  ['X86', 'x86'],
  ['ARM64', 'arm64'],
  ['ARM', 'arm'],
  ['PPC', 'powerpc'],
  ['RISCV', 'riscv'],
  ['S390', 's390'],
  ['MIPS', 'mips'],
  ['LOONGARCH', 'loongarch'],
  ['ALPHA', 'alpha'],
  ['ARC', 'arc'],
  ['CSKY', 'csky'],
  ['HEXAGON', 'hexagon'],
  ['IA64', 'ia64'],
  ['M68K', 'm68k'],
  ['MICROBLAZE', 'microblaze'],
  ['NIOS2', 'nios2'],
  ['OPENRISC', 'openrisc'],
  ['PARISC', 'parisc'],
  ['SUPERH', 'sh'],
  ['SPARC', 'sparc'],
  ['XTENSA', 'xtensa'],
];

/** Every name that is known for an architecture; a tree may hold others. */
export const ARCH_NAMES: readonly string[] = [
  ...new Set([...CONFIG_SYMBOLS.map(([, srcarch]) => srcarch), ...Object.keys(SRCARCH_OF)]),
];

/** The directory under `arch/` of an ARCH, SRCARCH or `uname -m` name. */
export function srcarchOf(name: string): string {
  return (Object.hasOwn(SRCARCH_OF, name) ? SRCARCH_OF[name] : undefined) ?? name;
}

/**
 * The architecture that the trees are configured for, or null where there is no `.config` that says.
 *
 * @throws KheadersPackError `E_READ` when there is one that cannot be read
 */
export function configuredArch(trees: TreePair): string | null {
  for (const tree of [trees.objectTree, trees.sourceTree]) {
    const config = tree === null ? '' : readConfig(tree);
    const found = CONFIG_SYMBOLS.find(([symbol]) => config.includes(`\nCONFIG_${symbol}=y\n`));
    if (found !== undefined) return found[1];
  }
  return null;
}

/**
 * Whether the trees' `.config` sets a symbol, named without `CONFIG_`, to `y`. The object tree's counts, where it has one.
 *
 * @throws KheadersPackError `E_READ` when there is one that cannot be read
 */
export function configuration(trees: TreePair): (symbol: string) => boolean {
  const own = trees.objectTree === null ? '' : readConfig(trees.objectTree);
  const config = own === '' ? readConfig(trees.sourceTree) : own;
  return symbol => config.includes(`\nCONFIG_${symbol}=y\n`);
}

/** Whether a tree of the pair has the architecture's directory. */
export function hasArch(trees: TreePair, name: string): boolean {
  return knownArches(trees).has(srcarchOf(name));
}

/**
 * @throws KheadersPackError `E_ARCH` when no tree of the pair has the architecture's directory; `E_TREE` when there is no
 *   architecture at all
 */
export function requireArch(trees: TreePair, name: string): string {
  const srcarch = srcarchOf(name);
  const known = knownArches(trees);
  if (known.has(srcarch)) return srcarch;
  if (known.size === 0) {
    throw new KheadersPackError('E_TREE', {
      path: trees.sourceTree,
      reason: 'it is no kernel tree: no architecture is under arch/',
    });
  }
  throw new KheadersPackError('E_ARCH', { arch: name, known: [...known].sort().join(', ') });
}

function readConfig(tree: string): string {
  try {
    return `\n${readFileSync(join(tree, '.config'), 'latin1')}`;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return '';
    // It decides which files are packed: one that cannot be read must not count as none.
    const facts = { path: join(tree, '.config'), reason: systemReason(error) };
    throw new KheadersPackError('E_READ', facts, { cause: error });
  }
}

function knownArches({ sourceTree, objectTree }: TreePair): Set<string> {
  return new Set([...archesIn(sourceTree), ...(objectTree === null ? [] : archesIn(objectTree))]);
}

function archesIn(tree: string): string[] {
  try {
    const entries = readdirSync(join(tree, 'arch'), { withFileTypes: true });
    return entries.filter(entry => entry.isDirectory() || entry.isSymbolicLink()).map(entry => entry.name);
  } catch {
    return [];
  }
}
