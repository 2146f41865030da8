/** Who one is at a machine. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * The login of a machine in a netrc file, as curl and ftp read it: `machine NAME login USER password WORD`, in any order and
 * over any lines, `default` for all other machines; the first that fits counts. A value in double quotes may hold blanks.
 */
export function netrcLogin(text: string, machine: string): Login | null {
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length; at++) {
    const isHere = tokens[at] === 'default' || (tokens[at] === 'machine' && tokens[++at] === machine);
    if (!isHere) continue;
    const login = { user: '', password: '' };
    for (at++; at < tokens.length && tokens[at] !== 'machine' && tokens[at] !== 'default'; at++) {
      if (tokens[at] === 'login') login.user = tokens[++at] ?? '';
      else if (tokens[at] === 'password') login.password = tokens[++at] ?? '';
      else if (tokens[at] === 'account') at++;
    }
    return login;
  }
  return null;
}

/** A comment is a line of its own, since a password may begin with #; a macro goes on to the next empty line. */
function tokensOf(text: string): string[] {
  const plain = text.replace(/^[ \t]*macdef\b[\s\S]*?(?:\n\s*\n|$(?![\s\S]))/gm, '\n');
  const found = plain.matchAll(/^[ \t]*#[^\n]*|"((?:[^"\\]|\\.)*)"|(\S+)/gm);
  return [...found].flatMap(([, quoted, bare]) => quoted?.replace(/\\(.)/g, '$1') ?? bare ?? []);
}
