import { createRequire } from 'node:module';
import type Picomatch from 'picomatch';
import { type BytePath, fromUtf8 } from '../bytes/bytePath.js';

/**
 * Whether a path passes `--include` and `--exclude`: it matches one of the first, where there are any, and none of the
 * second. A pattern without a slash is compared with each component, one with a slash with the path from the tree's
 * top; a pattern that matches a directory holds for all that is in it. `*` and `?` stop at slashes, `**` does not.
 */
export function pathFilter(include: readonly string[], exclude: readonly string[]): (path: BytePath) => boolean {
  const included = matcherOf(include);
  const excluded = matcherOf(exclude);
  return path => (include.length === 0 || included(path)) && !excluded(path);
}

function matcherOf(patterns: readonly string[]): (path: BytePath) => boolean {
  if (patterns.length === 0) return () => false;
  // Loaded late: most packs have no pattern, and one that changes nothing has no time.
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  const matchers = patterns.map(pattern => {
    // Patterns are matched byte by byte, as paths are held.
    const bytes = fromUtf8(pattern.replace(/^\.\//, '').replace(/\/+$/, ''));
    const anywhere = bytes.includes('/') ? bytes : `**/${bytes}`;
    // The flag s: a name may hold a newline, and `**` has to pass it.
    return picomatch([anywhere, `${anywhere}/**`], { dot: true, nonegate: true, strictSlashes: true, flags: 's' });
  });
  return path => matchers.some(matches => matches(path));
}
