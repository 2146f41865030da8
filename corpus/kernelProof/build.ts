import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { output } from '../command.js';
import { claim } from '../proof.js';
import { PROGRAM } from '../trees.js';

/** A kernel of the proof: what differs in its configuration. */
export interface Variant {
  readonly ikheaders: 'y' | 'm' | 'n';
  readonly compression: 'GZIP' | 'XZ' | 'ZSTD';
}

/** Where a kernel's build names the archive, in the object tree. */
export const TARGET = 'kernel/kheaders_data.tar.xz';
const GEN = `  GEN     ${TARGET}`;
const KEY_NAME = 'kernel.json';
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
];

/** Neither who builds nor when is this proof's business; with them fixed, two runs give the same kernel. */
const BUILDER = {
  KBUILD_BUILD_USER: 'proof',
  KBUILD_BUILD_HOST: 'proof',
  KBUILD_BUILD_TIMESTAMP: '2024-02-29 12:00:00 UTC',
  KHEADERS_PACK_FLAGS: '',
};

/** What a build made, kept apart from the object tree, which the next variant is built in. */
export interface Kernel {
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
export function configure(source: string, object: string, { ikheaders, compression }: Variant): void {
  const file = join(object, '.config');
  if (!existsSync(file)) {
    mkdirSync(object, { recursive: true });
    output('make', ['-s', '-C', source, `O=${object}`, 'tinyconfig'], { env: BUILDER });
  }
  const archive = ikheaders === 'n' ? '# CONFIG_IKHEADERS is not set' : `CONFIG_IKHEADERS=${ikheaders}`;
  const wanted = [...[...WANTED, `KERNEL_${compression}`].map(symbol => `CONFIG_${symbol}=y`), archive];
  const missing = (): string[] => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return wanted.filter(line => !lines.includes(line));
  };
  if (missing().length === 0) return;
  const state = { y: '--enable', m: '--module', n: '--disable' }[ikheaders];
  // Of a choice, the others have to go first.
  const others = ['GZIP', 'XZ', 'ZSTD'].filter(each => each !== compression);
  const changes = [
    ...others.flatMap(each => ['--disable', `KERNEL_${each}`]),
    ...[...WANTED, `KERNEL_${compression}`].flatMap(symbol => ['--enable', symbol]),
    ...[state, 'IKHEADERS'],
  ];
  output(join(source, 'scripts/config'), ['--file', file, ...changes]);
  make(object, ['-s', 'olddefconfig']);
  claim(missing().length === 0, `the configuration has ${missing().join(', ')}`);
}

/** Builds the kernel, its image and its modules; gives whether the archive had to be made. */
export function buildKernel(object: string): boolean {
  const said = make(object, ['bzImage', 'modules']);
  claim(litter(object).length === 0, `no litter: ${litter(object).join(' ')}`);
  return said.split('\n').includes(GEN);
}

/** Keeps what a build made. */
export function keep(object: string, { ikheaders }: Variant, directory: string, key: string): Kernel {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const kept = (path: string): string => {
    claim(existsSync(join(object, path)), `the build makes ${path}`);
    const copy = join(directory, basename(path));
    copyFileSync(join(object, path), copy);
    return copy;
  };
  const kernel = {
    bzImage: kept('arch/x86/boot/bzImage'),
    vmlinux: kept('vmlinux'),
    archive: ikheaders === 'n' ? null : kept(TARGET),
    module: ikheaders === 'm' ? kept('kernel/kheaders.ko') : null,
  };
  writeFileSync(join(directory, KEY_NAME), JSON.stringify({ key, kernel }));
  return kernel;
}

/** What an earlier run kept, where it was made of the same. */
export function kept(directory: string, key: string): Kernel | null {
  const file = join(directory, KEY_NAME);
  if (!existsSync(file)) return null;
  const found = JSON.parse(readFileSync(file, 'utf8')) as { key: string; kernel: Kernel };
  return found.key === key ? found.kernel : null;
}

/** What a variant is made of, beside the kernel's source: its configuration, and our program. */
export function keyOf(variant: Variant): string {
  const hash = createHash('sha256').update(JSON.stringify([variant, WANTED, BUILDER]));
  const bundle = dirname(PROGRAM);
  for (const name of readdirSync(bundle).sort()) hash.update(name).update(readFileSync(join(bundle, name)));
  return hash.digest('hex');
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

/** Temporary files that a run left. */
function litter(object: string): string[] {
  return readdirSync(join(object, 'kernel')).filter(name => name.startsWith('.tmp_kheaders'));
}
