/** Which of the 256 bytes are in a set: 1 for those that are. */
export type Bytes = Uint8Array;

/** A part of a pattern: one byte of a set, any number of them, or one of several rows of parts. */
export type Part =
  | { readonly kind: 'byte'; readonly of: Bytes }
  | { readonly kind: 'many'; readonly of: Bytes }
  | { readonly kind: 'either'; readonly rows: readonly (readonly Part[])[] };

const SLASH = bytesOf(byte => byte === '/');
const ANY = bytesOf(() => true);
const IN_NAME = bytesOf(byte => byte !== '/');

/** POSIX's character classes (Base Definitions, 9.3.5) in its locale. */
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[^ -~\x80-\xff]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t-\r ]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

/** What a pattern is made of, before it is known which braces belong together. */
type Token = { readonly kind: 'byte'; readonly of: Bytes } | { readonly kind: 'stars'; readonly count: number } | Brace;
type Brace = { readonly kind: 'brace'; readonly text: '{' | ',' | '}' };

/**
 * The parts of a pattern: `*`, `?`, `**` as a whole component, `[a-z]`, `[!a-z]` and `[[:digit:]]`, `{a,b}`, and a backslash
 * before what is to be itself. What is not closed is itself.
 *
 * @param pattern bytes, one for each character
 */
export function parseGlob(pattern: string): readonly Part[] {
  const tokens = tokensOf(pattern);
  return partsOf(tokens, groupsOf(tokens), 0, tokens.length);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  let isUnclosed = false;
  for (let at = 0; at < pattern.length; ) {
    // Behind a class that is not closed there is none that is, but for the names of classes, which may stand alone.
    const isClass: boolean = pattern[at] === '[' && (!isUnclosed || pattern[at + 1] === ':');
    const found: [Token, number] | null = isClass ? classAt(pattern, at) : null;
    isUnclosed ||= isClass && found === null;
    const [token, end] = found ?? tokenAt(pattern, at);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

/** @returns the token, no class, and where the next one begins */
function tokenAt(pattern: string, at: number): [Token, number] {
  const text = pattern.charAt(at);
  switch (text) {
    case '*': {
      const [stars = ''] = /^\*+/.exec(pattern.slice(at)) ?? [];
      return [{ kind: 'stars', count: stars.length }, at + stars.length];
    }
    case '?':
      return [{ kind: 'byte', of: IN_NAME }, at + 1];
    case '\\':
      return at + 1 < pattern.length ? [itself(pattern.charAt(at + 1)), at + 2] : [itself(text), at + 1];
    case '{':
    case ',':
    case '}':
      return [{ kind: 'brace', text }, at + 1];
    default:
      return [itself(text), at + 1];
  }
}

/** A class from its bracket on; null where it is not closed. A `]` that comes first is in it. */
function classAt(pattern: string, at: number): [Token, number] | null {
  const isOthers = /[!^]/.test(pattern.charAt(at + 1));
  const first = at + (isOthers ? 2 : 1);
  const found = new Uint8Array(256);
  for (let i = first; i < pattern.length; ) {
    if (pattern[i] === ']' && i > first) {
      const of = bytesOf((byte, code) => byte !== '/' && (found[code] === 1) !== isOthers);
      return [{ kind: 'byte', of }, i + 1];
    }
    const [named = '', name = ''] = pattern.startsWith('[:', i)
      ? (/^..([a-z]+):\]/.exec(pattern.slice(i, i + 16)) ?? [])
      : [];
    const known = CLASSES.get(name);
    if (known !== undefined) {
      bytesOf(byte => known.test(byte)).forEach((is, code) => {
        if (is === 1) found[code] = 1;
      });
      i += named.length;
      continue;
    }
    const [from, behind] = inClass(pattern, i);
    const isRange = pattern[behind] === '-' && (pattern[behind + 1] ?? ']') !== ']';
    const [to, end] = isRange ? inClass(pattern, behind + 1) : [from, behind];
    if (from <= to) found.fill(1, from, to + 1);
    i = end;
  }
  return null;
}

/** A byte of a class, and where the next begins. */
function inClass(pattern: string, at: number): [number, number] {
  const isEscape = pattern[at] === '\\' && at + 1 < pattern.length;
  const place = isEscape ? at + 1 : at;
  return [pattern.charCodeAt(place), place + 1];
}

/** Braces that belong together and have a comma between them, by where their tokens are. */
interface Group {
  readonly start: number;
  /** The commas and the end. */
  readonly ends: readonly number[];
}

/** Groups by each of their braces and commas. */
type Groups = ReadonlyMap<number, Group>;

function groupsOf(tokens: readonly Token[]): Groups {
  const groups = new Map<number, Group>();
  const open: { readonly start: number; readonly commas: number[] }[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'brace') return;
    if (token.text === '{') open.push({ start: at, commas: [] });
    else if (token.text === ',') open.at(-1)?.commas.push(at);
    else {
      const { start, commas } = open.pop() ?? { start: at, commas: [] };
      const group = { start, ends: [...commas, at] };
      if (commas.length > 0) for (const mark of [start, ...group.ends]) groups.set(mark, group);
    }
  });
  return groups;
}

function partsOf(tokens: readonly Token[], groups: Groups, from: number, to: number): Part[] {
  const parts: Part[] = [];
  for (let at = from; at < to; at++) {
    const token = tokens[at] as Token;
    if (token.kind === 'byte') parts.push(token);
    else if (token.kind === 'stars') {
      const isComponent = token.count === 2 && beginsThere(tokens, groups, at) && endsThere(tokens, groups, at);
      if (!isComponent) parts.push({ kind: 'many', of: IN_NAME });
      else if (at + 1 < to && isSlash(tokens[at + 1])) {
        // With the slash behind it, that there need not be where there is no component.
        parts.push({ kind: 'either', rows: [[], [{ kind: 'many', of: ANY }, itself('/')]] });
        at++;
      } else parts.push({ kind: 'many', of: ANY });
    } else {
      const { start, ends } = groups.get(at) ?? { start: at, ends: [] };
      const starts = [start, ...ends];
      const rows = ends.map((end, i) => partsOf(tokens, groups, (starts[i] ?? at) + 1, end));
      parts.push(rows.length === 0 ? itself(token.text) : { kind: 'either', rows });
      at = ends.at(-1) ?? at;
    }
  }
  return parts;
}

/** Whether a component begins with this token, whatever braces are around it. */
function beginsThere(tokens: readonly Token[], groups: Groups, at: number): boolean {
  const before = groups.get(at - 1);
  if (before === undefined) return at === 0 || isSlash(tokens[at - 1]);
  return at - 1 !== before.ends.at(-1) && beginsThere(tokens, groups, before.start);
}

/** Whether one ends with it. */
function endsThere(tokens: readonly Token[], groups: Groups, at: number): boolean {
  const behind = groups.get(at + 1);
  if (behind === undefined) return at + 1 === tokens.length || isSlash(tokens[at + 1]);
  return at + 1 !== behind.start && endsThere(tokens, groups, behind.ends.at(-1) ?? at);
}

function isSlash(token: Token | undefined): boolean {
  return token?.kind === 'byte' && token.of === SLASH;
}

const ITSELF = new Map<string, Token & { kind: 'byte' }>([['/', { kind: 'byte', of: SLASH }]]);

function itself(text: string): Token & { kind: 'byte' } {
  const known = ITSELF.get(text) ?? { kind: 'byte', of: bytesOf(byte => byte === text) };
  ITSELF.set(text, known);
  return known;
}

function bytesOf(is: (byte: string, code: number) => boolean): Bytes {
  return Uint8Array.from({ length: 256 }, (_, code) => (is(String.fromCharCode(code), code) ? 1 : 0));
}
