import { Command, Option } from 'commander';
import { shellLine } from '../bytes/shellLine.js';
import { formatBytes } from '../bytes/size.js';
import { writeModule } from '../image/moduleSources.js';
import { gatherEnvironment } from '../settings/environment.js';
import { type ModuleOptions, resolveModule } from '../settings/module.js';
import { addNotes } from './helpText.js';
import { asJson, orFailureJson } from './json.js';
import { ProgressBar } from './progressBar.js';
import { readingOptions } from './readingOptions.js';
import { writeData } from './writeData.js';

const HELP = `
For kernels built without CONFIG_IKHEADERS, as most distributions' are: BCC, bpftrace and others look for the archive in
/sys/kernel. The archive is read to its end first; a bad one is refused, and nothing is written.

Examples:
  kheaders-pack module kheaders.tar.xz -C kheaders-module
  make -C kheaders-module && insmod kheaders-module/kheaders_archive.ko
  kheaders-pack -o - | kheaders-pack module - -C kheaders-module`;

interface Flags extends Omit<ModuleOptions, 'archive'> {
  json?: string;
  quiet?: true;
}

/** `kheaders-pack module`. */
export function moduleCommand(program: Command): Command {
  const command = new Command('module')
    .summary('write a kernel module that shows an archive in sysfs')
    .description('Writes the sources of a kernel module that shows ARCHIVE as /sys/kernel/kheaders.tar.xz.')
    .argument('<ARCHIVE>', 'the archive; - is standard input')
    .requiredOption('-C, --directory <DIR>', 'a new or empty directory');
  addNotes(command, HELP);
  const json = new Option(
    '--json [=FILE]',
    'what was written as JSON, to standard output or FILE; after a failure the error',
  );
  const quiet = new Option('-q, --quiet', 'print errors only');
  for (const option of [...readingOptions(), json, quiet]) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action((archive: string, flags: Flags) => orFailureJson(flags.json, () => runModule(archive, flags)));
}

async function runModule(archive: string, flags: Flags): Promise<void> {
  const { json, quiet, ...options } = flags;
  const bar = new ProgressBar(quiet !== true);
  const asked: ModuleOptions = {
    ...options,
    archive,
    onProgress: progress => bar.show(progress),
    onNotice: notice => quiet !== true && bar.note(notice),
  };
  const summary = await writeModule(resolveModule(asked, gatherEnvironment())).finally(() => bar.end());
  if (json !== undefined) await writeData(json, asJson(summary));
  if (quiet === true) return;
  const { directory, archive: written } = summary;
  const next = shellLine(['make', '-C', directory]);
  process.stderr.write(`Wrote ${directory} with an archive of ${formatBytes(written.size)}: ${next}\n`);
}
