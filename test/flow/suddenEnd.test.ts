import assert from 'node:assert/strict';
import { it } from 'node:test';
import { atSuddenEnd, putAllRight, whenFirstPending } from '../../src/flow/suddenEnd.js';

it('what is to be put right at a sudden end is, the latest first, whatever one of them throws, and once', () => {
  const done: string[] = [];
  atSuddenEnd(() => done.push('directory'));
  atSuddenEnd(() => {
    throw new Error('it was gone');
  });
  const forget = atSuddenEnd(() => done.push('forgotten'));
  atSuddenEnd(() => done.push('child'));
  forget();
  putAllRight();
  assert.deepEqual(done, ['child', 'directory']);
  putAllRight();
  assert.deepEqual(done, ['child', 'directory']);
});

it('who owns the process is told when there is something to put right, and not before', t => {
  t.after(() => whenFirstPending(() => undefined));
  let told = 0;
  whenFirstPending(() => told++);
  assert.equal(told, 0);
  const forget = [atSuddenEnd(() => undefined), atSuddenEnd(() => undefined)];
  assert.equal(told, 1);
  for (const each of forget) each();
  atSuddenEnd(() => undefined)();
  assert.equal(told, 2);
});
