import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMakeflags } from '../../src/settings/makeflags.js';

const CASES: readonly (readonly [why: string, makeflags: string, expected: ReturnType<typeof parseMakeflags>])[] = [
  ['without -j make runs one job', '', { jobs: 1, fifo: null }],
  ['letters alone say nothing of jobs', 'rRs', { jobs: 1, fifo: null }],
  ['make 4.3 with a pipe', ' -j8 --jobserver-auth=3,4', { jobs: 8, fifo: null }],
  ['make 4.3 with letters before', 'rR -j2 --jobserver-auth=3,4 --no-print-directory', { jobs: 2, fifo: null }],
  ['make 4.1', ' -j --jobserver-fds=3,4', { jobs: null, fifo: null }],
  ['make 4.4', 'w -j16 --jobserver-auth=fifo:/tmp/GMfifo12', { jobs: 16, fifo: '/tmp/GMfifo12' }],
  ['make 4.4, a pipe that is closed', ' -j4 --jobserver-auth=-2,-2', { jobs: 4, fifo: null }],
  ['a path with a blank', String.raw` -j4 --jobserver-auth=fifo:/a\ b/f`, { jobs: 4, fifo: '/a b/f' }],
  ['no number is no limit', ' -j', { jobs: null, fifo: null }],
  ['the last one counts', ' -j4 -j2', { jobs: 2, fifo: null }],
  ['variables follow --', String.raw` -j2 -- A=-j9 cmd_genikh=x\ -j8\ $$@`, { jobs: 2, fifo: null }],
];

for (const [why, makeflags, expected] of CASES) {
  test(`MAKEFLAGS: ${why}`, () => {
    assert.deepEqual(parseMakeflags(makeflags), expected);
  });
}
