import { type Command, CommanderError } from 'commander';
import { wholeProgram } from '../../src/cli/program.js';

/**
 * The lines of kheaders-pack in a text of shell, make or YAML, each as its words behind the name. Good enough for documents: quotes
 * are known, and a line ends where another command begins or a comment.
 */
export function linesIn(text: string): string[][] {
  const code = text.replaceAll('\\\n', ' ').replace(/(^|\s)# .*$/gm, '');
  return [...code.matchAll(/(?<![\w./~-])kheaders-pack(?=( .*)?$)/gm)].map(match => wordsOf(match[1] ?? ''));
}

function wordsOf(rest: string): string[] {
  const words: string[] = [];
  const word =
    /\s*(?:(#.*$|\s*[|;&>)]+|'?$|"?$)|((?:'[^']*'|"[^"]*"|\$\([^)]*\)|\$\{\{.*?\}\}|\\.|[^\s|;&>)'"]|'(?=$)|"(?=$))+))/y;
  for (;;) {
    const found = word.exec(rest);
    const [, end, given] = found ?? [];
    if (found === null || end !== undefined || given === undefined) return words;
    words.push(given.replace(/'([^']*)'|"([^"]*)"/g, '$1$2').replace(/'$/, ''));
  }
}

/** What the program itself has against a line, or null: it is read by commander, and nothing is done. */
export async function complaintAbout(words: readonly string[]): Promise<string | null> {
  const program = await wholeProgram();
  let said = '';
  const quieten = (command: Command): void => {
    command
      .action(() => undefined)
      .configureOutput({
        writeOut: () => undefined,
        writeErr: text => {
          said += text;
        },
      });
    command.commands.forEach(quieten);
  };
  program.commands.forEach(quieten);
  program.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    await program.parseAsync(
      words.map(word => (word === '--json' ? '--json=-' : word)),
      { from: 'user' },
    );
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : said || error.message;
  }
}
