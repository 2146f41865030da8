/**
 * What damage to a small archive comes to. It runs in a thread of its own: the test runner follows every promise of the main
 * thread, which takes as long as the reading.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { fileOf, fromFile, fromPipe, type Outcome, outcomeOf } from './reader.js';

/** What changes to an archive came to, counted. */
export interface Counts {
  refused: number;
  /** The archive is another one, and says the same. */
  same: number;
}

export interface Specimen {
  readonly bytes: Uint8Array;
  readonly contents: Uint8Array;
}

interface Task extends Specimen {
  readonly damage: keyof typeof DAMAGE;
  /** Where files may be written. */
  readonly directory: string;
}

/** @throws AssertionError when a change is no error, and the contents are others */
export async function countDamage(task: Task): Promise<Counts> {
  const thread = new Worker(new URL(import.meta.url), { workerData: task });
  const [counts] = (await once(thread, 'message')) as [Counts];
  return counts;
}

/** Every bit by itself, and some values with several bits. */
const SOME_CHANGES = [1, 2, 4, 8, 16, 32, 64, 128, 3, 0x5a, 0x81, 0xff];

const DAMAGE = {
  /** Cut short everywhere: a file of fewer Streams is a whole file, which nobody can tell from a cut one. */
  truncated: async ({ bytes, contents, directory }: Task): Promise<Counts> => {
    const counts: Counts = { refused: 0, same: 0 };
    for (let size = 0; size < bytes.length; size++) {
      const cut = Buffer.from(bytes.subarray(0, size));
      for (const outcome of await bothWays(cut, directory)) {
        if (outcome.verdict === 'failed') {
          assert.equal(outcome.code, 'E_BAD_XZ', `cut to ${size}: ${outcome.reason}`);
          counts.refused++;
          continue;
        }
        // xz agrees.
        succeeded(await run('xz', ['-t'], { input: cut }));
        assert.ok(outcome.contents.equals(contents.subarray(0, outcome.contents.length)));
        counts.same++;
      }
    }
    return counts;
  },

  /** Every byte turned into every other. */
  changed: async ({ bytes, contents, directory }: Task): Promise<Counts> => {
    const counts: Counts = { refused: 0, same: 0 };
    for (let at = 0; at < bytes.length; at++) {
      for (let change = 1; change < 256; change++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const what = `byte ${at} XOR ${change}`;
        const both = SOME_CHANGES.includes(change);
        const outcomes = both ? await bothWays(changed, directory) : [await outcomeOf(fromPipe(changed))];
        assertSafe(outcomes, changed, contents, what, counts);
      }
    }
    return counts;
  },

  /** Bytes taken out and put in everywhere. */
  shifted: async ({ bytes, contents, directory }: Task): Promise<Counts> => {
    const counts: Counts = { refused: 0, same: 0 };
    for (let at = 0; at <= bytes.length; at++) {
      const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
      const changes = [[0], [0xff], [0, 0, 0, 0], [1, 2, 3, 4]].map(added => [before, Buffer.from(added), behind]);
      if (behind.length > 0) changes.push([before, behind.subarray(1)], [before, behind.subarray(4)]);
      for (const [i, parts] of changes.entries()) {
        const changed = Buffer.concat(parts);
        assertSafe(await bothWays(changed, directory), changed, contents, `change ${i} at ${at}`, counts);
      }
    }
    return counts;
  },
};

async function bothWays(bytes: Buffer, directory: string): Promise<Outcome[]> {
  const path = fileOf(directory, 'damaged.xz', bytes);
  return [await outcomeOf(fromFile(path)), await outcomeOf(fromPipe(bytes))];
}

/** Asserts that a change is an error, or that the contents are what they were; never anything else. */
function assertSafe(
  outcomes: readonly Outcome[],
  bytes: Buffer,
  contents: Uint8Array,
  what: string,
  counts: Counts,
): void {
  for (const outcome of outcomes) {
    if (outcome.verdict === 'good') {
      assert.ok(outcome.contents.equals(contents), `${what}: wrong contents`);
      counts.same++;
    } else {
      assert.ok(['E_BAD_XZ', 'E_UNSUPPORTED_XZ'].includes(outcome.code), `${what}: ${outcome.code} ${outcome.reason}`);
      assert.ok(outcome.offset >= 0 && outcome.offset <= bytes.length, `${what}: byte ${outcome.offset}`);
      counts.refused++;
    }
  }
  const verdicts = new Set(outcomes.map(({ verdict }) => verdict));
  assert.equal(verdicts.size, 1, `${what}: a file and a pipe disagree`);
}

if (parentPort !== null) {
  const task = workerData as Task;
  parentPort.postMessage(await DAMAGE[task.damage](task));
}
