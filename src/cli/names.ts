/** All commands; the first is what is meant where none is named. */
export const COMMAND_NAMES = [
  'pack',
  'list',
  'cat',
  'extract',
  'verify',
  'diff',
  'bench',
  'cache',
  'kbuild',
  'module',
  'completion',
] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];
export const DEFAULT_COMMAND: CommandName = 'pack';
/** Those that read an archive from its start to its end, or to a member. */
export const READING: readonly CommandName[] = ['list', 'cat', 'extract', 'verify'];

/** The command that a line begins with; for any other beginning all of them, for help, or the default. */
export function asked(args: readonly string[]): CommandName[] {
  const [first = ''] = args;
  const named = COMMAND_NAMES.find(name => name === first);
  if (named !== undefined) return [named];
  if (['help', '--help', '-h'].includes(first)) return [...COMMAND_NAMES];
  return COMMAND_NAMES.filter(name => name === DEFAULT_COMMAND || args.includes(name));
}
