import { Command, Option } from 'commander';
import { KheadersPackError } from '../errors.js';
import { kbuild } from '../kbuild/kbuild.js';
import type { PackSummary } from '../model/summary.js';
import { gatherEnvironment } from '../settings/environment.js';
import { type KbuildOptions, resolveKbuild } from '../settings/kbuild.js';
import { contentOptions, restated } from './contentOptions.js';
import { addNotes } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { summaryText } from './summaryReport.js';
import { writeData } from './writeData.js';

const HELP = `
Kernels up to 6.16 call it in every build, and it leaves a target alone that is up to date. Later ones pass SRCLIST,
OBJLIST and TIMESTAMP; then it always makes the target, and beside it the dependency file that kbuild reads.

Contents are those of --compat, item by item, unless an option says otherwise; --no-compat starts from pack's defaults.
KHEADERS_PACK_FLAGS in the environment holds further options, parted by blanks; the command line overrides them.

Environment: kbuild's srctree, building_out_of_srctree, SRCARCH, KBUILD_BUILD_TIMESTAMP, KBUILD_VERBOSE, quiet and
MAKEFLAGS (-jN, and the jobserver of make 4.4 and later). XZ, XZ_OPT and XZ_DEFAULTS are ignored.

Examples:
  make cmd_genikh='kheaders-pack kbuild $@'          a kernel up to 6.16, unpatched
  make cmd_kheaders_data='kheaders-pack kbuild $@ $(obj)/kheaders-srclist $(obj)/kheaders-objlist "$(KBUILD_BUILD_TIMESTAMP)"'
  KHEADERS_PACK_FLAGS='--no-compat --strip tokens' make cmd_genikh='kheaders-pack kbuild $@'`;

/** Options of pack that kbuild has settled: the trees, the list, and what `--compat` is. */
const SETTLED = ['--objtree', '--files-from', '--null', '--from-tar', '--compat', '--no-dedup'];

/** Where they are not pack's. */
const DEFAULTS: Readonly<Record<string, string>> = {
  '--arch': "kbuild's SRCARCH",
  '--strip': 'kernel; with --no-compat: comments',
  '--order': 'gnu; with --no-compat: files-first',
  '--mtime': 'KBUILD_BUILD_TIMESTAMP',
  '--block-size': '2MiB',
};

interface Flags extends Omit<KbuildOptions, 'target' | 'lists'> {
  json?: string;
  verbose?: true;
}

/** `kheaders-pack kbuild`, in place of the kernel's gen_kheaders.sh. */
export function kbuildCommand(program: Command): Command {
  const command = new Command('kbuild')
    .summary('make kheaders_data.tar.xz inside a kernel build')
    .description("Takes the place of kernel/gen_kheaders.sh in a kernel's own build.")
    .argument('<TARGET>', 'the archive, relative to the object tree')
    .argument('[SRCLIST]', "kbuild's list of the source tree's headers")
    .argument('[OBJLIST]', "kbuild's list of the object tree's headers")
    .argument('[TIMESTAMP]', "kbuild's KBUILD_BUILD_TIMESTAMP");
  addNotes(command, HELP);
  for (const option of kbuildOptions()) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(
    async (target: string, source: string | undefined, object: string | undefined, timestamp: string | undefined) => {
      if (source !== undefined && object === undefined) {
        throw new KheadersPackError('E_OPTION_VALUE', { option: 'OBJLIST', value: '', expected: 'it, with SRCLIST' });
      }
      const lists = source === undefined ? undefined : { source, object: object ?? '', timestamp: timestamp ?? '' };
      const options = { ...flagsOf(command), target, lists };
      await orFailureJson(options.json, () => makeTarget(options));
    },
  );
}

function kbuildOptions(): Option[] {
  return [
    ...contentOptions()
      .filter(({ long }) => !SETTLED.includes(long ?? ''))
      .map(option => {
        const own = DEFAULTS[option.long ?? ''];
        return own === undefined ? option : restated(option, own);
      }),
    new Option('--no-compat', "begin with pack's own defaults instead of gen_kheaders.sh's contents"),
    new Option('--dedup', 'store files of equal content once, as hard links'),
    new Option('-j, --jobs <N>', "worker threads (default: make's -j, as its jobserver allows)"),
    new Option('--cache [DIR]', "keep finished Blocks for the next build, in DIR or the user's cache (default: none)"),
    new Option('--remote-cache <URL>', 'share Blocks through an HTTP cache server'),
    new Option(
      '--json [=FILE]',
      'whether and why the archive was made, and its summary, as JSON; after a failure the error',
    ),
    new Option('-q, --quiet', 'print errors only'),
    new Option('-v, --verbose', 'print where the time and the memory went'),
  ];
}

/** The options of the command line over those of KHEADERS_PACK_FLAGS. */
function flagsOf(command: Command): Flags {
  const words = (process.env['KHEADERS_PACK_FLAGS'] ?? '').split(/\s+/).filter(word => word !== '');
  const variable = new Command('KHEADERS_PACK_FLAGS').copyInheritedSettings(command).helpOption(false);
  variable.showHelpAfterError('(in KHEADERS_PACK_FLAGS; run kheaders-pack kbuild --help for the options)');
  for (const option of kbuildOptions()) variable.addOption(option);
  variable.parse(words, { from: 'user' });
  const said = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return { ...variable.opts<Flags>(), ...Object.fromEntries(said) };
}

async function makeTarget(options: KbuildOptions & Flags): Promise<void> {
  const { json, verbose, ...asked } = options;
  let made: string | null = null;
  const print = (line: string): void => void (asked.quiet === true || process.stderr.write(`${line}\n`));
  // What would be said again in every build is said in those that make the archive.
  const held: string[] = [];
  const onNotice = (notice: string): void => void (made === null ? held.push(notice) : print(notice));
  const onChoice = verbose === true ? onNotice : (): void => undefined;
  const settings = resolveKbuild({ ...asked, onNotice, onChoice }, gatherEnvironment());
  // With lists kbuild prints the line itself.
  const isSaid = !settings.isSilent && settings.lists === null && json !== '-';
  const summary = await kbuild(settings, async reason => {
    made = reason;
    held.forEach(print);
    const why = settings.isExplained ? ` - due to: ${reason}` : '';
    if (isSaid) await writeData('-', `  GEN     ${settings.name}${why}\n`);
  });
  if (json !== undefined) await writeData(json, reportJson(settings.name, made, summary));
  if (summary !== null && verbose === true) process.stderr.write(summaryText(summary, true));
}

function reportJson(target: string, reason: string | null, summary: PackSummary | null): string {
  return asJson({ schema: 'kheaders-pack/kbuild-report/1', target, made: reason !== null, reason, summary });
}
