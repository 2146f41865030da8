import type { Argument, Command, Option } from 'commander';
import { ListedArgument, ListedOption } from '../listed.js';

/** What a shell can offer for a value. */
export type ValueKind = 'file' | 'directory' | 'words' | 'text';

/** The value of an option or argument. */
export interface ValueReference {
  /** As the help has it: `FILE`. */
  readonly placeholder: string;
  readonly kind: ValueKind;
  /** Of kind `words`: which. */
  readonly words: readonly string[];
  /** Whether it may be several words, parted by commas. */
  readonly isList: boolean;
}

export interface OptionReference {
  /** `-j`, or null. */
  readonly short: string | null;
  /** `--jobs`. */
  readonly long: string;
  readonly description: string;
  /** Null where it takes none. */
  readonly value: ValueReference | null;
  /** How the value is given: always, where wanted, or where wanted and then behind `=` alone. */
  readonly giving: 'required' | 'optional' | 'attached';
  readonly isRepeatable: boolean;
  /** Whether the command cannot do without it. */
  readonly isMandatory: boolean;
  /** The heading that it stands under. */
  readonly group: string;
}

export interface ArgumentReference {
  /** As the help shows it: `[TREE...]`. */
  readonly shown: string;
  readonly description: string;
  readonly value: ValueReference;
  readonly isVariadic: boolean;
}

/** A command as its reference has it: plain values, in the order of the help. */
export interface CommandReference {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly ArgumentReference[];
  readonly options: readonly OptionReference[];
  readonly commands: readonly CommandReference[];
  /** What the help says behind the options, examples included. */
  readonly help: string;
}

/** What a placeholder stands for; what is not here is text that no shell can know. */
const KINDS: Readonly<Record<string, ValueKind>> = {
  FILE: 'file',
  ARCHIVE: 'file',
  A: 'file',
  B: 'file',
  TARGET: 'file',
  SRCLIST: 'file',
  OBJLIST: 'file',
  DIR: 'directory',
  TREE: 'directory',
};

/** Reads a command's definition, and those below it. */
export function referenceOf(command: Command): CommandReference {
  const helper = command.createHelp();
  return {
    name: command.name(),
    usage: helper.commandUsage(command),
    summary: command.summary(),
    description: command.description(),
    arguments: command.registeredArguments.map(argumentOf),
    options: helper.visibleOptions(command).map(optionOf),
    commands: helper
      .visibleCommands(command)
      .map(below => (below.name() === 'help' ? helpOf(below, command) : referenceOf(below))),
    help: helpBehind(command),
  };
}

/** commander's own `help`, whose argument is the name of a command. */
function helpOf(help: Command, parent: Command): CommandReference {
  const names = parent.commands.map(each => each.name());
  const summary = 'show the help of a command';
  return {
    ...referenceOf(help),
    usage: `${parent.createHelp().commandUsage(parent).replace(/ \[.*/, '')} help [command]`,
    summary,
    description: `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    arguments: [argumentOf(new ListedArgument('[command]', 'the command (default: all in short)', names))],
  };
}

function optionOf(option: Option): OptionReference {
  const takesValue = option.required || option.optional;
  const shown = /[<[](=?)(.*)[>\]]$/.exec(option.flags);
  const placeholder = shown?.[2] ?? '';
  return {
    short: option.short ?? null,
    long: option.long ?? '',
    description: option.description,
    value: takesValue ? describedValue(placeholder, option instanceof ListedOption ? option.values : []) : null,
    giving: option.required ? 'required' : shown?.[1] === '=' ? 'attached' : 'optional',
    // The one parser that options of ours have collects what is said several times.
    isRepeatable: option.parseArg !== undefined,
    isMandatory: option.mandatory,
    group: option.helpGroupHeading ?? 'Options:',
  };
}

function argumentOf(argument: Argument): ArgumentReference {
  const name = argument.name();
  const inner = argument.variadic ? `${name}...` : name;
  return {
    shown: argument.required ? `<${inner}>` : `[${inner}]`,
    description: argument.description,
    value: describedValue(name, argument instanceof ListedArgument ? argument.values : []),
    isVariadic: argument.variadic,
  };
}

function describedValue(placeholder: string, words: readonly string[]): ValueReference {
  const kind =
    words.length > 0 ? 'words' : ((Object.hasOwn(KINDS, placeholder) ? KINDS[placeholder] : undefined) ?? 'text');
  return { placeholder, kind, words, isList: placeholder === 'LIST' };
}

/** The text that `addHelpText('after', ...)` was given: what the whole help has beyond commander's own part. */
function helpBehind(command: Command): string {
  let whole = '';
  command.configureOutput({
    writeOut: text => {
      whole += text;
    },
  });
  command.outputHelp();
  return whole.slice(command.helpInformation().length).trim();
}

/** Every command with the names that lead to it, the program's first. */
export function commandsOf(command: CommandReference, before: readonly string[] = []): Map<string, CommandReference> {
  const path = [...before, command.name];
  return new Map([[path.join(' '), command], ...command.commands.flatMap(below => [...commandsOf(below, path)])]);
}
