import { type BytePath, baseOf, fromUtf8, parentOf } from '../bytes/bytePath.js';
import type { Place } from './place.js';

/**
 * What `make -C DIR M=... modules` reads beside headers. Taken from the makefiles of Linux 6.1 and 6.12 and from what
 * Debian's linux-headers and linux-kbuild packages hold. Where a kernel has no such file, nothing is missing.
 */

/** Of the tree's top. The object tree's Makefile only includes the source tree's. */
const SOURCE_TOP = /^Makefile$/;
/** `.kernelvariables` is Debian's: its top Makefile includes it. */
const TOP = /^(?:\.config|\.kernelvariables)$/;
const SYMVERS = 'Module.symvers';

/** What kbuild knows of the configuration; the other files there record when each symbol changed. */
const CONFIG = /^(?:auto\.conf|kernel\.release)$/;

/** Of `scripts/`: makefiles, shell scripts, the linker script of modules and what else their rules call. */
const SCRIPTS = new RegExp(
  `^(?:${[
    String.raw`Makefile\..+`,
    String.raw`(?:Kbuild|subarch)\.include`,
    String.raw`.+\.sh`,
    // Compiled into every module since Linux 6.12.
    String.raw`module-common\.c`,
    String.raw`module(?:-common)?\.lds`,
    'check-local-export',
    // With W=1.
    'kernel-doc',
    String.raw`recordmcount(?:\.pl)?`,
    'asn1_compiler',
    'sign-file',
  ].join('|')})$`,
);

/** Host programs, by directory. */
const PROGRAMS: Readonly<Record<string, RegExp>> = {
  'scripts/basic': /^fixdep$/,
  // Debian's modpost, as its objtool, is one of several programs, which a wrapper chooses by architecture.
  'scripts/mod': /^modpost(?:\.real-.+)?$/,
  'scripts/genksyms': /^genksyms$/,
  'scripts/gendwarfksyms': /^gendwarfksyms$/,
  'scripts/dtc': /^(?:dtc|fdtoverlay)$/,
  'scripts/gcc-plugins': /^.+\.so$/,
};

/** Checks every module's code, where the configuration says so: OBJTOOL since Linux 5.19, STACK_VALIDATION before. */
const OBJTOOL = {
  directory: 'tools/objtool',
  names: /^objtool(?:\.real-.+)?$/,
  symbols: ['OBJTOOL', 'STACK_VALIDATION'],
};

/** Of `arch/$SRCARCH`, at its top and anywhere below. */
const ARCH_TOP = /^(?:Makefile|Kbuild)(?:[._].+)?$/;
const ARCH_BELOW = /^(?:Platform|module\.lds)$/;
/** An object file that every module is linked with. */
const POWERPC_SAVRES = 'arch/powerpc/lib/crtsavres.o';

/** The places of profile `modules` beside those of its headers. */
export function modulePlaces(srcarch: string, symvers: boolean, isConfigured: (symbol: string) => boolean): Place[] {
  const arch = `arch/${srcarch}`;
  const ofArch = (path: BytePath): boolean =>
    (parentOf(path) === arch && ARCH_TOP.test(baseOf(path))) ||
    ARCH_BELOW.test(baseOf(path)) ||
    path === POWERPC_SAVRES;
  return [
    { ...place('', name => SOURCE_TOP.test(name)), isSourceOnly: true },
    place('', name => TOP.test(name) || (symvers && name === SYMVERS)),
    place('include/config', name => CONFIG.test(name)),
    place('scripts', name => SCRIPTS.test(name)),
    ...Object.entries(PROGRAMS).map(([directory, names]) => place(directory, name => names.test(name))),
    ...(OBJTOOL.symbols.some(isConfigured) ? [place(OBJTOOL.directory, name => OBJTOOL.names.test(name))] : []),
    { start: fromUtf8(arch), isDeep: true, isWanted: ofArch, isSourceOnly: false },
  ];
}

/** Files without which no module can be built: of each group one. */
export function requiredFiles(srcarch: string, isConfigured: (symbol: string) => boolean): string[][] {
  const single = [
    'Makefile',
    'include/config/auto.conf',
    'include/generated/autoconf.h',
    'scripts/basic/fixdep',
    'scripts/mod/modpost',
    ...(OBJTOOL.symbols.some(isConfigured) ? [`${OBJTOOL.directory}/objtool`] : []),
  ];
  // Debian keeps the linker script with the architecture; up to Linux 5.10 it had another name.
  const linkerScripts = ['scripts/module.lds', `arch/${srcarch}/module.lds`, 'scripts/module-common.lds'];
  return [...single.map(path => [path]), linkerScripts];
}

/** The files of one directory whose names are wanted. */
function place(directory: string, isWanted: (name: string) => boolean): Place {
  return { start: fromUtf8(directory), isDeep: false, isWanted: path => isWanted(baseOf(path)), isSourceOnly: false };
}
