import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { xorshift } from '../bytes/xorshift.js';
import { scratch } from '../support/scratch.js';
import { commandsOn, type Known, know, makeShared, type Shared } from './commands.js';
import { buildShim, FAILING_CALLS, type FailingCall, failingCallRounds, unlessShim } from './failingCalls.js';

/** Of each command's calls; all of them: `npm run faults -- 1000`. */
const ROUNDS = 2;
const SEED = 20_261_124;

/** The commands that make such calls, those that write in their own place and those that read below what all share. */
const WRITING = ['pack', 'kbuild', 'extract', 'module'];
const READING = ['pack', 'list', 'extract', 'verify TREE', 'diff'];
const CALLERS: Readonly<Record<FailingCall['call'], readonly string[]>> = {
  write: WRITING,
  fsync: ['pack', 'kbuild', 'module'],
  close: WRITING,
  open: WRITING,
  mkdir: ['pack', 'extract', 'module'],
  rename: WRITING,
  read: READING,
  opendir: ['pack', 'verify TREE'],
};

const work = scratch({ after });

describe(`a call of the system that fails is told in one line, or got over (seed ${SEED}):`, {
  skip: unlessShim(),
}, () => {
  const known = new Map<string, Known>();
  let shim = '';
  let shared: Shared;
  before(async () => {
    shim = buildShim(work);
    shared = await makeShared(join(work, 'shared'));
    for (const command of commandsOn(shared)) {
      if ([...WRITING, ...READING].includes(command.name)) known.set(command.name, await know(command, work));
    }
  });

  for (const [i, failing] of FAILING_CALLS.entries()) {
    const isRead = isReading(failing);
    for (const name of callersOf(failing)) {
      it(`${name}: ${failing.error} of ${failing.call}`, async t => {
        const command = known.get(name);
        assert.ok(command !== undefined);
        const under = isRead ? shared.directory : null;
        const next = xorshift(SEED + 7919 * i + name.length);
        const row = await failingCallRounds(command, failing, under, ROUNDS, work, shim, next);
        t.diagnostic(`${row.hits} of ${row.runs} runs reached`);
        assert.deepEqual(row.wrong, []);
        assert.ok(row.hits > 0, 'no call failed');
      });
    }
  }
});

/** One command is enough for another error of the same call, but not for a signal. */
function callersOf(failing: FailingCall): readonly string[] {
  if (failing.error.startsWith('SIG')) return CALLERS[failing.call];
  const isFirst = FAILING_CALLS.find(({ call }) => call === failing.call) === failing;
  return isFirst ? CALLERS[failing.call] : ['pack'];
}

function isReading({ call }: FailingCall): boolean {
  return call === 'read' || call === 'opendir';
}
