import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../command.js';
import { EBPF_C } from '../objectProof/sources.js';
import { claim, type Transcript } from '../proof.js';
import { PROGRAM } from '../trees.js';

const WATCHDOG = 600_000;

/** What the module says is made of what only the archive's headers know: a macro of our own proves nothing. */
const MODULE_C = `// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME " says: " fmt
#include <linux/init.h>
#include <linux/module.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <generated/utsrelease.h>

static int __init proof_start(void)
{
	struct list_head *head = kmalloc(sizeof(*head), GFP_KERNEL);

	if (!head)
		return -ENOMEM;
	INIT_LIST_HEAD(head);
	pr_info("built for %s, list %s, in %s\\n", UTS_RELEASE, list_empty(head) ? "empty" : "full", current->comm);
	kfree(head);
	return 0;
}

static void __exit proof_end(void)
{
}

module_init(proof_start);
module_exit(proof_end);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Proof that a module builds from an archive");
`;

/** The command of samples/bpf: clang's front end with the kernel's own include order, then opt and llc for eBPF. */
const EBPF_INCLUDES = [
  ...['arch/x86/include', 'arch/x86/include/generated', 'include', 'arch/x86/include/uapi'].map(path => `-I${path}`),
  ...['arch/x86/include/generated/uapi', 'include/uapi', 'include/generated/uapi'].map(path => `-I${path}`),
  ...['-include', 'include/linux/compiler-version.h', '-include', 'include/linux/kconfig.h', '-nostdinc'],
];
const EBPF_FLAGS = [
  ...['-D__KERNEL__', '-D__BPF_TRACING__', '-D__TARGET_ARCH_x86', '-Wno-everything', '-fno-asynchronous-unwind-tables'],
  ...['-O2', '-emit-llvm', '-Xclang', '-disable-llvm-passes', '-c'],
];

/** Packs with our program; gives the archive's path back. */
export function pack(args: readonly string[], archive: string): string {
  output(process.execPath, [PROGRAM, 'pack', ...args, '-o', archive, '--quiet'], { timeout: WATCHDOG });
  return archive;
}

/** Unpacks with GNU tar into a new directory. */
export function unpack(archive: string, directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  output('tar', ['-xpf', archive, '-C', directory], { timeout: WATCHDOG });
  return directory;
}

/** Builds the module that the guest loads; W=1 and not a word of warning. */
export function buildModule(headers: string, directory: string, release: string): { path: string; message: string } {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'proof.c'), MODULE_C);
  writeFileSync(join(directory, 'Kbuild'), 'obj-m := proof.o\n');
  makeSilently(['-C', headers, `M=${directory}`, 'W=1', 'modules']);
  const message = `proof says: built for ${release}, list empty, in busybox`;
  return { path: join(directory, 'proof.ko'), message };
}

/** Has our program write the module that shows an archive, and builds it. */
export function buildShower(archive: string, headers: string, directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  output(process.execPath, [PROGRAM, 'module', archive, '-C', directory, '--quiet'], { timeout: WATCHDOG });
  makeSilently(['-C', directory, `KDIR=${headers}`, 'W=1']);
  return join(directory, 'kheaders_archive.ko');
}

/** Compiles an eBPF program against nothing but an unpacked archive. */
export function compileEbpf(headers: string, directory: string, transcript: Transcript): void {
  mkdirSync(directory, { recursive: true });
  const [source, object] = [join(directory, 'proof.bpf.c'), join(directory, 'proof.bpf.o')];
  writeFileSync(source, EBPF_C);
  const front = ['clang', ...EBPF_INCLUDES, ...EBPF_FLAGS, source, '-o', '-'].join(' ');
  const back = `opt -O2 -mtriple=bpf-pc-linux | llc -march=bpf -filetype=obj -o ${object}`;
  output('bash', ['-o', 'pipefail', '-c', `${front} | ${back}`], { cwd: headers, timeout: WATCHDOG });
  const header = readFileSync(object).subarray(0, 20);
  // ELF's e_machine at offset 18: 247 is eBPF.
  claim(header.toString('latin1', 0, 4) === '\x7fELF' && header.readUInt16LE(18) === 247, 'clang made an eBPF object');
  transcript.say(`   ${object}: ${readFileSync(object).length} bytes of eBPF`);
}

/** Has our program cut an archive out of an image; it has to be the one that went in, bit by bit. */
export function cutOut(image: string, archive: string, work: string, transcript: Transcript): void {
  const cut = join(work, 'cut.tar.xz');
  const args = ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, PROGRAM, 'extract', image, '--archive-to', cut];
  const said = output('sh', args, { timeout: WATCHDOG });
  transcript.say(`   ${said.trim()}`);
  claim(readFileSync(cut).equals(readFileSync(archive)), `${image} gives back the archive that went in`);
  rmSync(cut);
}

/** make -s has nothing to say unless a compiler has. */
function makeSilently(args: readonly string[]): void {
  const said = output('sh', ['-c', 'exec "$@" 2>&1', 'sh', 'make', '-s', ...args], { timeout: WATCHDOG });
  claim(said.trim() === '', `a module is built without a warning: ${said}`);
}
