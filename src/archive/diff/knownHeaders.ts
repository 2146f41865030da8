/** Headers that a build makes, and what their contents come from. */
interface KnownHeader {
  /** The end of the path, after the kernel's own directory in a bundle. */
  readonly path: string;
  /** What it is about, for people. */
  readonly about: string;
  /** What decides a macro; the empty name stands for all others. */
  readonly causes: Readonly<Record<string, string>>;
}

const KNOWN: readonly KnownHeader[] = [
  {
    path: 'include/generated/compile.h',
    about: 'who built the kernel',
    causes: {
      LINUX_COMPILE_BY: 'KBUILD_BUILD_USER',
      LINUX_COMPILE_HOST: 'KBUILD_BUILD_HOST',
      LINUX_COMPILER: 'compiler',
      UTS_VERSION: 'KBUILD_BUILD_TIMESTAMP or KBUILD_BUILD_VERSION',
    },
  },
  {
    path: 'include/generated/utsversion.h',
    about: "the build's number and time",
    causes: { UTS_VERSION: 'KBUILD_BUILD_TIMESTAMP or KBUILD_BUILD_VERSION' },
  },
  {
    path: 'include/generated/utsrelease.h',
    about: "the kernel's release",
    causes: { UTS_RELEASE: 'kernel release (LOCALVERSION, KERNELRELEASE)' },
  },
  {
    path: 'include/generated/uapi/linux/version.h',
    about: "the kernel's version",
    causes: { LINUX_VERSION_CODE: 'kernel version' },
  },
  {
    path: 'include/generated/autoconf.h',
    about: 'the kernel configuration',
    causes: { '': 'kernel configuration' },
  },
];

export function knownHeader(name: string): KnownHeader | null {
  return KNOWN.find(({ path }) => name === `./${path}` || name.endsWith(`/${path}`)) ?? null;
}

/** A macro that differs, its value on each side; null where it is not defined. */
export interface MacroChange {
  readonly macro: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cause: string;
}

/** The macros of a known header that differ, with what decides them. */
export function macroChanges({ causes }: KnownHeader, a: Uint8Array, b: Uint8Array): MacroChange[] {
  const [before, after] = [macrosOf(a), macrosOf(b)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(macro => {
    const [from, to] = [before.get(macro) ?? null, after.get(macro) ?? null];
    const cause = (Object.hasOwn(causes, macro) ? causes[macro] : causes['']) ?? macro;
    return from === to ? [] : [{ macro, from, to, cause }];
  });
}

function macrosOf(header: Uint8Array): Map<string, string> {
  const text = Buffer.from(header.buffer, header.byteOffset, header.length).toString('latin1');
  const defines = text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]*(.*)$/gm);
  return new Map(Array.from(defines, ([, macro = '', value = '']) => [macro, value.trimEnd()]));
}
