import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { kernelTree, type Made, VERSION_MAKEFILE } from './kernelTree.js';

/** The least that profile modules accepts, in the source tree, with files beside it that it must not take. */
const PREPARED: Readonly<Record<string, Made>> = {
  Makefile: `${VERSION_MAKEFILE}# the whole top Makefile\n`,
  '.config': 'CONFIG_X86=y\nCONFIG_OBJTOOL=y\n',
  'Module.symvers': '0x1\tprintk\tvmlinux\tEXPORT_SYMBOL\n',
  'include/config/auto.conf': 'CONFIG_X86=y\n',
  'include/config/kernel.release': '6.1.0\n',
  'include/generated/autoconf.h': '#define CONFIG_X86 1 /* yes */\n',
  'arch/x86/Makefile': '# x86\n',
  'arch/x86/Makefile_32.cpu': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.build': '',
  'scripts/module.lds': 'SECTIONS { } /* a comment that stays */\n',
  'scripts/module-common.c': 'int i; /* a comment that stays */\n',
  'scripts/ld-version.sh': '#!/bin/sh\n',
  'scripts/basic/fixdep': '\x7fELF fixdep',
  'scripts/mod/modpost': '\x7fELF modpost',
  'tools/objtool/objtool': '\x7fELF objtool',
};
const BESIDE: Readonly<Record<string, Made>> = {
  'include/config/X86': '',
  'include/config/auto.conf.cmd': '',
  'include/generated/.autoconf.h.cmd': '',
  'include/generated/utsversion.h': '',
  'arch/x86/kernel/head.c': '',
  'arch/x86/kernel/private.h': '',
  'arch/arm/Makefile': '',
  'scripts/Makefile': '',
  'scripts/checkpatch.pl': '',
  'scripts/basic/fixdep.c': '',
  'scripts/basic/.fixdep.cmd': '',
  'scripts/mod/modpost.o': '',
  'scripts/mod/modpost.h': '',
  'scripts/kconfig/conf': '',
  'tools/objtool/check.o': '',
  'tools/objtool/objtool.c': '',
  'vmlinux.o': '',
  'certs/signing_key.pem': 'secret',
};
const EXECUTABLE = ['scripts/ld-version.sh', 'scripts/basic/fixdep', 'scripts/mod/modpost', 'tools/objtool/objtool'];

/** A source tree in which `make modules_prepare` seems to have run. */
export function moduleTree(root: string, files: Readonly<Record<string, Made>> = {}): string {
  kernelTree(root, { ...PREPARED, ...BESIDE, ...files });
  for (const path of EXECUTABLE) chmodSync(join(root, path), 0o755);
  return root;
}
