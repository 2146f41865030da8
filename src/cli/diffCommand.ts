import { Command, Option } from 'commander';
import { BOUNDS } from '../archive/diff/bounds.js';
import { diff } from '../archive/diff/diff.js';
import type { DiffOptions } from '../settings/diff.js';
import { withOutput } from './batchedOutput.js';
import { diffText } from './diffReport.js';
import { EXIT, exitCodeOf, type Outcome, report as tell } from './exit.js';
import { addNotes } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { ProgressBar } from './progressBar.js';
import { readingOptions } from './readingOptions.js';

const HELP = `
The first lines name the cause: a setting, a changed header and what changed in it, a time stamp, another order, or
compression alone. Settings come from the manifests where they are at hand, else from what the archives show. Archives
of gen_kheaders.sh, or of any tar and xz, can stand on either side.

However high --limit and --lines are, lines are shown of up to ${BOUNDS.files} changed files, of those with up to ${BOUNDS.fileMiB} MiB each,
${BOUNDS.totalMiB} MiB in all, and up to ${BOUNDS.changedLines} changed lines. Of any other it is said why not.

Exit codes: 0 the archives are the same, 1 they differ, 2 trouble.

Examples:
  kheaders-pack diff old.tar.xz new.tar.xz
  kheaders-pack diff --limit all --lines all a.tar.xz b.tar.xz | less -R
  kheaders-pack diff --json a.tar.xz b.tar.xz | jq -r '.causes[].text'`;

interface Flags extends DiffOptions {
  json?: string;
  quiet?: true;
}

/** `kheaders-pack diff A B`. */
export function diffCommand(program: Command, outcome: Outcome): Command {
  const command = new Command('diff')
    .summary('explain how two archives differ')
    .description('Compares two archives and says what their differences come from.')
    .argument('<A>', 'an archive: a file, for it is read more than once')
    .argument('<B>', 'another one');
  addNotes(command, HELP);
  const options = [
    new Option('--manifest-a <FILE>', "A's manifest (default: A.manifest.json, where that is A's)"),
    new Option('--manifest-b <FILE>', "B's manifest (default: B.manifest.json, where that is B's)"),
    new Option('--limit <N>', 'changed files to show, or all (default: 5)'),
    new Option('--lines <N>', 'lines to show of each, or all (default: 40)'),
    ...readingOptions(),
    new Option('--json [=FILE]', 'the report as JSON, to standard output or FILE; after a failure the error'),
    new Option('-q, --quiet', 'print nothing but errors: the exit code tells'),
  ];
  for (const option of options) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action((a: string, b: string, flags: Flags) =>
    orFailureJson(flags.json, () => run(a, b, flags, outcome)).catch(error => notComparable(error, outcome)),
  );
}

async function run(a: string, b: string, flags: Flags, outcome: Outcome): Promise<void> {
  const { json, quiet, ...asked } = flags;
  const bar = new ProgressBar(quiet !== true);
  const report = await diff(a, b, {
    ...asked,
    onProgress: progress => bar.show(progress),
    onNotice: notice => quiet !== true && bar.note(notice),
  }).finally(() => bar.end());
  if (report.verdict !== 'same') outcome.exitCode = EXIT.negative;
  if (json !== undefined) await withOutput(json, output => output.write(asJson(report)));
  else if (quiet !== true) await withOutput('-', output => output.write(diffText(report)));
}

/** A damaged archive is no answer to how two differ: that it is damaged is said, and it is trouble. */
function notComparable(error: unknown, outcome: Outcome): void {
  if (exitCodeOf(error) !== EXIT.negative) throw error;
  tell(error);
  outcome.exitCode = EXIT.trouble;
}
