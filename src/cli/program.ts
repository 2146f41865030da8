import { Command, CommanderError } from 'commander';
import { EXIT, type Outcome } from './exit.js';
import { packCommand } from './packCommand.js';
import { writeData } from './writeData.js';

const DESCRIPTION = 'Packs the headers of a Linux kernel tree into a reproducible kheaders.tar.xz, in parallel.';

const EXAMPLES = `
Examples:
  kheaders-pack                            pack the kernel tree here, or the running kernel's headers
  kheaders-pack ~/linux -o /tmp/k.tar.xz   pack another tree to another place
  kheaders-pack --jobs 16 --compat         the tar of gen_kheaders.sh, byte for byte, in parallel
  kheaders-pack pack --help                all options of the default command

The same tree, settings and time stamp give the same bytes, whatever the jobs, machine, user or time.
Exit codes: 0 done, 1 a negative answer, 2 trouble; 128 + number after a signal; 141 when a pipe's reader went away.`;

/** What makes a command. */
type CommandMaker = (program: Command, outcome: Outcome) => Command;

/**
 * The commands beside pack, in the order of the help text. Each is loaded when it is called, or when help is: a pack that
 * finds everything in its cache takes little longer than loading the program.
 */
const COMMANDS: Readonly<Record<string, () => Promise<CommandMaker>>> = {
  cache: async () => (await import('./cacheCommand.js')).cacheCommand,
};

function loadersFor(args: readonly string[]): (() => Promise<CommandMaker>)[] {
  const called = Object.entries(COMMANDS).find(([name]) => name === args[0]);
  if (called !== undefined) return [called[1]];
  const wantsHelp = args[0] === 'help' || args.includes('--help') || args.includes('-h');
  return wantsHelp ? Object.values(COMMANDS) : [];
}

/**
 * Runs a command line and gives its exit code.
 *
 * @throws KheadersPackError
 */
export async function run(args: readonly string[]): Promise<number> {
  let help = '';
  const outcome: Outcome = { exitCode: EXIT.done };
  const program = new Command('kheaders-pack')
    .description(DESCRIPTION)
    .option('-V, --version', 'print the version (with --verbose: codec and build)')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: text => {
        help += text;
      },
      outputError: (text, write) => write(text.replace(/^error: /, 'kheaders-pack: ')),
    })
    .showHelpAfterError('(run kheaders-pack pack --help for the options)')
    .exitOverride();
  program.addCommand(packCommand(program), { isDefault: true });
  for (const load of loadersFor(args)) program.addCommand((await load())(program, outcome));
  try {
    await program.parseAsync(spelledOut(args), { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return EXIT.trouble;
    await writeData('-', help);
    return EXIT.done;
  }
}

/** `--json` alone means standard output; spelled out, it cannot swallow the argument behind it. */
function spelledOut(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => (arg === '--json' && (end === -1 || i < end) ? '--json=-' : arg));
}
