import { Command, Option } from 'commander';
import { extract } from '../archive/extract/extract.js';
import { visible } from '../bytes/bytePath.js';
import { formatSize } from '../bytes/size.js';
import { KheadersPackError } from '../errors.js';
import type { ExtractSummary } from '../model/extract.js';
import type { ExtractOptions, Written } from '../settings/extract.js';
import type { NamedBytes } from '../settings/reading.js';
import { isSameFile } from '../settings/sameFile.js';
import { ARCHIVE_HELP, archiveIn } from './archiveArgument.js';
import { addNotes, PATTERN_HELP } from './helpText.js';
import { asJson, errorFacts, orFailureJson, writeFailure } from './json.js';
import { ProgressBar } from './progressBar.js';
import { readingOptions } from './readingOptions.js';
import { writeData } from './writeData.js';

const HELP = `
${ARCHIVE_HELP}
Without ARCHIVE: the running kernel's, /sys/kernel/kheaders.tar.xz.

${PATTERN_HELP}

Safety: nothing is written outside DIR. Refused, by name, are absolute names, "..", names with NUL, symbolic links
that lead out of DIR, hard links to what was not extracted, devices, FIFOs, setuid, setgid and sticky bits, entries
below a link or a file, and files, links and directories in each other's place. Names that differ in case or Unicode
normalisation alone are refused where DIR's file system takes them for one, and everywhere with --portable. No link in
DIR is followed. Refusing ends the extraction; what was written before is listed. So does damage; a Block's Check is
known when its contents have been written, so who must not have a wrong one verifies first.

Existing files are replaced by a rename, links too; existing directories stay and keep their permissions. Permission
bits are those of the archive without the umask, for root too; times are those of the archive, to the microsecond;
owners are not set. A hard link to a file that is left out becomes a file with its content; from a pipe, which cannot be
read again, it is refused. One to a symbolic link becomes a symbolic link of its own, under the same rules.

Examples:
  kheaders-pack extract kheaders.tar.xz -C /tmp/headers
  kheaders-pack extract kheaders.tar.xz 'include/linux/**' bpf.h
  kheaders-pack extract /boot/vmlinuz-6.1.0 --archive-to kheaders.tar.xz
  kheaders-pack extract bundle.tar.xz --kernel 6.1.0-53-amd64 -C headers
  ssh host cat /sys/kernel/kheaders.tar.xz | kheaders-pack extract - -C headers --json`;

interface Flags extends Omit<ExtractOptions, 'archive' | 'patterns'> {
  json?: string;
  quiet?: true;
  verbose?: true;
  archiveTo?: string;
}

/** `kheaders-pack extract`. */
export function extractCommand(program: Command): Command {
  const command = new Command('extract')
    .summary('unpack an archive, never outside the directory')
    .description('Unpacks a .tar.xz. Nothing is written outside the directory.')
    .argument('[ARCHIVE]', "the archive, or an image that it is in (default: the running kernel's)")
    .argument('[PATTERN...]', 'what to extract (default: everything)');
  addNotes(command, HELP);
  for (const option of [...ownOptions(), ...readingOptions(), ...reportOptions()]) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(runExtract);
}

function ownOptions(): Option[] {
  return [
    new Option('-C, --directory <DIR>', 'where to extract; made if only it is missing (default: here)'),
    new Option('--strip-components <N>', 'take N leading components off names (default: 0)'),
    new Option('--kernel <NAME>', "one kernel of a bundle: its directory's contents"),
    new Option('--portable', 'refuse names that differ in case or normalisation alone, wherever DIR lies'),
    new Option('--archive-to <FILE>', 'write the archive that is in an image to FILE, byte for byte; unpack nothing'),
    new Option('--outside-links', 'make symbolic links that lead out of DIR, too'),
  ];
}

function reportOptions(): Option[] {
  return [
    new Option(
      '--json [=FILE]',
      'the summary as JSON, to standard output or FILE; after a failure with what was written',
    ),
    new Option('-q, --quiet', 'print errors only'),
    new Option('-v, --verbose', 'print the names of what is extracted'),
  ];
}

async function runExtract(given: string | undefined, patterns: readonly string[], flags: Flags): Promise<void> {
  const { json, quiet, verbose, archiveTo, ...options } = flags;
  const bar = new ProgressBar(quiet !== true && verbose !== true);
  const note = (notice: string): void => {
    if (quiet !== true) bar.note(notice);
  };
  const archive = await orFailureJson(json, () => {
    if (quiet === true && verbose === true) {
      const reason = 'they ask for opposite things';
      throw new KheadersPackError('E_OPTION_CONFLICT', { first: '--quiet', second: '--verbose', reason });
    }
    if (archiveTo !== undefined) requireCutOutAlone(given, archiveTo, patterns, flags);
    return archiveIn(given, options, note);
  });
  if (archiveTo !== undefined) return cutOut(archive, archiveTo);
  const written: Written[] = [];
  const asked: ExtractOptions = {
    ...options,
    archive,
    patterns,
    onProgress: progress => bar.show(progress),
    onNotice: note,
    onWritten: entry => {
      written.push(entry);
      if (verbose === true) process.stderr.write(`${lineOf(entry)}\n`);
    },
  };
  try {
    const summary = await extract(asked).finally(() => bar.end());
    if (json !== undefined) await writeData(json, asJson(summary));
    if (quiet !== true) process.stderr.write(summaryText(summary));
  } catch (error) {
    if (json !== undefined) await writeFailure(json, failureOf(error, written));
    // With --verbose each was named already.
    else if (verbose !== true && written.length > 0) process.stderr.write(writtenText(written));
    throw error;
  }
}

/** What is said of the unpacking. */
const UNPACKING = [
  ['directory', '--directory'],
  ['stripComponents', '--strip-components'],
  ['kernel', '--kernel'],
  ['portable', '--portable'],
  ['outsideLinks', '--outside-links'],
  ['json', '--json'],
  ['verbose', '--verbose'],
] as const satisfies readonly (readonly [keyof Flags, string])[];

function requireCutOutAlone(image: string | undefined, path: string, patterns: readonly string[], flags: Flags): void {
  if (patterns.length > 0) throw notWithCutOut('PATTERN', 'the archive is written whole');
  const given = UNPACKING.find(([key]) => flags[key] !== undefined);
  if (given !== undefined) throw notWithCutOut(given[1], 'nothing is unpacked');
  if (image !== undefined && isSameFile(image, path)) throw notWithCutOut(image, 'it is the image itself');
}

/** Writes what was found in an image as it is. */
async function cutOut(archive: string | NamedBytes, path: string): Promise<void> {
  if (typeof archive === 'string') throw notWithCutOut(archive, 'it is no image that an archive can be cut out of');
  if (path === '-' && process.stdout.isTTY === true)
    throw new KheadersPackError('E_TERMINAL', { option: '--archive-to FILE' });
  await writeData(path, archive.bytes);
}

function notWithCutOut(first: string, reason: string): KheadersPackError {
  return new KheadersPackError('E_OPTION_CONFLICT', { first, second: '--archive-to', reason });
}

/** With what is in the directory after it. */
function failureOf(error: unknown, written: readonly Written[]): object {
  return { schema: 'kheaders-pack/extract-failure/1', error: errorFacts(error), written };
}

function writtenText(written: readonly Written[]): string {
  const count = written.length === 1 ? '1 entry' : `${written.length} entries`;
  return `Written before the failure, ${count}:\n${written.map(entry => `  ${lineOf(entry)}\n`).join('')}`;
}

/** On one line, whatever the name holds. */
function lineOf(entry: Written): string {
  return entry.path === '' ? './' : `${visible(entry.path)}${entry.kind === 'directory' ? '/' : ''}`;
}

function summaryText(summary: ExtractSummary): string {
  const { files } = summary;
  return (
    `${files.regular + files.hardLinks} files (${files.hardLinks} as hard links), ${files.symbolicLinks} symbolic links, ` +
    `${files.directories} directories: ${formatSize(summary.bytes)} in ${summary.target}, ${summary.seconds.toFixed(2)} s\n`
  );
}
