import { Command, Option } from 'commander';
import { list } from '../archive/reading/list.js';
import type { ReadingOptions } from '../settings/reading.js';
import { ARCHIVE_HELP, archiveIn } from './archiveArgument.js';
import { withOutput } from './batchedOutput.js';
import { addNotes, PATTERN_HELP } from './helpText.js';
import { errorFacts, orFailureJson } from './json.js';
import { Listing } from './listing.js';
import { ProgressBar } from './progressBar.js';
import { readingOptions } from './readingOptions.js';

const HELP = `
${ARCHIVE_HELP}
Without ARCHIVE: the running kernel's, /sys/kernel/kheaders.tar.xz.

${PATTERN_HELP}

Columns are those of tar -tv: mode, owner/group, size, time, name, and where a link leads. Times are in UTC; sizes are
those of what is stored: of a sparse file what its parts take. A device has its numbers there. Control characters and bytes
that are not UTF-8 are escaped; --json has them as they are, in base64.

Examples:
  kheaders-pack list kheaders.tar.xz
  kheaders-pack list kheaders.tar.xz 'include/linux/*.h'
  kheaders-pack list kheaders.tar.xz --json | jq '.entries[] | select(.size > 1000000).path'
  ssh host cat /sys/kernel/kheaders.tar.xz | kheaders-pack list -`;

interface Flags extends Omit<ReadingOptions, 'archive'> {
  json?: string;
  quiet?: true;
}

/** `kheaders-pack list`. */
export function listCommand(program: Command): Command {
  const command = new Command('list')
    .summary('list what is in an archive, as tar -tv does')
    .description('Lists the entries of a .tar.xz, in their order.')
    .argument('[ARCHIVE]', "the archive, or an image that it is in (default: the running kernel's)")
    .argument('[PATTERN...]', 'what to list (default: everything)');
  addNotes(command, HELP);
  const json = new Option(
    '--json [=FILE]',
    'entries as JSON, to standard output or FILE; on standard output, after a failure, with the error',
  );
  const quiet = new Option('-q, --quiet', 'print the listing and errors only');
  for (const option of [...readingOptions(), json, quiet]) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(runList);
}

async function runList(given: string | undefined, patterns: readonly string[], flags: Flags): Promise<void> {
  const { json, quiet, ...options } = flags;
  // On a terminal the lines themselves are progress.
  const bar = new ProgressBar(quiet !== true && (json !== undefined || process.stdout.isTTY !== true));
  const onNotice = (notice: string): void => {
    if (quiet !== true) bar.note(notice);
  };
  // A listing in a file is whole, or what was there before stays.
  const toTell = json === '-' ? json : undefined;
  const archive = await orFailureJson(toTell, () => archiveIn(given, options, onNotice));
  const name = typeof archive === 'string' ? archive : archive.name;
  const asked = { ...options, archive, patterns, onProgress: bar.show.bind(bar), onNotice };
  await withOutput(json ?? '-', async output => {
    if (json === undefined) {
      const listing = new Listing();
      await list(asked, entry => output.write(listing.lineOf(entry)));
      return;
    }
    // One object, written piece by piece: the whole of it may be larger than memory.
    await output.write(`{\n  "schema": "kheaders-pack/list/1",\n  "archive": ${JSON.stringify(name)},\n  "entries": [`);
    let separator = '\n';
    const listed = list(asked, async entry => {
      await output.write(`${separator}    ${JSON.stringify(entry)}`);
      separator = ',\n';
    });
    try {
      await listed;
    } catch (error) {
      // What was found is of use, and who reads JSON needs its end.
      await output.write(`\n  ],\n  "error": ${JSON.stringify(errorFacts(error))}\n}\n`);
      throw error;
    }
    await output.write('\n  ]\n}\n');
  }).finally(() => bar.end());
}
