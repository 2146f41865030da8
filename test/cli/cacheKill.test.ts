import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { killRounds } from '../../corpus/killProof.js';
import { xorshift } from '../bytes/xorshift.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';

/** Fifty take minutes: `node dist/corpus/killProof.js TREE 50`, which made-up and real trees have passed. */
const ROUNDS = 8;

const work = scratch({ after });
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`include/linux/n${i}.h`, noise(30_000, i)])),
);

it(`eight packs at once on one cache, one of them killed at some moment, ${ROUNDS} times: the others are right, and all that is left`, async t => {
  const report = (line: string): void => t.diagnostic(line);
  const args = ['--arch', 'x86', '--preset', '0', '--block-size', '64KiB', '--jobs', '1'];
  const options = { tree, rounds: ROUNDS, args, scratch: scratch(t), next: xorshift(7), report };
  const { killed, wrong } = await killRounds(options);
  assert.deepEqual(wrong, []);
  assert.ok(killed > ROUNDS / 4, `only ${killed} were killed before they had ended`);
});
