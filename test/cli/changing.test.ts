import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { packed } from '../support/archive.js';
import { ended, startCli } from '../support/cli.js';
import { kernelTree, type Made, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const WHEN = { 1: 'between finding and reading', 2: 'between reading and archiving' } as const;
const CHANGES = {
  append: false,
  truncate: false,
  'same size': false,
  vanish: false,
  link: false,
  directory: false,
  FIFO: unless('mkfifo'),
} as const;

/** Changes that cannot be told from the tree having been so from the start: the file is read for the first time. */
const UNNOTICEABLE = ['append', 'truncate', 'same size'];

function bench(t: TestContext, files: Readonly<Record<string, Made>>): { work: string; tree: string; out: string } {
  const work = scratch(t);
  const out = join(work, 'out');
  mkdirSync(out);
  return { work, tree: kernelTree(join(work, 'tree'), files), out };
}

describe('a file that changes while packing is named, the archive is not made, and the old one is kept', () => {
  for (const [at, when] of Object.entries(WHEN)) {
    for (const [how, skip] of Object.entries(CHANGES)) {
      if (at === '1' && UNNOTICEABLE.includes(how)) continue;
      it(`${when}: ${how}`, { skip }, async t => {
        const { tree, out } = bench(t, { 'include/linux/x.h': '#define BEFORE 1\n' });
        const archive = join(out, 'k.tar.xz');
        const before = await packed([tree], archive);
        const file = join(tree, 'include/linux/x.h');
        const env = { ...preload('changeAtOpen'), CHANGE_FILE: file, CHANGE_AT: at, CHANGE_HOW: how };
        const expected = /Cannot pack ".*\/include\/linux\/x\.h": it changed while packing \(run again .*\)$/;
        await runIntoTrouble([tree, '--jobs', '1', '-o', archive], expected, { env });
        assert.equal(sha256(readFileSync(archive)), before);
        assertHoldsOnly(out, ['k.tar.xz']);
      });
    }
  }

  for (const how of ['change', 'vanish'] as const) {
    it(`to a pipe whose reader is slow: ${how}`, async t => {
      const { tree } = bench(t, {
        ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`include/linux/n${10 + i}.h`, noise(60_000, i)])),
        'include/linux/z.h': '#define LAST 1\n',
      });
      const child = startCli([tree, '-q', '-o', '-', '--preset', '0', '--block-size', '64KiB', '--jobs', '1']);
      // Nothing is read but what the pipe holds: the last Block is far behind it.
      child.stdout?.on('readable', () => undefined);
      if (child.stdout !== null) await once(child.stdout, 'readable');
      if (how === 'change') appendFileSync(join(tree, 'include/linux/z.h'), '#define MORE 1\n');
      else rmSync(join(tree, 'include/linux/z.h'));
      child.stdout?.removeAllListeners('readable');
      const { code, stderr } = await ended(child);
      assert.equal(code, 2);
      assert.match(stderr, /^kheaders-pack: Cannot pack ".*\/include\/linux\/z\.h": it changed while packing .*\n$/);
    });
  }
});
