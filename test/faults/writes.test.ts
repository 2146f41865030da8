import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { xorshift } from '../bytes/xorshift.js';
import { scratch } from '../support/scratch.js';
import { commandsOn, type Known, know, makeShared, threadedCommandsOn } from './commands.js';
import { crashRounds } from './crashRounds.js';
import { shrinkingDiskRounds } from './shrinkingDisk.js';

const SEED = 20_261_124;
/** Commands that write, and those among them whose threads do the writing's work. */
const WRITING = ['pack', 'kbuild', 'extract', 'module'];
const THREADED = ['pack, Blocks side by side', 'pack, one shared Block', 'extract, in parallel', 'kbuild'];

const work = scratch({ after });

describe('what ends in the middle of writing loses nothing:', { concurrency: 2 }, () => {
  const known = new Map<string, Known>();
  before(async () => {
    const shared = await makeShared(join(work, 'shared'));
    for (const command of [...commandsOn(shared), ...threadedCommandsOn(shared)]) {
      if ([...WRITING, ...THREADED].includes(command.name)) known.set(command.name, await know(command, work));
    }
  });
  const knownAs = (name: string): Known => known.get(name) ?? assert.fail(`no command ${name}`);

  for (const [i, name] of WRITING.entries()) {
    it(`${name}: a disk that shrinks meanwhile is told in one line`, async t => {
      const row = await shrinkingDiskRounds(knownAs(name), 2, work, xorshift(SEED + 7919 * i));
      if (typeof row === 'string') return t.skip(row);
      t.diagnostic(`${row.hits} of ${row.runs} found no room`);
      assert.deepEqual(row.wrong, []);
      assert.ok(row.hits > 0, 'there was room enough');
    });
  }

  for (const name of THREADED) {
    it(`${name}: after a crash in a worker the next run finds its way, and an hour later nothing is left`, async t => {
      const row = await crashRounds(knownAs(name), [2], work);
      t.diagnostic(`${row.hits} of ${row.runs} crashed`);
      assert.deepEqual(row.wrong, []);
      assert.ok(row.hits > 0, 'nothing crashed');
    });
  }
});
