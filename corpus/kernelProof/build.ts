import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { output } from '../command.js';
import { PROGRAM } from '../trees.js';
import { claim } from './transcript.js';

export type Ikheaders = 'y' | 'm' | 'n';

/** Where a kernel's build names the archive, in the object tree. */
export const TARGET = 'kernel/kheaders_data.tar.xz';
const GEN = `  GEN     ${TARGET}`;
/** Ten times what the slowest takes here. */
const WATCHDOG = 1_800_000;

/** What a tiny kernel needs beside `make tinyconfig` to run an initrd on a serial console and load modules. */
const WANTED = [
  '64BIT',
  'MODULES',
  'MODULE_UNLOAD',
  'SYSFS',
  'PROC_FS',
  'DEVTMPFS',
  'SHMEM',
  'TMPFS',
  'BLK_DEV_INITRD',
  'RD_GZIP',
  'BINFMT_ELF',
  'BINFMT_SCRIPT',
  'PRINTK',
  'TTY',
  'SERIAL_8250',
  'SERIAL_8250_CONSOLE',
  'KERNEL_GZIP',
];

/** Neither who builds nor when is this proof's business; with them fixed, two runs give the same kernel. */
const BUILDER = {
  KBUILD_BUILD_USER: 'proof',
  KBUILD_BUILD_HOST: 'proof',
  KBUILD_BUILD_TIMESTAMP: '2024-02-29 12:00:00 UTC',
  KHEADERS_PACK_FLAGS: '',
};

/** A kernel's object tree with what was built in it. */
export interface Kernel {
  readonly object: string;
  readonly bzImage: string;
  readonly vmlinux: string;
  /** The archive that our command made; null without IKHEADERS. */
  readonly archive: string | null;
  /** Where IKHEADERS is a module. */
  readonly module: string | null;
}

/** Runs make on an object tree, with our command in gen_kheaders.sh's place. */
export function make(object: string, args: readonly string[]): string {
  return output('make', makeArguments(args), { cwd: object, env: BUILDER, timeout: WATCHDOG });
}

function makeArguments(args: readonly string[]): string[] {
  return [`-j${availableParallelism()}`, `cmd_genikh=${process.execPath} ${PROGRAM} kbuild $@`, ...args];
}

/** Configures an object tree; `make` then builds what the change concerns. */
export function configure(source: string, object: string, ikheaders: Ikheaders): void {
  const isNew = !existsSync(join(object, '.config'));
  if (isNew) {
    mkdirSync(object, { recursive: true });
    output('make', ['-s', '-C', source, `O=${object}`, 'tinyconfig'], { env: BUILDER });
    setSymbols(source, object, ['--disable', 'KERNEL_XZ', ...WANTED.flatMap(symbol => ['--enable', symbol])]);
  }
  const state = { y: '--enable', m: '--module', n: '--disable' }[ikheaders];
  const config = readFileSync(join(object, '.config'), 'utf8');
  const wanted = ikheaders === 'n' ? '\n# CONFIG_IKHEADERS is not set\n' : `\nCONFIG_IKHEADERS=${ikheaders}\n`;
  if (config.includes(wanted)) return;
  setSymbols(source, object, [state, 'IKHEADERS']);
  const now = readFileSync(join(object, '.config'), 'utf8');
  for (const symbol of WANTED) claim(now.includes(`\nCONFIG_${symbol}=y\n`), `the configuration has ${symbol}`);
  claim(now.includes(wanted), `the configuration has IKHEADERS as ${ikheaders}`);
}

/** Builds the kernel, its image and its modules; says too whether the archive had to be made. */
export function buildKernel(object: string, ikheaders: Ikheaders): { kernel: Kernel; hasMade: boolean } {
  const said = make(object, ['bzImage', 'modules']);
  const archive = ikheaders === 'n' ? null : join(object, TARGET);
  const kernel = {
    object,
    bzImage: join(object, 'arch/x86/boot/bzImage'),
    vmlinux: join(object, 'vmlinux'),
    archive,
    module: ikheaders === 'm' ? join(object, 'kernel/kheaders.ko') : null,
  };
  for (const path of [kernel.bzImage, kernel.vmlinux, kernel.module, archive]) {
    claim(path === null || existsSync(path), `the build makes ${path}`);
  }
  claim(litter(object).length === 0, `no litter: ${litter(object).join(' ')}`);
  return { kernel, hasMade: said.split('\n').includes(GEN) };
}

/**
 * Kills our command outright in the middle of a build, by the number in its temporary file's name. The build has to fail;
 * the next one is the caller's.
 */
export function killInTheMiddle(object: string): void {
  rmSync(join(object, TARGET));
  const script = `
    (
      cd kernel
      while sleep 0.01; do
        for file in .tmp_kheaders_data.tar.xz.*; do
          [ -s "$file" ] || continue
          process=\${file#.tmp_kheaders_data.tar.xz.}
          kill -9 "\${process%%-*}" && exit
        done
      done
    ) & watcher=$!
    "$@" > /dev/null 2>&1 && { kill $watcher; echo made; exit; }
    wait $watcher && echo killed`;
  const made = ['-c', script, 'sh', 'make', ...makeArguments(['bzImage'])];
  const said = output('bash', made, { cwd: object, env: BUILDER, timeout: WATCHDOG });
  claim(said.trim() === 'killed', `a build whose command is killed fails (${said.trim()})`);
  claim(!existsSync(join(object, TARGET)), 'a command that was killed leaves no target');
}

/** A kernel with IKHEADERS otherwise: a copy of an object tree, of which make builds again what the change concerns. */
export function copyObject(from: string, to: string): void {
  if (existsSync(to)) return;
  rmSync(`${to}.partial`, { recursive: true, force: true });
  output('cp', ['-a', from, `${to}.partial`]);
  renameSync(`${to}.partial`, to);
}

/** Temporary files that a run left. */
function litter(object: string): string[] {
  return readdirSync(join(object, 'kernel')).filter(name => name.startsWith('.tmp_kheaders'));
}

function setSymbols(source: string, object: string, args: readonly string[]): void {
  output(join(source, 'scripts/config'), ['--file', join(object, '.config'), ...args]);
  make(object, ['-s', 'olddefconfig']);
}
