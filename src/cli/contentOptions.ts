import { Option } from 'commander';
import { CODEC_NAMES } from '../lzma/codec.js';
import { CHECK_KINDS, ORDERS, PRESETS, PROFILES, STRIP_MODES } from '../settings/choices.js';
import { ARCH_NAMES } from '../tree/arch.js';
import { ListedOption } from './listed.js';

/** The options that an archive's bytes depend on: of packing, and of rebuilding. */
export function contentOptions(): Option[] {
  return [
    new Option('--objtree <DIR>', 'object tree (O= of make) to lay over TREE'),
    new ListedOption('--arch <NAME>', "ARCH or SRCARCH name (default: from .config, else this machine's)", ARCH_NAMES),
    new ListedOption(
      '--profile <P>',
      'headers: include/ and arch/$SRCARCH/include/; modules: also what builds modules; all: every header (default: headers)',
      PROFILES,
    ),
    new Option('--symvers', 'with --profile modules: Module.symvers too'),
    new Option('--files-from <FILE>', 'pack the paths that FILE lists instead of a profile; - is standard input'),
    new Option('-0, --null', 'the paths in --files-from end with NUL'),
    new Option('--include <PATTERN>', 'pack only what matches; may be repeated').argParser(collect),
    new Option('--exclude <PATTERN>', 'leave out what matches; may be repeated').argParser(collect),
    new Option('--from-tar <FILE>', 'compress an existing tar (plain or .xz) again; - is standard input'),
    new Option('--compat', "gen_kheaders.sh's tar, byte for byte: headers, strip kernel, GNU order, no dedup"),
    new ListedOption(
      '--strip <S>',
      'comments; tokens: blanks too; kernel: as gen_kheaders.sh does; none (default: comments)',
      STRIP_MODES,
    ),
    new ListedOption(
      '--order <O>',
      "files-first (default for one tree); gnu: tar's --sort=name; versions: of one header together (default for several)",
      ORDERS,
    ),
    new Option('--no-dedup', 'store files of equal content each time, instead of as hard links'),
    new Option(
      '--mtime <T>',
      'time stamp of all entries: @SECONDS, ISO 8601, RFC 2822, LC_ALL=C date (default: from the environment, else 0)',
    ),
    new ListedOption(
      '--codec <C>',
      'LZMA2 encoder: radix, all jobs on one window; or liblzma (default: radix)',
      CODEC_NAMES,
    ),
    new ListedOption(
      '--preset <N[e]>',
      'LZMA preset 0 to 9, e for extreme; of radix 0, 6 and 9 stand for all (default: 6)',
      PRESETS,
    ),
    new Option(
      '--lzma2 <K=V,...>',
      'LZMA2 options as xz has them: dict, lc, lp, pb, mode, nice, mf, depth; may be repeated',
    ).argParser((more: string, said?: string) => (said === undefined ? more : `${said},${more}`)),
    new Option('--allow-large-dictionary', 'admit dictionaries over 64MiB, which busybox cannot read'),
    new Option('--block-size <SIZE>', 'largest Block before compression (default: 32MiB; liblzma: 4MiB)'),
    new ListedOption('--check <C>', 'crc64, crc32, sha256 or none (default: crc64)', CHECK_KINDS),
  ];
}

/** The option as it is in a command with another default than pack's, which is null where it has none. */
export function restated(option: Option, fallback: string | null): Option {
  const plain = option.description.replace(/ \(default[^)]*\)/g, '');
  option.description = fallback === null ? plain : `${plain} (default: ${fallback})`;
  return option;
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
