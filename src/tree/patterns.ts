import { type BytePath, fromUtf8 } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';
import { Glob } from './glob.js';

/** Of one pattern, in characters: no path is longer. */
export const PATTERN_MAX = 4096;
/** Of all that are given together, in characters: each takes memory. */
export const PATTERNS_MAX = 2 ** 20;
const SHOWN = 40;
/** What is more than itself in a pattern. */
const SPECIAL = /[*?[{\\]/;

/** Whether a path passes `--include` and `--exclude`: it matches one of the first, where there are any, and none of the second. */
export function pathFilter(include: readonly string[], exclude: readonly string[]): (path: BytePath) => boolean {
  const [included, excluded] = [new Patterns(include), new Patterns(exclude)];
  return path => (include.length === 0 || included.matching(path).length > 0) && excluded.matching(path).length === 0;
}

/**
 * Patterns as shells know them. One without a slash is compared with each component of a path, one with a slash (a first one
 * stands for the top) with the path; one that matches a directory holds for all that is in it, and so do `.` and `/` for
 * everything. `globPattern.ts` says what else is known. Every pattern but an empty one matches the name that it is, letter by
 * letter: most are names, and there may be thousands.
 */
export class Patterns {
  readonly #everything: string[] = [];
  readonly #components = new Map<string, string[]>();
  readonly #paths = new Map<string, string[]>();
  readonly #globs: { readonly pattern: string; readonly glob: Glob }[] = [];

  /** @throws KheadersPackError `E_OPTION_VALUE` for a pattern that is too long, and for all of them together */
  constructor(patterns: readonly string[]) {
    requireFew(patterns);
    for (const pattern of patterns) this.#add(pattern);
  }

  /** Those that match the path. */
  matching(path: BytePath): string[] {
    const met = [...this.#everything];
    if (this.#components.size > 0) for (const part of path.split('/')) met.push(...(this.#components.get(part) ?? []));
    if (this.#paths.size > 0) {
      for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
        met.push(...(this.#paths.get(path.slice(0, end)) ?? []));
      }
    }
    for (const { pattern, glob } of this.#globs) if (glob.matches(path)) met.push(pattern);
    return met;
  }

  #add(pattern: string): void {
    requireShort(pattern);
    if (pattern === '') return;
    // What changes nothing in a path changes nothing in a pattern.
    const plain = pattern
      .replace(/\/(?:\.?\/)+/g, '/')
      .replace(/^\.\//, '')
      .replace(/\/$/, '');
    if (plain === '' || plain === '.') {
      this.#everything.push(pattern);
      return;
    }
    // Patterns are matched byte by byte, as paths are held.
    const bytes = fromUtf8(plain.replace(/^\//, ''));
    const isPath = plain.includes('/');
    const group = isPath ? this.#paths : this.#components;
    group.set(bytes, [...(group.get(bytes) ?? []), pattern]);
    if (SPECIAL.test(bytes)) this.#globs.push({ pattern, glob: new Glob(isPath ? bytes : `**/${bytes}`) });
  }
}

function requireFew(patterns: readonly string[]): void {
  const total = patterns.reduce((sum, { length }) => sum + length, 0);
  if (total <= PATTERNS_MAX) return;
  const facts = { option: 'the patterns', value: `${total} characters`, expected: `at most ${PATTERNS_MAX} in all` };
  throw new KheadersPackError('E_OPTION_VALUE', facts);
}

function requireShort(pattern: string): void {
  if (pattern.length <= PATTERN_MAX) return;
  const facts = {
    option: 'a pattern',
    value: `${pattern.slice(0, SHOWN)}...`,
    expected: `at most ${PATTERN_MAX} characters`,
  };
  throw new KheadersPackError('E_OPTION_VALUE', facts);
}
