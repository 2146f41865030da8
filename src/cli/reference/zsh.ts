import type { ArgumentReference, CommandReference, OptionReference, ValueReference } from './reference.js';

/** Completion for zsh 5, by its own `_arguments`. */
export function zshCompletion(program: CommandReference): string {
  const names = program.commands.map(({ name }) => name);
  return `#compdef ${program.name}
# zsh completion for ${program.name}, made from its command definitions

_kheaders-pack() {
  local curcontext=$curcontext ret=1
  local -a commands=(
${described(program.commands)}
  )
  # With no command before it, a line is one of pack.
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands && ret=0
    _directories && ret=0
    return ret
  fi
  local name=pack
  local -a own=()
  case $words[2] in
    (${names.join('|')}) name=$words[2]; shift words; (( CURRENT-- )) ;;
    (*) (( CURRENT == 2 )) && own=(
${specs(program)}
    ) ;;
  esac
  _kheaders-pack-$name $own
}

${program.commands.map(command => commandFunction(command, `_kheaders-pack-${command.name}`)).join('\n')}
# As a file in fpath this is the function's own body; sourced, behind compinit, it binds the function.
if [[ $funcstack[1] == _kheaders-pack ]]; then _kheaders-pack "$@"; else compdef _kheaders-pack ${program.name}; fi
`;
}

function commandFunction(command: CommandReference, name: string): string {
  if (command.commands.length === 0) {
    return `${name}() {\n  _arguments -s -S "$@" \\\n${specs(command, ' \\')}\n}\n`;
  }
  const below = command.commands.map(
    each => `    (${each.name}) shift words; (( CURRENT-- )); ${name}-${each.name} ;;`,
  );
  return `${name}() {
  local -a commands=(
${described(command.commands)}
  )
  if (( CURRENT == 2 )); then _describe -t commands command commands; return; fi
  case $words[2] in
${below.join('\n')}
  esac
}

${command.commands.map(each => commandFunction(each, `${name}-${each.name}`)).join('\n')}`;
}

function described(commands: readonly CommandReference[]): string {
  return commands.map(({ name, summary }) => `    ${inQuotes(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n');
}

/** What `_arguments` takes, one to a line. */
function specs(command: CommandReference, end = ''): string {
  return [...command.options.flatMap(optionSpecs), ...command.arguments.map(argumentSpec)]
    .map(spec => `    ${inQuotes(spec)}`)
    .join(`${end}\n`);
}

function optionSpecs(option: OptionReference): string[] {
  const { short, long, description, value, isRepeatable } = option;
  const names = short === null ? [long] : [short, long];
  const before = isRepeatable ? '*' : `(${names.join(' ')})`;
  const text = `[${description.replace(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:')}]`;
  return names.map(
    name => `${before}${name}${behind(name, option)}${text}${value === null ? '' : offer(value, option.giving)}`,
  );
}

/** Where a value may stand: in the next word or behind the name, behind `=`, or there alone. */
function behind(name: string, { value, giving }: OptionReference): string {
  if (value === null) return '';
  if (!name.startsWith('--')) return '+';
  return giving === 'attached' ? '=-' : '=';
}

function offer(value: ValueReference, giving: OptionReference['giving']): string {
  return `${giving === 'required' ? ':' : '::'}${message(value)}:${action(value)}`;
}

function argumentSpec({ value, isVariadic, shown }: ArgumentReference): string {
  const optional = shown.startsWith('<') ? '' : ':';
  return `${isVariadic ? '*' : optional}:${message(value)}:${action(value)}`;
}

function message({ placeholder }: ValueReference): string {
  return placeholder.replaceAll(':', '\\:');
}

function action({ kind, words, isList, placeholder }: ValueReference): string {
  if (kind === 'file') return '_files';
  if (kind === 'directory') return '_directories';
  if (kind === 'text') return ' ';
  return isList ? `_values -s , ${placeholder} ${words.join(' ')}` : `(${words.join(' ')})`;
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
