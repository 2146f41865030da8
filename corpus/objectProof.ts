/**
 * Proves that stripped headers compile to the same object code.
 *
 *     node dist/corpus/objectProof.js TREE
 *
 * TREE is a kernel tree for x86 after `make modules_prepare`. Its include directories are copied once per strip mode. A module is
 * compiled by the command that kbuild used for a module's object file, an eBPF program by clang, opt and llc as in
 * samples/bpf. Both are compiled twice: with `__LINE__` fixed, when the whole object files have to be the same, and with the
 * real `__LINE__`, when `objdump -d` has to be the same and the sections that differ are named. Mode `kernel` is shown for
 * comparison and does not count. Exit 1 when anything else differs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StripMode } from '../src/model/settings.js';
import { EBPF_C, MODULE_C } from './objectProof/sources.js';
import { headersBelow } from './tokenProof/headers.js';
import { stripped } from './tokenProof/stripped.js';

const MODES: readonly StripMode[] = ['none', 'comments', 'tokens', 'kernel'];
const COPIED = ['include', 'arch/x86/include'];
/** The one object file that `make modules_prepare` compiles with a module's flags. */
const KBUILD_COMMAND = 'scripts/mod/.empty.o.cmd';
const FIXED_LINE = ['-D__LINE__=1', '-Wno-builtin-macro-redefined'];
const NAMES = [
  '-DMODULE',
  '-DKBUILD_BASENAME=\'"proof"\'',
  '-DKBUILD_MODNAME=\'"proof"\'',
  '-D__KBUILD_MODNAME=kmod_proof',
];
const SAMPLES_BPF = [
  ...['-D__KERNEL__', '-D__BPF_TRACING__', '-D__TARGET_ARCH_x86', '-Wno-everything', '-fno-asynchronous-unwind-tables'],
  ...['-O2', '-emit-llvm', '-Xclang', '-disable-llvm-passes', '-c', 'proof.bpf.c', '-o', '-'],
];

/** The compiler and its flags, without dependency files, names, input and output. */
function kbuildFlags(tree: string): string[] {
  const line = readFileSync(join(tree, KBUILD_COMMAND), 'utf8').split('\n')[0] ?? '';
  const words =
    line
      .slice(line.indexOf(':=') + 2)
      .split(';')[0]
      ?.trim()
      .split(/\s+/) ?? [];
  const end = words.indexOf('-c');
  return words.slice(0, end).filter(word => !/^-Wp,-MM?D|^-D(KBUILD_|__KBUILD_)|^-Werror$/.test(word));
}

function copyStripped(tree: string, directory: string, mode: StripMode): void {
  for (const part of COPIED) {
    cpSync(join(tree, part), join(directory, part), { recursive: true, verbatimSymlinks: true });
    for (const name of headersBelow(join(directory, part))) {
      const path = join(directory, part, name);
      writeFileSync(path, stripped(readFileSync(path), mode));
    }
  }
  writeFileSync(join(directory, 'proof.c'), MODULE_C);
  writeFileSync(join(directory, 'proof.bpf.c'), EBPF_C);
}

function shell(directory: string, command: string): void {
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot compile in "${directory}": ${stderr.split('\n').slice(0, 20).join('\n')}`);
}

function compileModule(directory: string, flags: readonly string[], lines: readonly string[], output: string): void {
  shell(directory, [...flags, ...NAMES, ...lines, '-c', 'proof.c', '-o', output].join(' '));
}

function compileEbpf(directory: string, flags: readonly string[], lines: readonly string[], output: string): void {
  const includes = flags.join(' ').match(/-I\S+|-include \S+|-nostdinc/g) ?? [];
  const front = ['clang', ...includes, ...lines, ...SAMPLES_BPF].join(' ');
  shell(directory, `${front} | opt -O2 -mtriple=bpf-pc-linux | llc -march=bpf -filetype=obj -o ${output}`);
}

function disassembly(path: string): string {
  const text = execFileSync('llvm-objdump', ['-d', '-r', path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return text.slice(text.indexOf('\n\n'));
}

/** The sections whose bytes are not the same. */
function differingSections(one: string, other: string): string[] {
  const contents = sectionContents(other);
  return [...sectionContents(one)].filter(([name, bytes]) => contents.get(name) !== bytes).map(([name]) => name);
}

function sectionContents(path: string): Map<string, string> {
  const text = execFileSync('llvm-objdump', ['-s', path], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const sections = text.split('Contents of section ').slice(1);
  return new Map(sections.map(section => [section.slice(0, section.indexOf(':')), section]));
}

/** Compares one kind of object across the modes. Gives whether all that count are the same. */
function compareObjects(scratch: string, object: string, isLineFixed: boolean): boolean {
  const reference = join(scratch, 'none', object);
  let isGood = true;
  for (const mode of MODES.slice(1)) {
    const path = join(scratch, mode, object);
    const isSameFile = Buffer.compare(readFileSync(reference), readFileSync(path)) === 0;
    const isSameCode = disassembly(reference) === disassembly(path);
    const sections = isSameFile ? [] : differingSections(reference, path);
    const verdict = isSameFile
      ? 'same file'
      : `${isSameCode ? 'same' : 'OTHER'} code, other sections: ${sections.join(' ')}`;
    const instructions = disassembly(path).match(/^\s+[0-9a-f]+:\s+[0-9a-f]{2} /gm)?.length ?? 0;
    console.log(
      `${object} with ${mode}: ${verdict} (${readFileSync(path).length} bytes, ${instructions} instructions)`,
    );
    if (mode !== 'kernel' && !(isLineFixed ? isSameFile : isSameCode)) isGood = false;
  }
  return isGood;
}

const [tree = ''] = process.argv.slice(2);
if (!existsSync(join(tree, KBUILD_COMMAND))) throw new Error(`Cannot find "${KBUILD_COMMAND}" in "${tree}"`);
const flags = kbuildFlags(tree);
const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-'));
try {
  for (const mode of MODES) {
    const directory = join(scratch, mode);
    copyStripped(tree, directory, mode);
    for (const [suffix, lines] of [
      ['', []],
      ['-line-fixed', FIXED_LINE],
    ] as const) {
      compileModule(directory, flags, lines, `module${suffix}.o`);
      compileEbpf(directory, flags, lines, `ebpf${suffix}.o`);
    }
  }
  for (const kind of ['module', 'ebpf']) {
    const isGood = compareObjects(scratch, `${kind}-line-fixed.o`, true);
    if (!compareObjects(scratch, `${kind}.o`, false) || !isGood) process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true });
}
