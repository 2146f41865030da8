import { type CommandReference, commandsOf, type OptionReference, type ValueReference } from './reference.js';

/**
 * Completion for bash 4.2 and later. It stands alone: the package bash-completion is not needed.
 *
 * What each option takes is said as one word with its own words behind it (`words comments kernel`), so that counting arguments
 * and offering values read the same table.
 */
export function bashCompletion(program: CommandReference): string {
  const commands = program.commands.flatMap(command =>
    [...commandsOf(command)].map(([path, each]) => keyed(path, each)),
  );
  const nested = program.commands.filter(({ commands }) => commands.length > 0).map(({ name }) => name);
  return `# bash completion for ${program.name}, made from its command definitions

# Sets "value" to what an option of a command takes, "-" for nothing. Before it a
# "?": only behind "=", or not at all; a "[": or nothing.
__kheaders_pack_value() {
  case $1:$2 in
${valueCases(commands)}
    *) value=- ;;
  esac
}

# Sets "value" to what stands at a place among a command's arguments.
__kheaders_pack_argument() {
  case $1:$2 in
${commands.flatMap(argumentCases).join('\n')}
    *) value=- ;;
  esac
}

# Sets "options" to those of a command.
__kheaders_pack_options() {
  case $1 in
${commands.map(({ key, command }) => `    ${key}) options='${flagsOf(command).join(' ')}' ;;`).join('\n')}
  esac
}

# Offers what begins with the word: files, directories or words.
__kheaders_pack_offer() {
  local kind=\${1%% *} words=\${1#* } word=$2 lead=$3
  case $kind in
    file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -P "$lead" -f -- "$word") ;;
    directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -P "$lead" -d -- "$word") ;;
    words) mapfile -t COMPREPLY < <(compgen -P "$lead" -W "$words" -- "$word") ;;
    list)
      [[ $word == *,* ]] && lead+=\${word%,*},
      mapfile -t COMPREPLY < <(compgen -P "$lead" -W "$words" -- "\${word##*,}") ;;
  esac
}

_kheaders_pack() {
  local -a words=()
  local word command=pack options value lead='' first=1 argument=0 isOver='' i
  COMPREPLY=()
  # bash cuts --strip=c into "--strip", "=" and "c".
  for (( i = 1; i <= COMP_CWORD; i++ )); do
    word=\${COMP_WORDS[i]}
    if [[ $i -gt 1 && ( $word == = || \${COMP_WORDS[i-1]} == = ) ]]; then words[\${#words[@]}-1]+=$word; else words+=("$word"); fi
  done
  local last=$(( \${#words[@]} - 1 ))
  word=\${words[last]}
  if (( last > 0 )); then
    case \${words[0]} in
      ${program.commands.map(({ name }) => name).join('|')}) command=\${words[0]} ;;
      *) first=0 ;;
    esac
  else
    first=0
  fi
  case $command in ${nested.join('|')})
    if (( last == 1 )); then __kheaders_pack_argument "$command" 0; __kheaders_pack_offer "$value" "$word" ''; return; fi
    command+=" \${words[1]}" first=2 ;;
  esac
  # The arguments before the word, without options and their values.
  for (( i = first; i < last; i++ )); do
    if [[ -n $isOver || \${words[i]} != -?* ]]; then (( argument++ ))
    elif [[ \${words[i]} == -- ]]; then isOver=1
    elif [[ \${words[i]} != *=* ]]; then
      __kheaders_pack_value "$command" "\${words[i]}"
      if [[ $value == \\[* ]]; then [[ \${words[i+1]} == -* ]] || (( i++ ))
      elif [[ $value != [-?]* ]]; then (( i++ )); fi
      if (( i == last )); then __kheaders_pack_offer "\${value#\\[}" "$word" ''; return; fi
    fi
  done
  if [[ -z $isOver && $word == -*=* ]]; then
    __kheaders_pack_value "$command" "\${word%%=*}"
    [[ $COMP_WORDBREAKS == *=* ]] || lead=\${word%%=*}=
    __kheaders_pack_offer "\${value#[?\\[]}" "\${word#*=}" "$lead"
  elif [[ -z $isOver && $word == -* ]]; then
    __kheaders_pack_options "$command"
    (( last == 0 )) && options+=' ${flagsOf(program).join(' ')}'
    __kheaders_pack_offer "words $options" "$word" ''
  else
    __kheaders_pack_argument "$command" "$argument"
    # NAME=TREE
    if [[ $word == *=* ]]; then
      [[ $COMP_WORDBREAKS == *=* ]] || lead=\${word%%=*}=
      word=\${word#*=}
    fi
    __kheaders_pack_offer "$value" "$word" "$lead"
    if (( last == 0 )); then
      mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W '${program.commands.map(({ name }) => name).join(' ')}' -- "$word")
    fi
  fi
}

complete -F _kheaders_pack ${program.name}
`;
}

interface Keyed {
  readonly key: string;
  readonly command: CommandReference;
}

/** `list`, `'cache info'`. */
function keyed(path: string, command: CommandReference): Keyed {
  return { key: path.includes(' ') ? `'${path}'` : path, command };
}

function flagsOf({ options }: CommandReference): string[] {
  return options.flatMap(({ short, long }) => (short === null ? [long] : [short, long]));
}

/** Options by what they take, each with the commands that have it. */
function valueCases(commands: readonly Keyed[]): string {
  const patterns = new Map<string, string[]>();
  for (const { key, command } of commands) {
    for (const option of command.options) {
      const { value } = option;
      if (value === null) continue;
      const taken = `${PREFIX[option.giving]}${wordsOf(value)}`;
      const names = [option.short, option.long].filter(name => name !== null);
      patterns.set(taken, [...(patterns.get(taken) ?? []), ...names.map(name => `${key}:${name}`)]);
    }
  }
  return [...patterns].map(([taken, names]) => `    ${names.join('|')})\n      value='${taken}' ;;`).join('\n');
}

const PREFIX: Readonly<Record<OptionReference['giving'], string>> = { required: '', optional: '[', attached: '?' };

function wordsOf({ kind, words, isList }: ValueReference): string {
  return kind === 'words' ? `${isList ? 'list' : 'words'} ${words.join(' ')}` : kind;
}

function argumentCases({ key, command }: Keyed): string[] {
  if (command.commands.length > 0)
    return [`    ${key}:0) value='words ${command.commands.map(({ name }) => name).join(' ')}' ;;`];
  return command.arguments.map(
    ({ value, isVariadic }, i) => `    ${key}:${isVariadic ? '*' : i}) value='${wordsOf(value)}' ;;`,
  );
}
