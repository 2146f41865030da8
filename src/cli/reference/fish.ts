import { type CommandReference, commandsOf, type OptionReference, type ValueReference } from './reference.js';

/** Completion for fish 3. */
export function fishCompletion(program: CommandReference): string {
  const top = program.commands.map(({ name }) => name);
  const nested = program.commands.filter(({ commands }) => commands.length > 0);
  return `# fish completion for ${program.name}, made from its command definitions

# Whether the line is one of this command, and of the one below it where two are named. With none it is one of pack.
function __kheaders_pack_is
    set -l words (commandline -opc)[2..]
    set -l command pack
    if contains -- "$words[1]" ${top.join(' ')}
        set command $words[1]
        set -e words[1]
    end
    test $command = $argv[1]; or return 1
    test (count $argv) -eq 1; and return 0
    test "$words[1]" = $argv[2]
end

# Whether no command is named yet.
function __kheaders_pack_is_first
    test (count (commandline -opc)) -eq 1
end

# Whether none is named below this one yet.
function __kheaders_pack_is_second
    set -l words (commandline -opc)
    test (count $words) -eq 2; and test $words[2] = $argv[1]
end

complete -c ${program.name} -f
${program.options.map(option => optionLine('__kheaders_pack_is_first', option)).join('\n')}
${program.commands.map(command => commandLine('__kheaders_pack_is_first', command)).join('\n')}
${nested.flatMap(({ name, commands }) => commands.map(each => commandLine(`__kheaders_pack_is_second ${name}`, each))).join('\n')}
${[...program.commands.flatMap(command => [...commandsOf(command)])].flatMap(([path, command]) => linesOf(path, command)).join('\n')}
`;
}

function commandLine(condition: string, { name, summary }: CommandReference): string {
  return `complete -c kheaders-pack -n ${inQuotes(condition)} -a ${name} -d ${inQuotes(summary)}`;
}

function linesOf(path: string, command: CommandReference): string[] {
  const condition = `__kheaders_pack_is ${path}`;
  return [
    ...command.options.map(option => optionLine(condition, option)),
    ...command.arguments.flatMap(({ value }) => {
      const what = offer(value);
      return what === null ? [] : [`complete -c kheaders-pack -n ${inQuotes(condition)} ${what}`];
    }),
  ];
}

function optionLine(condition: string, { short, long, description, value, giving }: OptionReference): string {
  const names = [...(short === null ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`].join(' ');
  const what = value === null || giving !== 'required' ? '' : ` -r ${offer(value) ?? '-f'}`;
  return `complete -c kheaders-pack -n ${inQuotes(condition)} ${names} -d ${inQuotes(description)}${what}`;
}

/** What is offered for a value, or null where nothing can be. */
function offer({ kind, words, isList }: ValueReference): string | null {
  if (kind === 'file') return '-F';
  if (kind === 'directory') return `-f -a '(__fish_complete_directories)'`;
  if (kind === 'text') return null;
  return isList ? `-f -a '(__fish_append , ${words.join(' ')})'` : `-f -a ${inQuotes(words.join(' '))}`;
}

function inQuotes(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
