import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { BenchProgressBar } from '../../src/cli/benchProgress.js';

const FIRST = { name: 'the first pack, not counted', runs: 0, done: 0, total: 1, secondsLeft: null };
const LATER = { name: 'kheaders-pack --preset 9e', runs: 7, done: 7, total: 40, secondsLeft: 300 };

/** What is written to standard error, while time passes as the test says. */
function written(t: TestContext): string[] {
  const lines: string[] = [];
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0);
  return lines;
}

describe('the progress of a sweep, where there is no terminal', () => {
  it('is a line each half minute, however long a run takes, until the end', t => {
    const lines = written(t);
    const progress = new BenchProgressBar(true, false);
    progress.show(FIRST);
    t.mock.timers.tick(29_000);
    assert.deepEqual(lines, []);
    t.mock.timers.tick(1_000);
    assert.deepEqual(lines.splice(0), ['0 of 1 runs: the first pack, not counted\n']);
    progress.show(LATER);
    progress.note('The same settings gave 2 different archives');
    t.mock.timers.tick(60_000);
    const line = '7 of 40 runs, 5 min left: kheaders-pack --preset 9e\n';
    assert.deepEqual(lines.splice(0), ['The same settings gave 2 different archives\n', line, line]);
    progress.end();
    t.mock.timers.tick(60_000);
    assert.deepEqual(lines, []);
  });

  it('ends with what becomes of the runs, where there are any', t => {
    const lines = written(t);
    const progress = new BenchProgressBar(true, false);
    progress.show(FIRST);
    progress.stopped(undefined);
    assert.deepEqual(lines, []);
    progress.show(LATER);
    progress.stopped(undefined);
    progress.stopped('r.json.runs');
    assert.deepEqual(lines.splice(0), [
      'Runs lost: 7 (--resume FILE keeps them)\n',
      'Runs kept in "r.json.runs": 7 (the same command goes on from there)\n',
    ]);
    t.mock.timers.tick(60_000);
    assert.deepEqual(lines, []);
  });

  it('is nothing with --quiet', t => {
    const lines = written(t);
    const progress = new BenchProgressBar(false, false);
    progress.show(LATER);
    t.mock.timers.tick(60_000);
    progress.note('A notice');
    progress.stopped(undefined);
    assert.deepEqual(lines, []);
  });
});
