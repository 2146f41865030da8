import { spawnSync } from 'node:child_process';

/** What clang's `-dump-raw-tokens` prints for a token: kind, text, flags, file. Text may run over lines. */
const DUMPED =
  /^(\w+) '([\s\S]*?)'\t(?: \[(?:StartOfLine|LeadingSpace|UnClean='[\s\S]*?')\])*\tLoc=<([^>\n]*):\d+:\d+>$/gm;

/**
 * The tokens of each file by clang's raw lexer, by name: kind, text, and whether the token starts a line (`^`) and follows
 * white space (`_`), which is the definition of token-exact in `src/strip/comments.ts`.
 */
export function rawTokens(directory: string, names: readonly string[]): Map<string, string[]> {
  const { stderr } = spawnSync('clang', ['-cc1', '-dump-raw-tokens', ...names], {
    cwd: directory,
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  });
  const files = new Map<string, string[]>(names.map(name => [name, []]));
  let gap = '\n';
  let current = '';
  for (const [, kind = '', text = '', name = ''] of stderr.matchAll(DUMPED)) {
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
