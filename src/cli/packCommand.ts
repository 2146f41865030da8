import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { pack, plan } from '../archive/pack.js';
import { KheadersPackError } from '../errors.js';
import type { PackSummary } from '../model/summary.js';
import { workingDirectory } from '../settings/environment.js';
import { nearest } from '../settings/nearest.js';
import type { PackOptions } from '../settings/options.js';
import { askedOutputs, requireApart } from '../settings/outputs.js';
import { contentOptions } from './contentOptions.js';
import { collectGarbage } from './heapGrowth.js';
import { addNotes, PATTERN_HELP } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { COMMAND_NAMES } from './names.js';
import { planJson, planText } from './planReport.js';
import { ProgressBar } from './progressBar.js';
import { requireReportApart } from './reportApart.js';
import { summaryText } from './summaryReport.js';
import { versionText } from './versionReport.js';
import { withPlaceFor, writeData } from './writeData.js';

const HELP = `
Trees: with no TREE, the working directory if it is a kernel tree, else /lib/modules/$(uname -r)/build, else the
newest /usr/src/linux-headers-*. An object tree (O= of make, or Debian's headers package) brings its source tree.

Stripping: comments takes out comments, trailing blanks and empty lines, tokens also collapses blanks; both leave a
compiler the same tokens. kernel is gen_kheaders.sh's own substitution, which damages some headers. __LINE__ is kept by
none only. Comments with SPDX stay.

Patterns (--include, --exclude): ${PATTERN_HELP}

Environment: KBUILD_BUILD_TIMESTAMP and SOURCE_DATE_EPOCH set the time stamp of all entries; an empty one counts as
unset. XZ, XZ_OPT and XZ_DEFAULTS are ignored, so that they cannot change the bytes. NO_COLOR is honoured. What is kept
for the next pack, and the variables about it: kheaders-pack cache --help.

Examples:
  kheaders-pack --jobs 16                            this tree, on 16 threads
  kheaders-pack linux --objtree build -o k.tar.xz    a tree and its object tree
  kheaders-pack --profile all --exclude 'tools/**'   all headers but those there
  kheaders-pack --block-size 1MiB --lzma2 nice=273   small Blocks, longer search
  kheaders-pack --dry-run --json | jq .blocks        what would be written
  kheaders-pack new=linux-6.12 old=linux-6.1         a bundle of two kernels
  find include -name '*.h' -print0 | kheaders-pack -0 --files-from -
  kheaders-pack --from-tar old.tar.xz -o new.tar.xz  compress a tar again
  kheaders-pack --manifest kheaders.tar.xz.manifest.json  what verify compares with
  kheaders-pack --trace pack.json                    what each thread did when
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
    .argument('[TREE...]', 'the kernel tree, or several for a bundle; NAME=TREE names one in the archive');
  addNotes(command, HELP);
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
    if (program.args[0] !== command.name()) requireNoMistypedCommand(trees);
    await packOrPlan(trees, flags);
  });
}

/** Whatever is no command is a TREE, so that one that was mistyped is a tree that is not there. */
function requireNoMistypedCommand([first = '']: readonly string[]): void {
  if (!/^[a-z]+$/.test(first) || existsSync(first)) return;
  const meant = nearest(first, COMMAND_NAMES);
  const hint = meant === null ? 'kheaders-pack --help lists those' : `did you mean ${meant}?`;
  const reason = `no such directory, and no command either (${hint})`;
  throw new KheadersPackError('E_TREE', { path: first, reason });
}

function executionOptions(): Option[] {
  return [
    new Option('-o, --output <FILE>', 'where to write; - is standard output (default: kheaders.tar.xz)'),
    new Option('-j, --jobs <N>', 'worker threads (default: as many as there are processors to use)'),
    new Option('--manifest <FILE>', 'write what the archive holds and how it was made; - is standard output'),
    new Option('--sha256sums <FILE>', "write the archived contents' digests, for sha256sum -c"),
    new Option('--provenance <FILE>', 'write an in-toto statement with SLSA provenance, unsigned'),
    new Option('--trace <FILE>', 'when each worker did what, for Perfetto or chrome://tracing'),
    new Option('--cache <DIR>', 'keep finished Blocks in DIR for the next pack (default: ~/.cache/kheaders-pack)'),
    new Option('--no-cache', 'keep nothing, and take nothing that was kept'),
    new Option('--cache-size <SIZE>', 'what DIR may hold; the least recently used goes first (default: 1GiB)'),
    new Option('--paranoid', 'read every file, even where nothing about it seems to have changed'),
    new Option('--remote-cache <URL>', 'share Blocks through an HTTP cache server: see kheaders-pack cache --help'),
    new Option('--remote-read-only', 'send nothing to it'),
    new Option('-n, --dry-run', 'print the plan and write nothing'),
    new Option(
      '--json [=FILE]',
      'the summary (or plan) as JSON, to standard output or FILE; after a failure the error',
    ),
    new Option('-q, --quiet', 'print errors only'),
    new Option('-v, --verbose', 'print where the time and the memory went'),
  ];
}

async function packOrPlan(trees: readonly string[], flags: Flags): Promise<void> {
  const { dryRun, json, quiet, verbose, ...options } = flags;
  if (dryRun === true) requireNoCompanion(options);
  else requireApart([...askedOutputs(options), { option: '--json', value: json }], workingDirectory());
  const { null: nul, ...asked } = options;
  await requireReportApart(json, { ...asked, trees, nul });
  // Before this a failure may be that --json is where something else goes.
  await orFailureJson(json, () => carryOut(trees, flags));
}

async function carryOut(trees: readonly string[], flags: Flags): Promise<void> {
  const { null: nul, dryRun, json, quiet, verbose, ...options } = flags;
  if (quiet === true && verbose === true) throw conflict('--quiet', '--verbose', 'they ask for opposite things');
  const bar = new ProgressBar(quiet !== true);
  let isPlanned = false;
  const asked: PackOptions = {
    ...options,
    trees,
    nul,
    cache: options.cache ?? true,
    // commander sets the positive of a --no option by itself; only the negative was said.
    dedup: options.dedup === false ? false : undefined,
    onProgress: progress => {
      bar.show(progress);
      if (progress.stage !== 'compress' || isPlanned) return;
      isPlanned = true;
      collectGarbage();
    },
    onNotice: notice => quiet !== true && bar.note(notice),
  };
  if (dryRun === true) {
    const { output, ...planned } = asked;
    const made = await plan(planned).finally(() => bar.end());
    await writeData(json ?? '-', json === undefined ? planText(made) : planJson(made));
    return;
  }
  const packIt = async (tell: (summary: PackSummary) => Promise<void>): Promise<void> => {
    const summary = await pack(asked).finally(() => bar.end());
    await tell(summary);
    if (quiet !== true) process.stderr.write(summaryText(summary, verbose === true));
  };
  if (json === undefined) await packIt(async () => undefined);
  else await withPlaceFor(json, write => packIt(summary => write(asJson(summary))));
}

function requireNoCompanion(options: PackOptions): void {
  const companion = askedOutputs({ ...options, output: undefined }).find(
    ({ option, value }) => option !== '-o' && value !== undefined,
  );
  if (companion !== undefined) throw conflict('--dry-run', companion.option, 'it writes nothing');
}

function conflict(first: string, second: string, reason: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_CONFLICT', { first, second, reason });
}
