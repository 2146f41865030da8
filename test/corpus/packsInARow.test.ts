import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { growth, type Holding, packsInARow } from '../../corpus/load/packsInARow.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';

const COUNT = 20;

describe('packs in one process', () => {
  it(`${COUNT} in a row, two of them stopped, leave no memory, thread, descriptor, handle or listener behind`, async t => {
    const files = Array.from({ length: 12 }, (_, i) => [`include/linux/n${i}.h`, noise(30_000, i)]);
    const holdings = await packsInARow(kernelTree(join(scratch(t), 'tree'), Object.fromEntries(files)), COUNT);
    assert.equal(holdings.length, COUNT);
    t.diagnostic(JSON.stringify([holdings.at(0), holdings.at(-1)]));
    assert.deepEqual(growth(holdings), []);
  });

  it('that held on to something would be found out', () => {
    const least = { heap: 0, buffers: 0, resident: 0, threads: 1, descriptors: 3, resources: [] } as const;
    const leaking = Array.from(
      { length: COUNT },
      (_, i): Holding => ({ ...least, heap: 500_000 * i, threads: 1 + i, listeners: 2 * i, warnings: i }),
    );
    assert.match(growth(leaking).join(), /bytes of heap: .*threads: .*listeners: .*warnings: /);
  });
});
