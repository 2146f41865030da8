import type { ArgumentReference, CommandReference, OptionReference } from './reference.js';
import { bold, escaped, italic, prose, quoted, verbatim } from './roff.js';
import { VARIABLES } from './variables.js';

const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ['kheaders.tar.xz', 'What is written where no other output is named.'],
  ['/sys/kernel/kheaders.tar.xz', "The running kernel's archive, read where no other is named."],
  ['~/.cache/kheaders-pack', 'Finished Blocks and digests of files. It may be removed at any time.'],
  ['~/.local/state/kheaders-pack/cache-secret', 'What entries of the cache are authenticated with.'],
];

const EXIT_STATUS: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'Done.'],
  ['1', 'A negative answer: the archive is bad, the archives differ, the archive is not reproduced.'],
  ['2', 'Trouble: usage, input, output, a fault of the program.'],
  ['128 + N', 'Signal N ended it. Nothing half-written is left.'],
  ['141', 'The reader of an archive on standard output went away, as if SIGPIPE had ended it.'],
];

/** The manual page, for man(7): every command with its arguments, options, notes and examples. */
export function manPage(program: CommandReference, version: string): string {
  const commands = program.commands.filter(isDescribed);
  const sections = [
    [
      `.TH KHEADERS\\-PACK 1 ${quoted('')} ${quoted(`kheaders-pack ${version}`)} ${quoted('User Commands')}`,
      '.nh',
      '.ad l',
    ],
    ['.SH NAME', escaped('kheaders-pack - make a reproducible kheaders.tar.xz of a kernel tree')],
    ['.SH SYNOPSIS', ...lines(commands.flatMap(leaves).map(synopsis))],
    ['.SH DESCRIPTION', prose(program.description), '.PP', prose(DEFAULT), ...notes(program.help)],
    ['.SH OPTIONS', ...options(program.options)],
    ['.SH COMMANDS', ...commands.flatMap(commandSection)],
    ['.SH EXIT STATUS', ...EXIT_STATUS.flatMap(([code, meaning]) => tagged(bold(code), meaning))],
    ['.SH ENVIRONMENT', ...VARIABLES.flatMap(([name, meaning]) => tagged(bold(name), meaning))],
    ['.SH FILES', ...FILES.flatMap(([path, meaning]) => tagged(italic(path), meaning))],
    ['.SH SEE ALSO', '.BR tar (1),', '.BR xz (1),', '.BR make (1)'],
  ];
  return `${sections.flat().join('\n')}\n`;
}

const DEFAULT =
  'A line that begins with none of the commands below is one of pack: all its options can follow at once.';

/** What commander adds to every command that has others is told once, by --help. */
function isDescribed(command: CommandReference): boolean {
  return command.name !== 'help';
}

/** The command itself, or where it has others, those. */
function leaves(command: CommandReference): CommandReference[] {
  const below = command.commands.filter(isDescribed);
  return below.length === 0 ? [command] : below.flatMap(leaves);
}

function synopsis(command: CommandReference): string {
  const [words = '', rest = ''] = command.usage.split(/(?= [[<])(.*)/s);
  return `${bold(words)}${escaped(rest)}`;
}

function commandSection(command: CommandReference): string[] {
  const below = command.commands.filter(isDescribed);
  return [
    `.SS ${quoted(command.usage)}`,
    prose(command.description),
    ...command.arguments.flatMap(argument),
    ...below.flatMap(each => subcommand(each, command)),
    ...(below.length === 0 ? options(command.options) : []),
    ...notes(command.help),
  ];
}

/** A command below a command: its help text is the other's. */
function subcommand(command: CommandReference, above: CommandReference): string[] {
  const own = command.help === above.help ? [] : notes(command.help);
  return ['.PP', synopsis(command), '.br', prose(command.description), ...options(command.options), ...own];
}

function argument({ shown, description, value }: ArgumentReference): string[] {
  return tagged(italic(shown), `${description}${alternatives(value.words, description)}`);
}

function options(given: readonly OptionReference[]): string[] {
  const groups = [...new Set(given.map(option => option.group))];
  return groups.flatMap(group => [
    ...(groups.length > 1 ? ['.PP', italic(group)] : []),
    ...given.filter(option => option.group === group).flatMap(option),
  ]);
}

function option({ short, long, description, value, giving, isMandatory }: OptionReference): string[] {
  const names = [short, long].filter(name => name !== null).map(bold);
  const words = value === null ? '' : alternatives(value.words, description);
  const shown = value === null ? '' : SHOWN[giving](italic(value.placeholder));
  return tagged(`${names.join(', ')}${shown}`, `${description}${words}${isMandatory ? ' (needed)' : ''}`);
}

const SHOWN: Readonly<Record<OptionReference['giving'], (value: string) => string>> = {
  required: value => ` ${value}`,
  optional: value => ` [${value}]`,
  attached: value => `[=${value}]`,
};

/** The words of a value where the description does not name them all already. */
function alternatives(words: readonly string[], description: string): string {
  return words.every(word => description.includes(word)) ? '' : `; one of ${words.join(', ')}`;
}

function tagged(tag: string, text: string): string[] {
  return ['.TP', tag, prose(text)];
}

/** A help text: paragraphs, and under `Examples:` lines that stay as they are. */
function notes(help: string): string[] {
  return help
    .split(/\n{2,}/)
    .filter(paragraph => paragraph !== '')
    .flatMap(paragraph => {
      const [first = '', ...rest] = paragraph.split('\n');
      if (rest.length === 0 || !rest.every(line => line.startsWith('  '))) return ['.PP', prose(paragraph)];
      return ['.PP', italic(first), verbatim(rest.map(line => line.slice(2)))];
    });
}

function lines(given: readonly string[]): string[] {
  return given.flatMap((line, i) => (i === 0 ? [line] : ['.br', line]));
}
