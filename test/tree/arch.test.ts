import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { configuredArch, hasArch, requireArch, srcarchOf } from '../../src/tree/arch.js';
import { plant, scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('arch');

/** A fresh tree with this `.config` and these directories under arch/. */
let trees = 0;
function tree(config: string | null, arches: readonly string[] = []): string {
  const files = Object.fromEntries(arches.map(arch => [`arch/${arch}/Kconfig`, '']));
  return plant(join(scratch, String(trees++)), config === null ? files : { ...files, '.config': config });
}

const alone = (sourceTree: string): { sourceTree: string; objectTree: null } => ({ sourceTree, objectTree: null });

test("ARCH names map to SRCARCH as the kernel's top Makefile maps them", () => {
  const table = { i386: 'x86', x86_64: 'x86', sparc32: 'sparc', sparc64: 'sparc', parisc64: 'parisc' };
  for (const [arch, srcarch] of Object.entries(table)) assert.equal(srcarchOf(arch), srcarch);
});

test('what uname -m and Debian call a machine maps to its directory', () => {
  const table = {
    amd64: 'x86',
    i686: 'x86',
    aarch64: 'arm64',
    armv7l: 'arm',
    armhf: 'arm',
    ppc64le: 'powerpc',
    s390x: 's390',
    riscv64: 'riscv',
    loongarch64: 'loongarch',
    mipsel: 'mips',
  };
  for (const [machine, srcarch] of Object.entries(table)) assert.equal(srcarchOf(machine), srcarch);
});

test('any other name is its own directory, names of Object.prototype included', () => {
  for (const name of ['x86', 'arm64', 'um', 'alpha', 'new', 'constructor', '__proto__']) {
    assert.equal(srcarchOf(name), name);
  }
});

test('.config says the architecture', () => {
  const table: [string, string | null][] = [
    ['CONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_X86=y\n', 'x86'],
    ['CONFIG_ARM64=y\n', 'arm64'],
    ['CONFIG_ARM=y\n', 'arm'],
    ['CONFIG_PPC=y\n', 'powerpc'],
    ['CONFIG_SUPERH=y\n', 'sh'],
    ['CONFIG_UML=y\nCONFIG_X86=y\n', 'um'],
    ['# CONFIG_X86 is not set\nCONFIG_RISCV=y\n', 'riscv'],
    ['CONFIG_X86=m\nCONFIG_X86_64=y\n', null],
    ['#CONFIG_X86=y\n', null],
    ['', null],
  ];
  for (const [config, srcarch] of table) assert.equal(configuredArch(alone(tree(config))), srcarch, config);
});

test("the object tree's .config counts before the source tree's", () => {
  const sourceTree = tree('CONFIG_X86=y\n');
  assert.equal(configuredArch({ sourceTree, objectTree: tree('CONFIG_ARM64=y\n') }), 'arm64');
  assert.equal(configuredArch({ sourceTree, objectTree: tree(null) }), 'x86');
  assert.equal(configuredArch(alone(tree(null))), null);
});

test('an architecture has to be in one tree of the pair', () => {
  const sourceTree = tree(null, ['x86', 'arm64']);
  assert.equal(requireArch(alone(sourceTree), 'x86_64'), 'x86');
  assert.equal(requireArch({ sourceTree, objectTree: tree(null, ['riscv']) }, 'riscv64'), 'riscv');
  assert.deepEqual(
    ['x86_64', 'mips64', '..'].map(name => hasArch(alone(sourceTree), name)),
    [true, false, false],
  );
  assert.throws(() => requireArch(alone(sourceTree), 'mips64'), {
    code: 'E_ARCH',
    message: 'Cannot use architecture "mips64": expected one of arm64, x86 (choose with --arch)',
  });
  assert.throws(() => requireArch(alone(tree(null)), 'x86'), { code: 'E_TREE', message: /no kernel tree/ });
  assert.throws(() => requireArch(alone(sourceTree), '../arch/x86'), { code: 'E_ARCH' });
});
