import { Command } from 'commander';
import { choiceOf } from '../settings/choice.js';
import { addNotes } from './helpText.js';
import { ListedArgument } from './listed.js';
import { referenceOf } from './reference/reference.js';
import { SHELLS } from './reference/shells.js';
import { writeData } from './writeData.js';

const HELP = `
The package has these scripts as files too, and a manual page: dist/share holds them as /usr/share does.

Examples:
  source <(kheaders-pack completion bash)        in ~/.bashrc
  kheaders-pack completion zsh > "\${fpath[1]}/_kheaders-pack"
  kheaders-pack completion fish > ~/.config/fish/completions/kheaders-pack.fish`;

const NAMES = ['bash', 'zsh', 'fish'] as const;

/**
 * `kheaders-pack completion`.
 *
 * @param wholeProgram gives the program with all its commands
 */
export function completionCommand(program: Command, wholeProgram: () => Promise<Command>): Command {
  const command = new Command('completion')
    .summary("print a shell's completion script")
    .description('Prints what makes a shell complete command lines of kheaders-pack.')
    .addArgument(new ListedArgument('<SHELL>', 'bash, zsh or fish', NAMES));
  addNotes(command, HELP);
  command.copyInheritedSettings(program);
  return command.action(async (given: string) => {
    const shell = choiceOf('SHELL', given, NAMES);
    await writeData('-', SHELLS[shell].script(referenceOf(await wholeProgram())));
  });
}
