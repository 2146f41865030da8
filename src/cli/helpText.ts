import type { Command } from 'commander';

/** Columns that text takes at most: longer lines are hard to read, however wide the terminal. */
const WIDEST = 100;
/** Columns where standard output is no terminal, as commander has it. */
const ELSEWHERE = 80;

/** What patterns mean (`tree/patterns.ts`), for the help of the commands that take them. */
export const PATTERN_HELP = `A pattern without a slash is compared with each component of a name, one with a slash with the whole
name (a ./ before it does not count); one that matches a directory holds for all that is in it, and . for everything. * and
? stop at slashes, ** as a whole component does not; [a-z], [!a-z], {a,b} and a backslash mean what they mean to a shell. A
pattern finds the very name that it is, too.`;

/**
 * Puts text behind a command's options. Paragraphs are wrapped to the terminal's width, as commander wraps the options;
 * a paragraph with indented lines (`Examples:`) stays as it is.
 */
export function addNotes(command: Command, text: string): Command {
  return command.addHelpText('after', () => {
    const columns = command.configureOutput().getOutHelpWidth?.() ?? ELSEWHERE;
    const paragraphs = text.trim().split('\n\n');
    return `\n${paragraphs.map(each => wrapped(each, Math.min(columns, WIDEST))).join('\n\n')}`;
  });
}

function wrapped(paragraph: string, columns: number): string {
  if (paragraph.includes('\n  ')) return paragraph;
  const lines: string[] = [];
  for (const word of paragraph.split(/\s+/)) {
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && line.length <= columns) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join('\n');
}
