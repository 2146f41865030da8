import {
  BACKSLASH,
  blockCommentEnd,
  isBlank,
  isWord,
  OPEN_PARENTHESIS,
  SLASH,
  STAR,
  skipBlanks,
  skipSplices,
} from './bytes.js';

/** What a directive says about the bytes behind its name. */
export interface Directive {
  /** `include` and its kin take a header name. */
  readonly kind: 'include' | 'other' | 'none';
  /** Where the first token after the name of an `include` starts in the source; else -1. */
  readonly operand: number;
}

const INCLUDES = ['include', 'include_next', 'import', 'embed'];
const LONGEST_NAME = 'include_next'.length;
const LETTER_E = 0x65;
const LETTER_I = 0x69;
const OTHER: Directive = { kind: 'other', operand: -1 };
/** On a line that is none. */
export const NO_DIRECTIVE: Directive = { kind: 'none', operand: -1 };

/** Reads the directive whose `#` ends before `at`. */
export function readDirective(source: Uint8Array, at: number): Directive {
  let i = skipGap(source, at);
  // Nearly all directives are #define: no string is made for those.
  if (source[i] !== LETTER_I && source[i] !== LETTER_E) return OTHER;
  let name = '';
  while (isWord(source[i]) && name.length <= LONGEST_NAME) {
    name += String.fromCharCode(source[i] as number);
    i = skipSplices(source, i + 1);
  }
  return INCLUDES.includes(name) ? { kind: 'include', operand: skipGap(source, i) } : OTHER;
}

const HEADER_TESTS = ['__has_include', '__has_include_next', '__has_embed'];
const LONGEST_TEST = '__has_include_next'.length;

/** Whether the bytes before `at` end in `__has_include (`. */
export function followsHeaderTest(bytes: Uint8Array, at: number): boolean {
  let i = at - 1;
  while (isBlank(bytes[i])) i--;
  if (bytes[i] !== OPEN_PARENTHESIS) return false;
  i--;
  while (isBlank(bytes[i])) i--;
  const end = i + 1;
  while (isWord(bytes[i]) && end - i <= LONGEST_TEST) i--;
  return HEADER_TESTS.includes(String.fromCharCode(...bytes.subarray(i + 1, end)));
}

/** Past blanks, line continuations and block comments. */
function skipGap(source: Uint8Array, at: number): number {
  let i = skipBlanks(source, at);
  while (source[i] === SLASH) {
    const star = source[i + 1] === BACKSLASH ? skipSplices(source, i + 1) : i + 1;
    const end = source[star] === STAR ? blockCommentEnd(source, star + 1) : -1;
    if (end < 0) return i;
    i = skipBlanks(source, end);
  }
  return i;
}
