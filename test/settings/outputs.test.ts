import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requireApart } from '../../src/settings/outputs.js';
import { PROGRAM, run } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { linked } from '../support/linked.js';
import { scratch } from '../support/scratch.js';

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

  it('are refused where one is standard output by another name, a file or a pipe', async t => {
    const work = scratch(t);
    const tree = kernelTree(join(work, 'tree'), { 'include/linux/a.h': '#define A 1\n' });
    const expected = /^kheaders-pack: Cannot use .* both would use standard output \(use .*FILE\)$/m;
    for (const args of [
      ['-o', '-', '--manifest', '/dev/stdout'],
      ['-o', '/dev/stdout', '--json'],
      ['-o', 'k', '--json', '--manifest', '/proc/self/fd/1'],
    ]) {
      for (const into of ['> out', '| cat > out']) {
        const line = `"$@" ${into}`;
        const { stderr } = await run(
          'sh',
          ['-c', line, 'sh', process.execPath, PROGRAM, tree, '-q', '--no-cache', ...args],
          { cwd: work },
        );
        assert.match(stderr, expected, `${args.join(' ')} ${into}`);
        assert.equal(existsSync(join(work, 'k')), false);
      }
    }
  });

  it('may both go to a device', t => {
    const here = linked(t);
    apart(here, '/dev/null', '/dev/null');
    assert.throws(() => apart(here, '-', '-'), { code: 'E_OPTION_CONFLICT' });
  });
});
