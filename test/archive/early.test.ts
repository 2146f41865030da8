import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { EarlyBlocks } from '../../src/archive/early.js';
import { selectAll } from '../../src/archive/selectAll.js';
import { settle } from '../../src/archive/settle.js';
import { StageClock } from '../../src/archive/stages.js';
import { PackCache } from '../../src/cache/packCache.js';
import { type DoneTask, withPool } from '../../src/pool/pool.js';
import { gatherEnvironment } from '../../src/settings/environment.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import { scratch } from '../support/scratch.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 3000, seed: 7 });

/** Phase 1 on so many workers, and the tasks that were done until its end, in the order in which they were handed over. */
async function settled(jobs: number, blockSize: string): Promise<{ tasks: DoneTask['task'][]; early: EarlyBlocks }> {
  const options = { trees: [tree], arch: 'x86', preset: '0', blockSize, jobs, cache: false } as const;
  const settings = resolveSettings(options, gatherEnvironment());
  assert.equal(settings.kind, 'pack');
  if (settings.kind !== 'pack') throw new TypeError('Not a pack');
  const { content, execution } = settings;
  const done: DoneTask[] = [];
  const early = await withPool(jobs, async pool => {
    pool.onTask = task => void done.push(task);
    const cache = PackCache.none();
    const early = new EarlyBlocks(content, execution, pool, cache.blocks);
    const select = (): ReturnType<typeof selectAll> => selectAll(content, execution.trees);
    const clock = new StageClock();
    await settle(content, execution.trees, select, execution, pool, { clock, withRaw: false, cache, early });
    return early;
  });
  return { tasks: done.sort((a, b) => a.queued - b.queued).map(({ task }) => task), early };
}

describe('the first Blocks', () => {
  it('are encoded while later files are still to be read, one for every two workers', async () => {
    const { tasks, early } = await settled(4, '256KiB');
    const kinds = tasks.map(({ kind }) => kind);
    assert.equal(kinds.filter(kind => kind === 'encode').length, 2);
    assert.ok(kinds.indexOf('encode') < kinds.lastIndexOf('digest'), kinds.join(' '));
    const begun = await Promise.all([early.get(0), early.get(1)]);
    assert.deepEqual(
      tasks.flatMap(task => (task.kind === 'encode' && task.input.kind === 'entries' ? [task.input.block.size] : [])),
      begun.map(block => block?.uncompressedSize),
    );
    assert.equal(early.get(2), undefined);
  });

  it('wait for the schedule where there is one worker, or few Blocks', async () => {
    for (const [jobs, blockSize] of [
      [1, '256KiB'],
      [4, '4MiB'],
    ] as const) {
      const { tasks } = await settled(jobs, blockSize);
      assert.deepEqual([...new Set(tasks.map(({ kind }) => kind))], ['digest']);
    }
  });
});
