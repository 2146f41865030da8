import { BACKSLASH, CR, DOT, isBlank, isDigit, isWord, LF } from './bytes.js';

const RAW_PREFIXES = ['R', 'LR', 'uR', 'UR', 'u8R'];
const LONGEST_PREFIX = 'u8R'.length;

/** Whether the word that ends before `at`, where a quote comes, makes that a raw string. */
export function hasRawPrefix(text: Uint8Array, at: number): boolean {
  let word = '';
  let i = beforeSplices(text, at - 1);
  while (isWord(text[i])) {
    if (word.length === LONGEST_PREFIX) return false;
    word = String.fromCharCode(text[i] as number) + word;
    i = beforeSplices(text, i - 1);
  }
  return RAW_PREFIXES.includes(word);
}

/** Whether the bytes that end before `at`, where a quote comes, are a preprocessing number. */
export function isInsideNumber(text: Uint8Array, at: number): boolean {
  let first: number | undefined;
  let i = beforeSplices(text, at - 1);
  while (isWord(text[i]) || text[i] === DOT) {
    first = text[i];
    i = beforeSplices(text, i - 1);
  }
  return isDigit(first) || first === DOT;
}

/** The position at or before `at` that is not part of a line continuation. */
function beforeSplices(text: Uint8Array, at: number): number {
  let i = at;
  while (text[i] === LF) {
    let backslash = i - 1;
    if (text[backslash] === CR) backslash--;
    while (isBlank(text[backslash])) backslash--;
    if (text[backslash] !== BACKSLASH) return i;
    i = backslash - 1;
  }
  return i;
}
