import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Run } from '../../src/measure/result.js';
import { fileStore } from '../../src/measure/store.js';
import { scratch } from '../support/scratch.js';

const directory = scratch({ after });
const IDENTITY = { schema: 'kheaders-pack/bench-runs/1', version: '1', tarDigest: 'ab', jobs: 2 } as const;
const run = (seconds: number): Run => ({
  seconds,
  cpuSeconds: 1,
  peakMemory: 2,
  bytes: 3,
  tarBytes: 4,
  digest: 'd',
  decodeSeconds: null,
  stages: { walk: 0.1 },
});

describe('a file of runs', () => {
  it('gives back what was added, in another sitting', () => {
    const path = join(directory, 'runs');
    const first = fileStore(path, IDENTITY);
    first.add('a', run(1));
    first.add('b', run(2));
    const second = fileStore(path, IDENTITY);
    second.add('a', run(3));
    const third = fileStore(path, IDENTITY);
    assert.deepEqual(third.runsOf('a'), [run(1), run(3)]);
    assert.deepEqual(third.runsOf('b'), [run(2)]);
    assert.deepEqual(third.runsOf('c'), []);
  });

  it('cut off anywhere keeps every whole run, and can be gone on with', () => {
    const path = join(directory, 'whole');
    const store = fileStore(path, IDENTITY);
    for (const seconds of [1, 2]) store.add('a', run(seconds));
    const bytes = readFileSync(path);
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    for (let length = 0; length <= bytes.length; length++) {
      const cut = join(directory, 'cut');
      writeFileSync(cut, bytes);
      truncateSync(cut, length);
      const again = fileStore(cut, IDENTITY);
      const whole = Math.max(0, ends.filter(end => end <= length).length - 1);
      assert.equal(again.runsOf('a').length, whole, `${length} bytes`);
      again.add('a', run(9));
      assert.equal(fileStore(cut, IDENTITY).runsOf('a').length, whole + 1, `${length} bytes`);
    }
  });

  it('of another tar, version or number of jobs is refused, and so is what is no file of runs', () => {
    const path = join(directory, 'other');
    fileStore(path, IDENTITY);
    for (const other of [{ tarDigest: 'cd' }, { version: '2' }, { jobs: 3 }]) {
      assert.throws(() => fileStore(path, { ...IDENTITY, ...other }), { code: 'E_RUNS' });
    }
    const text = join(directory, 'text');
    appendFileSync(text, 'no JSON\n');
    assert.throws(() => fileStore(text, IDENTITY), { code: 'E_RUNS' });
    assert.equal(readFileSync(text, 'utf8'), 'no JSON\n');
    const line = join(directory, 'line');
    writeFileSync(line, 'no line');
    assert.throws(() => fileStore(line, IDENTITY), { code: 'E_RUNS' });
    assert.equal(readFileSync(line, 'utf8'), 'no line');
    // Lines that are JSON and no runs ended a sweep with an internal error, or gave it medians that are no numbers.
    for (const run of [null, 1, {}, { name: 'a' }, { name: 'a', run: {} }, { name: 'a', run: { seconds: 'x' } }]) {
      writeFileSync(text, `${JSON.stringify(IDENTITY)}\n${JSON.stringify(run)}\n`);
      assert.throws(() => fileStore(text, IDENTITY), { code: 'E_RUNS' }, JSON.stringify(run));
    }
    assert.throws(() => fileStore(directory, IDENTITY), { code: 'E_READ' });
    assert.throws(() => fileStore(join(directory, 'nowhere', 'runs'), IDENTITY), { code: 'E_WRITE' });
  });
});
