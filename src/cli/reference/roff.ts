/** Source for man(7): what a line of text is in roff, so that it reads as it was written. */

/** Widest source line; mandoc's style check names longer ones. */
const WIDTH = 79;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/** Characters that roff would read or draw otherwise: a hyphen that could not be copied into a shell, a curved quote. */
export function escaped(text: string): string {
  return text.replace(/[\\\-'`^~"]/g, character => ESCAPES[character] ?? character);
}

/** Running text: escaped, options and program names in bold, filled to short lines. */
export function prose(text: string): string {
  const marked = text.split(/(?<![\w-])(--?[a-zA-Z][\w-]*|kheaders-pack(?: [a-z]+)?)(?![\w-])/);
  return filled(marked.map((part, i) => (i % 2 === 1 ? bold(part) : escaped(part))).join(''));
}

/** Cannot be broken: a blank inside would let the font change stand on two lines. */
export function bold(text: string): string {
  return `\\fB${escaped(text).replaceAll(' ', '\\ ')}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`;
}

/** Lines as they are, in the terminal's own letters. */
export function verbatim(lines: readonly string[]): string {
  return ['.PP', '.nf', '.RS 4', ...lines.map(line => unmistakable(escaped(line))), '.RE', '.fi'].join('\n');
}

/** A request's argument, in quotes. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

function filled(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/(?<!\\)\s+/).filter(part => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map(unmistakable).join('\n');
}

/** A line that begins with a dot would be a request. */
function unmistakable(line: string): string {
  return line.startsWith('.') ? `\\&${line}` : line;
}
