import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { xorshift } from '../bytes/xorshift.js';
import { packed } from '../support/archive.js';
import { startCli } from '../support/cli.js';
import { kernelTree } from '../support/kernelTree.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { commandsOn, type Known, know, makeShared } from './commands.js';
import { SIGNALS, signalRounds } from './signalRounds.js';

/** Many more: `npm run faults -- 50`. */
const ROUNDS = 1;
const SEED = 20_261_124;

const work = scratch({ after });

describe(`a signal at any moment ends a command within two seconds, nothing is lost and nothing left (seed ${SEED}):`, {
  concurrency: 2,
}, () => {
  const known = new Map<string, Known>();
  before(async () => {
    for (const command of commandsOn(await makeShared(join(work, 'shared')))) {
      known.set(command.name, await know(command, work));
    }
  });

  for (const [i, name] of commandsOn({ directory: '', tree: '', archive: '' })
    .map(({ name }) => name)
    .entries()) {
    it(name, async t => {
      const command = known.get(name);
      assert.ok(command !== undefined);
      for (const signal of SIGNALS) {
        const next = xorshift(SEED + 7919 * i + 104_729 * SIGNALS.indexOf(signal));
        const row = await signalRounds(command, signal, ROUNDS, work, next);
        t.diagnostic(`${signal}: ${row.hits} of ${row.runs} before its end`);
        assert.deepEqual(row.wrong, [], signal);
      }
    });
  }
});

describe('a signal does not wait for a slow file server', () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`include/linux/s${i}.h`, `#define S${i}\n`]));
  const tree = kernelTree(join(work, 'slow'), files);

  /** Ends a command after a second, with every call of one kind taking 20 ms; gives how, and the seconds that it took. */
  async function endSlow(args: readonly string[], call: string): Promise<[signal: unknown, seconds: number]> {
    const child = startCli(args, { env: { ...preload('slowCall'), SLOW_CALL: call } });
    const exit = once(child, 'exit');
    await sleep(1500);
    const sent = performance.now();
    child.kill('SIGTERM');
    const [, signal] = await exit;
    return [signal, (performance.now() - sent) / 1000];
  }

  it('that is walked over', async () => {
    const [signal, seconds] = await endSlow([tree, '-q', '-o', join(work, 'slow.tar.xz')], 'lstatSync');
    assert.equal(signal, 'SIGTERM');
    assert.ok(seconds < 2, `it took ${seconds} s`);
    assert.deepEqual(
      readdirSync(work).filter(name => /slow\.tar/.test(name)),
      [],
    );
  });

  it('that is extracted to', async () => {
    const archive = join(work, 'ready.tar.xz');
    await packed([tree, '--preset', '0'], archive);
    const [signal, seconds] = await endSlow(['extract', archive, '-q', '-C', join(work, 'extracted')], 'openSync');
    assert.equal(signal, 'SIGTERM');
    assert.ok(seconds < 2, `it took ${seconds} s`);
  });
});
