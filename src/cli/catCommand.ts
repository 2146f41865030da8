import { Command, Option } from 'commander';
import { cat } from '../archive/reading/cat.js';
import type { CatOptions } from '../settings/list.js';
import { ARCHIVE_HELP, archiveIn } from './archiveArgument.js';
import { withOutput } from './batchedOutput.js';
import { addNotes } from './helpText.js';
import { readingOptions } from './readingOptions.js';

const HELP = `
${ARCHIVE_HELP}

Members are printed once each, in the archive's order, whatever the order they are named in; a ./ before a name may be
left out. Of several members of one name it is the first, of which extract leaves the last. A hard link is printed as
the content that it stands for, a symbolic link is said to be one.

Of a file, only the Blocks that hold the members are decoded, once for up to 32 MiB of contents, and the beginnings of a
few to find them, seldom a whole one: with --manifest none, else by the order of the entries. An archive that is in no
order of ours, or has few Blocks, is searched from its start. A pipe is read to its end, with --manifest too.

Examples:
  kheaders-pack cat kheaders.tar.xz include/linux/bpf.h
  kheaders-pack cat kheaders.tar.xz include/linux/sched.h --manifest kheaders.tar.xz.manifest.json | less`;

interface Flags extends Omit<CatOptions, 'archive' | 'members'> {
  quiet?: true;
}

/** `kheaders-pack cat`. */
export function catCommand(program: Command): Command {
  const command = new Command('cat')
    .summary('print members of an archive')
    .description('Prints the contents of members of a .tar.xz.')
    .argument('<ARCHIVE>', 'the archive, or an image that it is in')
    .argument('<MEMBER...>', 'names of members');
  addNotes(command, HELP);
  const manifest = new Option('--manifest <FILE>', "the archive's manifest, which says where members lie");
  const quiet = new Option('-q, --quiet', 'print the contents and errors only');
  for (const option of [manifest, ...readingOptions(), quiet]) command.addOption(option);
  command.copyInheritedSettings(program);
  return command.action(async (given: string, members: readonly string[], flags: Flags) => {
    const { quiet: isQuiet, ...options } = flags;
    const onNotice = (notice: string): void => {
      if (isQuiet !== true) process.stderr.write(`${notice}\n`);
    };
    const archive = await archiveIn(given, options, onNotice);
    await withOutput('-', output => cat({ ...options, archive, members, onNotice }, bytes => output.writeBytes(bytes)));
  });
}
