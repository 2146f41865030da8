import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { leadsTo, requireApart } from '../../src/settings/outputs.js';
import { scratch } from '../support/scratch.js';

/** A directory with a file, directories, and links of all kinds to them and to what is not there. */
function linked(t: TestContext): string {
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

describe('two outputs', () => {
  const apart = (here: string, first: string, second: string): void =>
    requireApart(
      [
        { option: '-o', value: first },
        { option: '--manifest', value: second },
      ],
      here,
    );

  it('are refused where they are one file, whatever it is called and whether it is there', t => {
    const here = linked(t);
    for (const [first, second] of [
      ['file', 'to-file'],
      ['to-file', 'file'],
      ['to-link', 'absolute'],
      ['file', 'd/up'],
      ['file', 'to-d/up'],
      ['d/inner', 'to-d/inner'],
      ['d/new', 'to-d/new'],
      ['d/e/new', 'to-e/new'],
      ['new', 'to-new'],
      ['to-to-new', 'new'],
      ['to-to-new', 'to-new'],
      ['to-new-in-d', 'd/new'],
      ['above-e', 'd/new'],
      ['missing/new', './missing/new'],
    ] as const) {
      assert.throws(
        () => apart(here, first, second),
        {
          code: 'E_OPTION_CONFLICT',
          message: `Cannot use --manifest ${second} with -o ${first}: both would be written to the same file`,
        },
        `${first} ${second}`,
      );
    }
  });

  it('are taken where each is a file of its own', t => {
    const here = linked(t);
    for (const [first, second] of [
      ['file', 'new'],
      // A new file takes the place of either name.
      ['file', 'hard'],
      ['new', 'd/new'],
      ['to-new', 'to-d/new'],
      ['above-e', 'new'],
      ['round', 'about'],
    ] as const) {
      assert.doesNotThrow(() => apart(here, first, second), `${first} ${second}`);
    }
  });
});

it('a path that leads nowhere is what it is', t => {
  const here = linked(t);
  for (const name of ['round', 'missing/new']) assert.equal(leadsTo(join(here, name)), join(here, name));
  assert.equal(leadsTo(join(here, 'nowhere')), join(here, 'missing/new'));
  assert.equal(leadsTo(join(here, 'through-nothing')), `${here}/missing/../through-nothing`);
});
