import { Command, CommanderError } from 'commander';
import { EXIT, type Outcome } from './exit.js';
import { addNotes } from './helpText.js';
import { writeData } from './writeData.js';

type Load = (program: Command, outcome: Outcome) => Promise<Command>;

/** Each is loaded when it is asked for: what packing needs takes longer to load than a small archive to verify. */
const COMMANDS: Readonly<Record<string, Load>> = {
  pack: async program => (await import('./packCommand.js')).packCommand(program),
  list: async program => (await import('./listCommand.js')).listCommand(program),
  cat: async program => (await import('./catCommand.js')).catCommand(program),
  extract: async program => (await import('./extractCommand.js')).extractCommand(program),
  verify: async (program, outcome) => (await import('./verifyCommand.js')).verifyCommand(program, outcome),
  diff: async (program, outcome) => (await import('./diffCommand.js')).diffCommand(program, outcome),
  bench: async (program, outcome) => (await import('./benchCommand.js')).benchCommand(program, outcome),
  cache: async (program, outcome) => (await import('./cacheCommand.js')).cacheCommand(program, outcome),
  kbuild: async program => (await import('./kbuildCommand.js')).kbuildCommand(program),
  module: async program => (await import('./moduleCommand.js')).moduleCommand(program),
  completion: async program => (await import('./completionCommand.js')).completionCommand(program, wholeProgram),
};
const DEFAULT_COMMAND = 'pack';

const DESCRIPTION = 'Packs the headers of a Linux kernel tree into a reproducible kheaders.tar.xz, in parallel.';

const EXAMPLES = `
Examples:
  kheaders-pack                              this tree, or the running kernel's
  kheaders-pack ~/linux -o /tmp/k.tar.xz     another tree, to another place
  kheaders-pack --jobs 16 --compat           gen_kheaders.sh's tar, byte for byte
  make cmd_genikh='kheaders-pack kbuild $@'  in a kernel's own build
  kheaders-pack list kheaders.tar.xz         what is in an archive
  kheaders-pack diff old.tar.xz new.tar.xz   how two differ, the cause first
  source <(kheaders-pack completion bash)    teach the shell
  kheaders-pack pack --help                  all options of the default command

The same tree, settings and time stamp give the same bytes, whatever the jobs, machine, user or time.

Exit codes: 0 done, 1 a negative answer, 2 trouble; 128 + number after a signal; 141 when a pipe's reader went away.`;

/**
 * Runs a command line and gives its exit code.
 *
 * @throws KheadersPackError
 */
export async function run(args: readonly string[]): Promise<number> {
  let help = '';
  const outcome: Outcome = { exitCode: EXIT.done };
  const program = await programWith(asked(args), outcome, text => {
    help += text;
  });
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

/** The program with every command, for whoever describes it or reads a line without running it. */
export function wholeProgram(): Promise<Command> {
  return programWith(Object.keys(COMMANDS), { exitCode: EXIT.done }, () => undefined);
}

async function programWith(
  names: readonly string[],
  outcome: Outcome,
  writeOut: (text: string) => void,
): Promise<Command> {
  const program = new Command('kheaders-pack')
    .description(DESCRIPTION)
    .option('-V, --version', 'print the version (with --verbose: codec and build)')
    .configureOutput({ writeOut, outputError: (text, write) => write(text.replace(/^error: /, 'kheaders-pack: ')) })
    .configureHelp({ subcommandTerm: command => command.name() })
    .exitOverride();
  addNotes(program, EXAMPLES);
  for (const name of names) {
    const command = await COMMANDS[name]?.(program, outcome);
    if (command === undefined) continue;
    pointToHelp(command, `kheaders-pack ${name}`);
    program.addCommand(command, { isDefault: name === DEFAULT_COMMAND });
  }
  return program;
}

/** After a usage error: the help of the command that was called, and of each below it. */
function pointToHelp(command: Command, line: string): void {
  command.showHelpAfterError(`(run ${line} --help for the options)`);
  for (const below of command.commands) pointToHelp(below, `${line} ${below.name()}`);
}

/** The command that a line begins with; for any other beginning all of them, for help, or the default. */
function asked(args: readonly string[]): string[] {
  const [first = ''] = args;
  if (Object.hasOwn(COMMANDS, first)) return [first];
  const isHelp = ['help', '--help', '-h'].includes(first);
  const names = Object.keys(COMMANDS);
  return isHelp ? names : names.filter(name => name === DEFAULT_COMMAND || args.includes(name));
}

/** `--json` alone means standard output; spelled out, it cannot swallow the argument behind it. */
function spelledOut(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => (arg === '--json' && (end === -1 || i < end) ? '--json=-' : arg));
}
