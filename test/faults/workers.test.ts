import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scratch } from '../support/scratch.js';
import { commandsOn, type FaultCommand, type Known, know, makeShared, threadedCommandsOn } from './commands.js';
import { crashRounds } from './crashRounds.js';
import { DEATHS, dyingChildRounds, dyingWorkerRounds } from './workerRounds.js';

/** The tasks before which a worker dies; 0: while it starts. */
const TASKS = { exit: [0, 1], error: [1], memory: [1] } as const;
/** A heap takes some time to fill. */
const FILLED = ['pack, Blocks side by side', 'extract, in parallel'];
/** What stands on the command line of a child alone. */
const CHILDS_OWN = '--no-cache';

const work = scratch({ after });
const all = (shared: Parameters<typeof commandsOn>[0]): FaultCommand[] => [
  ...threadedCommandsOn(shared).filter(({ name }) => !/^(?:list|module)/.test(name)),
  ...commandsOn(shared).filter(({ name }) => ['kbuild', 'verify TREE', 'verify --vary', 'bench'].includes(name)),
];
const names = all({ directory: '', tree: '', archive: '' }).map(({ name }) => name);

describe('what dies inside takes nothing along:', { concurrency: 2 }, () => {
  const known = new Map<string, Known>();
  before(async () => {
    for (const command of all(await makeShared(join(work, 'shared'))))
      known.set(command.name, await know(command, work));
  });
  const knownAs = (name: string): Known => known.get(name) ?? assert.fail(`no command ${name}`);

  for (const name of names.filter(each => !['verify --vary', 'bench'].includes(each))) {
    it(`${name}: a worker thread that dies is told in one line`, async t => {
      for (const how of DEATHS.filter(each => each !== 'memory' || FILLED.includes(name))) {
        const row = await dyingWorkerRounds(knownAs(name), how, TASKS[how], work);
        t.diagnostic(`${how}: ${row.hits} of ${row.runs} ended with it`);
        assert.deepEqual(row.wrong, [], how);
        assert.ok(row.hits > 0, `${how}: no worker died`);
      }
    });
  }

  for (const name of ['verify --vary', 'bench']) {
    it(`${name}: a child process that dies is told in one line`, async () => {
      for (const how of ['SIGSEGV', 'exit'] as const) {
        const row = await dyingChildRounds(knownAs(name), how, CHILDS_OWN, work);
        assert.deepEqual(row.wrong, [], how);
        assert.equal(row.hits, 1, `${how}: no child died`);
      }
    });
  }

  it('bench: a crash in a thread of a child is told in one line', async () => {
    const row = await crashRounds(knownAs('bench'), [1], work);
    assert.deepEqual(row.wrong, []);
    assert.equal(row.hits, 1, 'no child died');
  });
});
