import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What clang's `-dump-raw-tokens` prints for a token: kind, text, flags, file. Text may run over lines. */
const DUMPED =
  /^(\w+) '([\s\S]*?)'\t(?: \[(?:StartOfLine|LeadingSpace|UnClean='[\s\S]*?')\])*\tLoc=<([^>\n]*):\d+:\d+>$/gm;

/**
 * The tokens of each file by clang's raw lexer, by name: kind, text, and whether the token starts a line (`^`) and follows
 * white space (`_`), which is the definition of token-exact in `src/strip/comments.ts`. clang writes a few bytes at a time:
 * through a pipe that takes twice as long as to a file.
 */
export function rawTokens(directory: string, names: readonly string[]): Map<string, string[]> {
  const dump = join(directory, 'raw tokens');
  const descriptor = openSync(dump, 'w');
  spawnSync('clang', ['-cc1', '-dump-raw-tokens', ...names], {
    cwd: directory,
    stdio: ['ignore', 'ignore', descriptor],
  });
  closeSync(descriptor);
  const files = new Map<string, string[]>(names.map(name => [name, []]));
  let gap = '\n';
  let current = '';
  for (const [, kind = '', text = '', name = ''] of readFileSync(dump, 'latin1').matchAll(DUMPED)) {
    if (name !== current) gap = '\n';
    current = name;
    // A comment is white space, whatever lines it covers.
    if (kind === 'comment') gap += ' ';
    else if (kind === 'unknown' && /^[ \t\v\f\r\n\0]*$/.test(text)) gap += text;
    else {
      const startsLine = gap.includes('\n') ? '^' : '';
      const followsSpace = gap === '' || gap.endsWith('\n') ? '' : '_';
      files.get(name)?.push(`${startsLine}${followsSpace}${kind} ${text}`);
      gap = '';
    }
  }
  return files;
}
