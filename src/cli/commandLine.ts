import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { KheadersPackError } from '../errors.js';
import { choiceOf } from '../settings/choice.js';
import { BESIDE } from '../settings/diff.js';
import { REPLACEMENT } from '../settings/environment.js';
import { isSameFile } from '../settings/sameFile.js';
import { EXIT, type Outcome } from './exit.js';
import { addNotes } from './helpText.js';
import { asked, COMMAND_NAMES, type CommandName, DEFAULT_COMMAND } from './names.js';
import { writeData } from './writeData.js';

/** How each command is come by. */
export type Commands = Readonly<Partial<Record<CommandName, Load>>>;
type Load = (program: Command, outcome: Outcome) => Promise<Command>;

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

Exit codes: 0 done, 1 a negative answer, 2 trouble; 128 + number after a signal; 141 when an archive's reader went away.`;

/**
 * Runs a command line of these commands and gives its exit code.
 *
 * @throws KheadersPackError
 */
export async function runCommand(args: readonly string[], commands: Commands): Promise<number> {
  requireUtf8(args);
  const [first, about] = args;
  if (first === 'help' && about !== undefined && !about.startsWith('-')) choiceOf('help', about, COMMAND_NAMES);
  let help = '';
  const outcome: Outcome = { exitCode: EXIT.done };
  const program = await programWith(asked(args), commands, outcome, text => {
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

/**
 * A word that is not UTF-8 comes from Node as another one, which as a path is another file's.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
function requireUtf8(args: readonly string[]): void {
  const suspect = args.find(arg => arg.includes(REPLACEMENT));
  if (suspect === undefined || isUtf8(readFileSync('/proc/self/cmdline'))) return;
  const expected = 'UTF-8, which Node takes all words for';
  throw new KheadersPackError('E_OPTION_VALUE', { option: 'the command line', value: suspect, expected });
}

/** The program with the commands of these names. */
export async function programWith(
  names: readonly CommandName[],
  commands: Commands,
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
  program.hook('preAction', (_, command) => {
    const { version } = program.opts<{ version?: true }>();
    // commander takes the program's own option behind any command.
    if (version === true && command.name() !== DEFAULT_COMMAND) command.error("error: unknown option '--version'");
    requireValues(command);
    requireJsonApart(command);
  });
  for (const name of names) {
    const command = await commands[name]?.(program, outcome);
    if (command === undefined) continue;
    pointToHelp(command, `kheaders-pack ${name}`);
    program.addCommand(command, { isDefault: name === DEFAULT_COMMAND });
  }
  return program;
}

/** Arguments that are not empty. */
const FILLED = ['TREE', 'MEMBER'];

/**
 * Most often an empty word is a variable that was not set, and some of our options would take it for the working directory,
 * as would TREE; MEMBER would be the archive's top. Of other arguments some may be empty: kbuild's TIMESTAMP.
 *
 * @throws KheadersPackError `E_OPTION_VALUE`
 */
function requireValues(command: Command): void {
  const given = [
    ...command.options.map(option => [option.long ?? option.flags, command.getOptionValue(option.attributeName())]),
    ...command.registeredArguments.flatMap((argument, i) =>
      FILLED.includes(argument.name()) ? [[argument.name(), command.processedArgs[i]] as const] : [],
    ),
  ] as const;
  for (const [option, value] of given) {
    if (value !== '' && !(Array.isArray(value) && value.includes(''))) continue;
    throw new KheadersPackError('E_OPTION_VALUE', { option, value: '', expected: 'a value that is not empty' });
  }
}

/**
 * What a report is about is not written over with it: the archive that is verified, its manifest, the target that is made.
 *
 * @throws KheadersPackError `E_OPTION_CONFLICT`
 */
function requireJsonApart(command: Command): void {
  const { json } = command.opts<{ json?: string }>();
  if (json === undefined || json === '-') return;
  for (const [name, value] of filesNamed(command)) {
    if (typeof value !== 'string' || !isSameFile(value, json)) continue;
    const facts = { first: `--json=${json}`, second: name, reason: 'it would be written over' };
    throw new KheadersPackError('E_OPTION_CONFLICT', facts);
  }
}

/**
 * Options that name files which are read, or written with what is no report. What `pack` writes, its manifest too, is kept
 * apart by its settings.
 */
const NAMING = ['--manifest', '--manifest-a', '--manifest-b', '--files-from', '--from-tar', '--archive-to'];

/** What a line may name as files, with what each is called there, and the manifests that `diff` finds beside archives. */
function filesNamed(command: Command): (readonly [string, unknown])[] {
  const given = command.registeredArguments.map((each, i) => [each.name(), command.processedArgs[i]] as const);
  const isPack = command.name() === DEFAULT_COMMAND;
  const options = command.options.filter(
    ({ long }) => NAMING.includes(long ?? '') && !(isPack && long === '--manifest'),
  );
  const beside =
    command.name() === 'diff' ? given.map(([name, path]) => [`${name}'s manifest`, `${path}${BESIDE}`] as const) : [];
  return [
    ...given,
    ...options.map(option => [option.long ?? option.flags, command.getOptionValue(option.attributeName())] as const),
    ...beside,
  ];
}

/** After a usage error: the help of the command that was called, and of each below it. */
function pointToHelp(command: Command, line: string): void {
  command.showHelpAfterError(`(run ${line} --help for the options)`);
  for (const below of command.commands) pointToHelp(below, `${line} ${below.name()}`);
}

/** `--json` alone means standard output; spelled out, it cannot swallow the argument behind it. */
function spelledOut(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => (arg === '--json' && (end === -1 || i < end) ? '--json=-' : arg));
}
