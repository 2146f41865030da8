import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';
import { type BytePath, fromUtf8 } from '../bytes/bytePath.js';
import { KheadersPackError } from '../errors.js';

/**
 * Whether a path passes `--include` and `--exclude`: it matches one of the first, where there are any, and none of the
 * second. A pattern without a slash is compared with each component, one with a slash with the path from the tree's
 * top; a pattern that matches a directory holds for all that is in it, and so does `.` for everything. `*` and `?` stop at
 * slashes, `**` does not.
 *
 * @throws KheadersPackError `E_OPTION_VALUE` for a pattern that is too long
 */
export function pathFilter(include: readonly string[], exclude: readonly string[]): (path: BytePath) => boolean {
  const included = matcherOf(include);
  const excluded = matcherOf(exclude);
  return path => (include.length === 0 || included(path)) && !excluded(path);
}

/** The tree's top, however it is written. */
const TOP = /^\.(?:\/+\.)*\/*$/;
/** In bytes or so: no path is longer, and picomatch takes 64 KiB. */
const PATTERN_MAX = 4096;
const SHOWN = 40;

function requireShort(pattern: string): void {
  if (pattern.length <= PATTERN_MAX) return;
  const facts = {
    option: 'a pattern',
    value: `${pattern.slice(0, SHOWN)}...`,
    expected: `at most ${PATTERN_MAX} characters`,
  };
  throw new KheadersPackError('E_OPTION_VALUE', facts);
}

function matcherOf(patterns: readonly string[]): (path: BytePath) => boolean {
  if (patterns.length === 0) return () => false;
  // Loaded late: most runs have no patterns, and some of them have to be over at once.
  const require = createRequire(import.meta.url);
  const picomatch = require('picomatch') as typeof Picomatch;
  const matchers = patterns.map(pattern => {
    requireShort(pattern);
    if (TOP.test(pattern)) return () => true;
    // Patterns are matched byte by byte, as paths are held.
    const bytes = fromUtf8(pattern.replace(/^\.\//, '').replace(/\/+$/, ''));
    const anywhere = bytes.includes('/') ? bytes : `**/${bytes}`;
    // The flag s: a name may hold a newline, and `**` has to pass it.
    return picomatch([anywhere, `${anywhere}/**`], { dot: true, nonegate: true, strictSlashes: true, flags: 's' });
  });
  return path => matchers.some(matches => matches(path));
}
