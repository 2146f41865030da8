import type { HeaderKind } from './headerText.js';

/** A header that is there whatever the seed: the cases that a packer gets wrong. */
export interface Landmark {
  readonly path: string;
  /** The exact bytes, or the kind and the size in bytes of a text to make. */
  readonly content: Buffer | { readonly kind: HeaderKind; readonly size: number };
  readonly executable: boolean;
}

/** A symbolic link named like a header. */
export interface LinkLandmark {
  readonly path: string;
  readonly target: string;
}

/** Over 100 bytes by itself, so that the directory too needs GNU tar's `L` entry. */
const DEEP_DIRECTORY = `include/linux/soc/acme/${'generation-two/subsystem-of-a-subsystem/'.repeat(2)}block`;

/** `directory/aaa....h` such that the member name `./directory/aaa....h` has `length` bytes: 100 is the most an entry header holds. */
function pathOfLength(directory: string, length: number): string {
  return `${directory}/${'n'.repeat(length - directory.length - './'.length - '/'.length - '.h'.length)}.h`;
}

const text = (path: string, bytes: string): Landmark => ({
  path,
  content: Buffer.from(bytes, 'latin1'),
  executable: false,
});
const made = (path: string, kind: HeaderKind, size: number): Landmark => ({
  path,
  content: { kind, size },
  executable: false,
});

/** What a comment stripper meets; bytes over 0x7f are latin1, so not UTF-8. */
const COMMENTS =
  '/* SPDX-License-Identifier: GPL-2.0 */\n#define QUOTED "/* in a string */ stays?"\n#define PASTE(a, b) a/**/b\n' +
  "// a line comment with /* in it\nint x; /* one *//* two */ int y; /* three\n   lines\n */ #define AFTER '\\''\n" +
  '/* SPDX-License-Identifier: MIT */ /* not SPDX */ int z;\n/* first\n * SPDX-License-Identifier: Apache-2.0\n */\n' +
  '/***/ /*/ odd */ /* caf\xe9 \xff */\n#define SLASH /\\\n* continued *\\\n/\nint w; /* ends with the file';

/** In order of importance: a tree of few headers has the first of them. */
export function landmarks(headers: number): Landmark[] {
  const scale = Math.min(1, headers / 1000);
  return [
    text(
      'include/generated/autoconf.h',
      '#define CONFIG_X86 1\n#define CONFIG_64BIT 1\n#define CONFIG_HZ 250\n#define CONFIG_CC_VERSION_TEXT "cc"\n',
    ),
    text('include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.0-synthetic"\n'),
    text('include/linux/empty.h', ''),
    text('include/linux/comments.h', COMMENTS),
    text('include/linux/dos.h', '#ifndef DOS_H\r\n#define DOS_H /* carriage\r\nreturns */ 1\r\n#endif\r\n'),
    { ...made('include/linux/executable.h', 'interface', 900), executable: true },
    made(`${DEEP_DIRECTORY}/registers.h`, 'registers', 5000),
    made('include/uapi/linux/event-codes.h', 'user', 12_000),
    made('include/dt-bindings/clock/acme,display8250.h', 'bindings', 2500),
    ...[98, 99, 100, 101, 102].map(length =>
      made(pathOfLength('include/dt-bindings/pinctrl', length), 'bindings', 700),
    ),
    made('include/drm/acme_tables.h', 'registers', Math.floor(2 ** 20 * scale)),
    made('drivers/gpu/drm/acme/include/asic_reg/blk/blk_1_0_sh_mask.h', 'registers', Math.floor(4.5 * 2 ** 20 * scale)),
  ];
}

/** Three links to headers, one of them with a target over 100 bytes (a `K` entry), and one that dangles. */
export const LINKS: readonly LinkLandmark[] = [
  { path: 'include/dt-bindings/clock/acme,display8150.h', target: 'acme,display8250.h' },
  { path: 'include/dt-bindings/input-event-codes.h', target: '../uapi/linux/event-codes.h' },
  { path: 'include/net/deep.h', target: `../../${DEEP_DIRECTORY}/registers.h` },
  { path: 'include/linux/gone.h', target: '../nowhere/gone.h' },
];

/** Files that are no headers: a packer must leave them out, and tree detection reads some of them. */
export const OTHER_FILES: readonly (readonly [string, string])[] = [
  [
    'Makefile',
    '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION = -synthetic\nNAME = Paper Tiger\n\n' +
      'all:\n\t@echo "This tree holds headers only; there is nothing to build"\n',
  ],
  ['Kconfig', '# SPDX-License-Identifier: GPL-2.0\nmainmenu "Synthetic kernel"\n\nsource "drivers/Kconfig"\n'],
  ['.config', 'CONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_X86=y\nCONFIG_HZ=250\n'],
  ['include/config/kernel.release', '6.1.0-synthetic\n'],
  ['include/config/auto.conf', 'CONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_X86=y\nCONFIG_HZ=250\n'],
  ['include/linux/README', 'No header.\n'],
  ['arch/x86/Kconfig', 'config X86\n\tdef_bool y\n'],
  ['arch/x86/Makefile', 'KBUILD_DEFCONFIG := x86_64_defconfig\n'],
  ['arch/arm64/Kconfig', 'config ARM64\n\tdef_bool y\n'],
  ['arch/arm64/Makefile', 'KBUILD_DEFCONFIG := defconfig\n'],
  ['arch/x86/include/asm/Kbuild', 'generic-y += types.h\n'],
  ['drivers/Kconfig', 'menu "Drivers"\nendmenu\n'],
  ['drivers/net/ethernet/acme/main.c', '#include "acme.h"\n\nint acme_main(void)\n{\n\treturn 0;\n}\n'],
  ['kernel/fork.c', '// SPDX-License-Identifier: GPL-2.0\n#include <linux/empty.h>\n'],
];
