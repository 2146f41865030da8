import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { pack, plan } from '../archive/pack.js';
import { KheadersPackError } from '../errors.js';
import type { PackOptions } from '../settings/options.js';
import { DEFAULT_OUTPUT } from '../settings/resolve.js';
import { planJson, planText } from './planReport.js';
import { ProgressBar } from './progressBar.js';
import { summaryText } from './summaryReport.js';
import { versionText } from './versionReport.js';
import { writeData } from './writeData.js';

const HELP = `
Trees: with no TREE, the working directory if it is a kernel tree, else /lib/modules/$(uname -r)/build, else the
newest /usr/src/linux-headers-*. An object tree (O= of make, or Debian's headers package) brings its source tree.

Stripping: comments takes out comments, trailing blanks and empty lines, tokens also collapses blanks; both leave a
compiler the same tokens. kernel is gen_kheaders.sh's own substitution, which damages some headers. __LINE__ is kept by
none only. Comments with SPDX stay.

Environment: KBUILD_BUILD_TIMESTAMP and SOURCE_DATE_EPOCH set the time stamp of all entries; an empty one counts as
unset. XZ, XZ_OPT and XZ_DEFAULTS are ignored, so that they cannot change the bytes. NO_COLOR is honoured.

Examples:
  kheaders-pack --jobs 16                            pack the tree here on 16 threads
  kheaders-pack linux --objtree build -o k.tar.xz    a source tree and its object tree
  kheaders-pack --profile all --exclude 'tools/**'   every header but those under tools/
  kheaders-pack --block-size 1MiB --lzma2 nice=273   smaller Blocks, longer search
  kheaders-pack --dry-run --json | jq .blocks        what would be written
  kheaders-pack new=linux-6.12 old=linux-6.1         a bundle: each kernel in a directory of its own
  find include -name '*.h' -print0 | kheaders-pack -0 --files-from -
  kheaders-pack --from-tar old.tar.xz -o new.tar.xz  compress an existing tar again
  kheaders-pack -o - | ssh host 'cat > k.tar.xz'     to a pipe`;

/** What commander hands over: the options under their own names, and what concerns the command line alone. */
interface Flags extends PackOptions {
  null?: true;
  dryRun?: true;
  json?: string;
  quiet?: true;
  verbose?: true;
}

/** `kheaders-pack pack`, the default command. */
export function packCommand(program: Command): Command {
  const command = new Command('pack')
    .summary('pack a kernel tree (the default command)')
    .description('Packs the headers of a kernel tree into a reproducible .tar.xz.')
    .argument('[TREE...]', 'the kernel tree, or several for a bundle; NAME=TREE names one in the archive')
    .addHelpText('after', HELP);
  for (const option of contentOptions()) command.addOption(option.helpGroup('Content (the bytes depend on these):'));
  for (const option of executionOptions()) {
    command.addOption(option.helpGroup('Execution (the bytes do not depend on these):'));
  }
  command.copyInheritedSettings(program);
  return command.action(async (trees: string[], flags: Flags) => {
    if (program.opts<{ version?: true }>().version === true) {
      await writeData('-', versionText(flags.verbose === true, flags.json !== undefined));
      return;
    }
    await packOrPlan(trees, flags);
  });
}

function contentOptions(): Option[] {
  return [
    new Option('--objtree <DIR>', 'object tree (O= of make) to lay over TREE'),
    new Option('--arch <NAME>', "ARCH or SRCARCH name (default: from .config, else this machine's)"),
    new Option('--profile <P>', 'headers: include/ and arch/$SRCARCH/include/; all: every header (default: headers)'),
    new Option('--files-from <FILE>', 'pack the paths that FILE lists instead of a profile; - is standard input'),
    new Option('-0, --null', 'the paths in --files-from end with NUL'),
    new Option('--include <PATTERN>', 'pack only what matches; may be repeated').argParser(collect),
    new Option('--exclude <PATTERN>', 'leave out what matches; may be repeated').argParser(collect),
    new Option('--from-tar <FILE>', 'compress an existing tar (plain or .xz) again; - is standard input'),
    new Option('--compat', "gen_kheaders.sh's tar, byte for byte: headers, strip kernel, GNU order, no dedup"),
    new Option(
      '--strip <S>',
      'comments; tokens: blanks too; kernel: as gen_kheaders.sh does; none (default: comments)',
    ),
    new Option('--order <O>', "gnu: tar's --sort=name; files-first; versions: of one header together (default: gnu)"),
    new Option('--no-dedup', 'store files of equal content each time, instead of as hard links'),
    new Option('--mtime <T>', 'time stamp of all entries: @SECONDS, ISO 8601, RFC 2822, LC_ALL=C date (default: 0)'),
    new Option('--codec <C>', 'LZMA2 encoder: liblzma, or radix: one window for all jobs (default: liblzma)'),
    new Option('--preset <N[e]>', 'LZMA preset 0 to 9, e for extreme; radix has three: 0, 6 and 9 (default: 6)'),
    new Option('--lzma2 <K=V,...>', 'LZMA2 options as xz has them: dict, lc, lp, pb, mode, nice, mf, depth'),
    new Option('--allow-large-dictionary', 'admit dictionaries over 64MiB, which busybox cannot read'),
    new Option('--block-size <SIZE>', 'largest Block before compression (default: 4MiB; radix: 32MiB)'),
    new Option('--check <C>', 'crc64, crc32, sha256 or none (default: crc64)'),
  ];
}

function executionOptions(): Option[] {
  return [
    new Option('-o, --output <FILE>', 'where to write; - is standard output (default: kheaders.tar.xz)'),
    new Option('-j, --jobs <N>', 'worker threads (default: as many as there are processors to use)'),
    new Option('-n, --dry-run', 'print the plan and write nothing'),
    new Option('--json [=FILE]', 'the summary (or plan) as JSON, to standard output or FILE'),
    new Option('-q, --quiet', 'print errors only'),
    new Option('-v, --verbose', 'print where the time and the memory went'),
  ];
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

async function packOrPlan(trees: readonly string[], flags: Flags): Promise<void> {
  const { null: nul, dryRun, json, quiet, verbose, ...options } = flags;
  if (quiet === true && verbose === true) throw conflict('--quiet', '--verbose', 'they ask for opposite things');
  if (json === '-' && options.output === '-' && dryRun !== true) {
    throw conflict('--json', '-o -', 'both would use standard output (use --json=FILE)');
  }
  const archive = String(options.output ?? DEFAULT_OUTPUT);
  if (json !== undefined && json !== '-' && dryRun !== true && resolve(json) === resolve(archive)) {
    throw conflict(`--json=${json}`, `-o ${archive}`, 'both would be written to the same file');
  }
  const bar = new ProgressBar(quiet !== true);
  const asked: PackOptions = {
    ...options,
    trees,
    nul,
    // commander sets the positive of a --no option by itself; only the negative was said.
    dedup: options.dedup === false ? false : undefined,
    onProgress: progress => bar.show(progress),
    onNotice: notice => quiet !== true && bar.note(notice),
  };
  if (dryRun === true) {
    const { output, ...planned } = asked;
    const made = await plan(planned).finally(() => bar.end());
    await writeData(json ?? '-', json === undefined ? planText(made) : planJson(made));
    return;
  }
  const summary = await pack(asked).finally(() => bar.end());
  if (json !== undefined) await writeData(json, `${JSON.stringify(summary, null, 2)}\n`);
  if (quiet !== true) process.stderr.write(summaryText(summary, verbose === true));
}

function conflict(first: string, second: string, reason: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_CONFLICT', { first, second, reason });
}
