import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { scratch } from './scratch.js';

/** A directory with a file, directories, and links of all kinds to them and to what is not there. */
export function linked(t: TestContext): string {
  const here = scratch(t);
  for (const directory of ['d', 'd/e']) mkdirSync(join(here, directory));
  writeFileSync(join(here, 'file'), '');
  writeFileSync(join(here, 'd/inner'), '');
  linkSync(join(here, 'file'), join(here, 'hard'));
  for (const [link, target] of [
    ['to-file', 'file'],
    ['to-link', 'to-file'],
    ['absolute', join(here, 'file')],
    ['to-d', 'd'],
    ['to-e', 'd/e'],
    ['d/up', '../file'],
    ['to-new', 'new'],
    ['to-to-new', 'to-new'],
    ['to-new-in-d', 'to-d/new'],
    ['above-e', 'to-e/../new'],
    ['nowhere', 'missing/new'],
    ['round', 'about'],
    ['about', 'round'],
    ['through-nothing', 'missing/../through-nothing'],
  ] as const) {
    symlinkSync(target, join(here, link));
  }
  return here;
}
