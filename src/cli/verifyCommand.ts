import { Command, Option } from 'commander';
import { verify } from '../archive/verify/verify.js';
import type { VerifyReport } from '../model/verifyReport.js';
import type { VerifyOptions } from '../settings/verify.js';
import { ARCHIVE_HELP, archiveIn } from './archiveArgument.js';
import { withOutput } from './batchedOutput.js';
import { contentOptions, restated } from './contentOptions.js';
import { EXIT, type Outcome } from './exit.js';
import { addNotes } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { ProgressBar } from './progressBar.js';
import { readingOptions } from './readingOptions.js';
import { verifyText } from './verifyReport.js';

const HELP = `
${ARCHIVE_HELP}
Without ARCHIVE: the running kernel's, /sys/kernel/kheaders.tar.xz. With --container a file is an .xz file and nothing
else.

Without TREE: integrity. Container, Checks and the tar's structure; with --manifest all that it says: sizes, names,
offsets, and the digests of archive, Blocks and contents. --container looks at the .xz file alone, whatever is inside.

With TREE: reproducibility. The archive is rebuilt with the manifest's settings and compared, and no second archive is
written. Without a manifest, settings are those of the options above; what is not said is inferred from the archive and
printed. Where the compressed bytes cannot be made here (another codec version, gen_kheaders.sh's archives), the tars
are compared: "contents reproduced" is exit code 1, or 0 with --contents.

--vary rebuilds under several job counts, arrivals of Blocks, time zones, locales, umasks, orders of directories and from
a copied path, each in a process of its own, and says which of them matter. An archive that is bad or unsupported is not
rebuilt.

Exit codes: 0 good or reproduced, 1 bad or not reproduced, 2 trouble, or valid and unsupported.

Examples:
  kheaders-pack verify kheaders.tar.xz
  kheaders-pack verify kheaders.tar.xz --manifest kheaders.tar.xz.manifest.json
  kheaders-pack verify kheaders.tar.xz --manifest kheaders.tar.xz.manifest.json linux --objtree build
  kheaders-pack verify --vary kheaders.tar.xz --manifest kheaders.tar.xz.manifest.json linux --objtree build
  kheaders-pack verify --contents /sys/kernel/kheaders.tar.xz linux --objtree build
  curl -s https://example.org/file.xz | kheaders-pack verify --container -`;

interface Flags extends Omit<VerifyOptions, 'trees' | 'nul'> {
  null?: true;
  vary?: true;
  json?: string;
  quiet?: true;
}

/** `kheaders-pack verify ARCHIVE [TREE...]`. */
export function verifyCommand(program: Command, outcome: Outcome): Command {
  const command = new Command('verify')
    .summary('check an archive, or that it can be rebuilt')
    .description("Checks an archive's integrity, or that it can be made again from its trees.")
    .argument('[ARCHIVE]', "the archive, or an image that it is in; - without TREE (default: the running kernel's)")
    .argument('[TREE...]', 'the kernel trees that it was made from; NAME=TREE in a bundle');
  addNotes(command, HELP);
  const rebuilding = contentOptions().filter(option => option.long !== '--from-tar');
  for (const option of ownOptions()) command.addOption(option);
  for (const option of rebuilding)
    command.addOption(
      restated(option, null).helpGroup('Rebuilding without a manifest (default: as the archive shows):'),
    );
  command.copyInheritedSettings(program);
  return command.action((archive: string | undefined, trees: string[], flags: Flags) =>
    orFailureJson(flags.json, () => run(archive, trees, flags, outcome)),
  );
}

function ownOptions(): Option[] {
  return [
    new Option('--manifest <FILE>', 'what the archive has to be, and how it is rebuilt'),
    new Option('--container', 'check the .xz container and its Checks alone'),
    new Option('--contents', 'compare contents alone, however they were compressed'),
    new Option('--first', 'stop at the first difference'),
    new Option('--vary', 'rebuild under varied circumstances, and say which matter'),
    ...readingOptions(),
    new Option('--json [=FILE]', 'the report as JSON, to standard output or FILE; after a failure the error'),
    new Option('-q, --quiet', 'print nothing but errors: the exit code tells'),
  ];
}

const EXIT_OF: Readonly<Record<VerifyReport['verdict'], number>> = {
  good: EXIT.done,
  reproduced: EXIT.done,
  bad: EXIT.negative,
  'contents reproduced': EXIT.negative,
  'not reproduced': EXIT.negative,
  unsupported: EXIT.trouble,
};

async function run(given: string | undefined, trees: string[], flags: Flags, outcome: Outcome): Promise<void> {
  const { null: nul, vary: isVaried, json, quiet, dedup, ...options } = flags;
  const bar = new ProgressBar(quiet !== true);
  const note = (notice: string): void => {
    if (quiet !== true) bar.note(notice);
  };
  const asked: VerifyOptions = {
    ...options,
    trees,
    nul,
    // commander sets the positive of a --no option by itself; only the negative was said.
    dedup: dedup === false ? false : undefined,
    onProgress: progress => bar.show(progress),
    onNotice: note,
  };
  // A container is checked as it is, whatever it may be a part of or hold.
  const isPlain = flags.container === true && given !== undefined;
  const archive = isPlain ? given : await archiveIn(given, flags, note);
  if (isVaried === true) {
    const { vary, varyText } = await loadVary();
    const report = await vary(archive, asked).finally(() => bar.end());
    if (report.schema === 'kheaders-pack/verify/1') return tell(report, flags, outcome);
    outcome.exitCode = report.verdict === 'reproduced' ? EXIT.done : EXIT.negative;
    await answer(json, quiet, report, () => varyText(report));
    return;
  }
  await tell(await verify(archive, asked).finally(() => bar.end()), flags, outcome);
}

async function tell(report: VerifyReport, { contents, json, quiet }: Flags, outcome: Outcome): Promise<void> {
  const isEnough = report.verdict === 'contents reproduced' && contents === true;
  outcome.exitCode = isEnough ? EXIT.done : EXIT_OF[report.verdict];
  if (report.verdict === 'unsupported') {
    // Not bad, and not known to be good: that is trouble, which standard error is for.
    process.stderr.write(`kheaders-pack: Cannot verify "${report.archive}": unsupported: ${report.findings[0]}\n`);
    if (json === undefined) return;
  }
  await answer(json, quiet, report, () => verifyText(report));
}

/** Loaded when it is asked for: it has what packing needs. */
async function loadVary() {
  const [{ vary }, { varyText }] = await Promise.all([import('./vary/vary.js'), import('./vary/varyReport.js')]);
  return { vary, varyText };
}

async function answer(
  json: string | undefined,
  quiet: true | undefined,
  report: object,
  text: () => string,
): Promise<void> {
  if (json !== undefined) await withOutput(json, output => output.write(asJson(report)));
  else if (quiet !== true) await withOutput('-', output => output.write(text()));
}
