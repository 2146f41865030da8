import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { succeeded } from '../../support/archive.js';
import { run } from '../../support/cli.js';
import { scratch } from '../../support/scratch.js';
import { unless } from '../../support/tools.js';
import { fileOf, fromFile, fromPipe, type Outcome, outcomeOf } from './reader.js';

const work = scratch({ after });

/** What a change to an archive came to, counted. */
interface Counts {
  refused: number;
  /** The archive is another one, and says the same. */
  same: number;
}

/**
 * A small archive with everything that an .xz file can have: several Streams with different Checks, one of them empty,
 * Stream Padding, Blocks with and without sizes in their headers, LZMA and stored chunks.
 */
async function specimen(): Promise<{ bytes: Buffer; contents: Buffer }> {
  const text = Buffer.from('#define KERNEL 1\n#define KERNEL_HEADERS 2\n'.repeat(3));
  const xz = async (input: Buffer, ...args: readonly string[]): Promise<Buffer> =>
    succeeded(await run('xz', ['-0', '-c', ...args], { input })).stdout;
  const bytes = Buffer.concat([
    await xz(text.subarray(0, 20), '--check=sha256'),
    Buffer.alloc(4),
    await xz(Buffer.alloc(0), '--check=none'),
    await xz(text.subarray(20), '-T2', '--block-size=64', '--check=crc64'),
    Buffer.alloc(8),
  ]);
  return { bytes, contents: text };
}

async function bothWays(bytes: Buffer): Promise<Outcome[]> {
  const path = fileOf(work, 'damaged.xz', bytes);
  return [await outcomeOf(fromFile(path)), await outcomeOf(fromPipe(bytes))];
}

/** Asserts that a change is an error, or that the contents are what they were; never anything else. */
function assertSafe(outcomes: readonly Outcome[], bytes: Buffer, contents: Buffer, what: string, counts: Counts): void {
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

/** Every bit by itself, and some values with several bits. */
const SOME_CHANGES = [1, 2, 4, 8, 16, 32, 64, 128, 3, 0x5a, 0x81, 0xff];

describe('a small archive, from a file and from a pipe', { skip: unless('xz') }, () => {
  const whole = specimen();

  it('is refused at every truncation, but where a Stream ends', async () => {
    const { bytes, contents } = await whole;
    const counts: Counts = { refused: 0, same: 0 };
    for (let size = 0; size < bytes.length; size++) {
      const cut = bytes.subarray(0, size);
      for (const outcome of await bothWays(cut)) {
        if (outcome.verdict === 'failed') {
          assert.equal(outcome.code, 'E_BAD_XZ', `cut to ${size}: ${outcome.reason}`);
          counts.refused++;
          continue;
        }
        // A file of fewer Streams is a whole file, which nobody can tell from a cut one; xz agrees.
        succeeded(await run('xz', ['-t'], { input: cut }));
        assert.ok(contents.subarray(0, outcome.contents.length).equals(outcome.contents));
        counts.same++;
      }
    }
    assert.ok(counts.refused > 2 * bytes.length - 20);
    console.log(`# ${bytes.length} truncations, both ways: ${counts.refused} refused, ${counts.same} whole`);
  });

  it('is refused, or gives the same contents, when any byte becomes any other', async () => {
    const { bytes, contents } = await whole;
    const counts: Counts = { refused: 0, same: 0 };
    for (let at = 0; at < bytes.length; at++) {
      for (let change = 1; change < 256; change++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const what = `byte ${at} XOR ${change}`;
        const outcomes = SOME_CHANGES.includes(change) ? await bothWays(changed) : [await outcomeOf(fromPipe(changed))];
        assertSafe(outcomes, changed, contents, what, counts);
      }
    }
    assert.ok(counts.refused + counts.same > 255 * bytes.length);
    console.log(`# ${bytes.length} bytes changed: ${counts.refused} refused, ${counts.same} the same`);
  });

  it('is refused, or gives the same contents, with bytes taken out and put in', async () => {
    const { bytes, contents } = await whole;
    const counts: Counts = { refused: 0, same: 0 };
    for (let at = 0; at <= bytes.length; at++) {
      const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
      const changes = [[0], [0xff], [0, 0, 0, 0], [1, 2, 3, 4]].map(added => [before, Buffer.from(added), behind]);
      if (behind.length > 0) changes.push([before, behind.subarray(1)], [before, behind.subarray(4)]);
      for (const [i, parts] of changes.entries()) {
        const changed = Buffer.concat(parts);
        assertSafe(await bothWays(changed), changed, contents, `change ${i} at ${at}`, counts);
      }
    }
    console.log(`# bytes put in and taken out: ${counts.refused} refused, ${counts.same} the same`);
  });
});
