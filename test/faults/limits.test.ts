import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scratch } from '../support/scratch.js';
import { unlessOrdinary } from '../support/tools.js';
import { commandsOn, type FaultCommand, type Known, know, makeShared, threadedCommandsOn } from './commands.js';
import { buildShim, unlessShim } from './failingCalls.js';
import {
  canStart,
  filesLimit,
  GONE,
  groupLimit,
  type Limit,
  limitRound,
  memoryLimit,
  SURROUNDINGS,
  threadsLimit,
  unlessAlone,
  userLimit,
} from './limits.js';
import { withMemoryGroup } from './memoryGroup.js';

const MIB = 1024;
const work = scratch({ after });
/** Their outputs, homes and temporary directories are what the surroundings concern; these two use all of them. */
const WRITING = ['pack', 'extract'];
/** It has a directory of its own among the temporary ones, where it starts others. */
const SCRATCHING = ['bench'];
const THREADED = ['pack, Blocks side by side', 'extract, in parallel', 'verify TREE'];
const all = (shared: Parameters<typeof commandsOn>[0]): FaultCommand[] =>
  [...commandsOn(shared), ...threadedCommandsOn(shared)].filter(({ name }) =>
    [...WRITING, ...SCRATCHING, ...THREADED].includes(name),
  );

describe('what is short or missing is told in one line, or done without:', { concurrency: 2 }, () => {
  const known: Known[] = [];
  before(async () => {
    for (const command of all(await makeShared(join(work, 'shared')))) known.push(await know(command, work));
  });

  /** Runs the commands under each limit that Node itself can start under. */
  async function under(
    limits: readonly Limit[],
    names: readonly string[],
    t: { diagnostic(text: string): void },
  ): Promise<void> {
    for (const limit of limits) {
      if (!canStart(limit)) {
        t.diagnostic(`${limit.name}: Node itself does not start`);
        continue;
      }
      for (const command of known.filter(({ name }) => names.includes(name))) {
        const row = await limitRound(command, limit, work);
        assert.deepEqual(row.wrong, [], `${command.name}, ${limit.name}`);
      }
    }
  }

  for (const limit of SURROUNDINGS) {
    const skip = limit.runsAs === 'ordinary' ? unlessOrdinary() : false;
    const names =
      limit.env['TMPDIR'] !== undefined ? SCRATCHING : limit === GONE ? [...WRITING, ...SCRATCHING] : WRITING;
    it(limit.name, { skip }, t => under([limit], names, t));
  }

  it('descriptors: 24, 32', t => under([24, 32].map(filesLimit), THREADED, t));

  it('address space: 0.8 and 4 GiB', t =>
    under(
      [800, 4096].map(mib => memoryLimit(mib * MIB)),
      THREADED,
      t,
    ));

  it('threads: 8 and 12, where Node needs five for itself', { skip: unlessShim() }, t => {
    const shim = buildShim(work);
    const limits = [8, 12].map(count => threadsLimit(count, shim, join(work, `count${count}`)));
    return under(limits, THREADED, t);
  });

  it('threads of the user: 8 and 12', { skip: unlessAlone() }, t => under([8, 12].map(userLimit), THREADED, t));

  it('memory of a control group: 40 and 96 MiB', async t => {
    for (const bytes of [40, 96].map(mib => mib * 2 ** 20)) {
      const work = (directory: string): Promise<void> => under([groupLimit(directory, bytes)], THREADED, t);
      const reason = await withMemoryGroup(bytes, work);
      if (reason !== false) return t.skip(reason);
    }
  });
});
