import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { compareRecords } from '../../bench/compare.js';
import { type BenchRecord, bytesRow, memoryRow, type Row, secondsRow } from '../../bench/record.js';
import { sweepRows } from '../../bench/sweepRows.js';
import { yardstickRow, yardstickSeconds } from '../../bench/yardstick.js';
import { generateTree } from '../../corpus/synthetic.js';
import { PROJECT_ROOT } from '../../corpus/trees.js';
import { surroundings } from '../../src/measure/surroundings.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';

function recordOf(rows: readonly Row[]): BenchRecord {
  const options = { jobs: '1', blockSize: '4MiB', repetitions: 6, milliseconds: 1, headers: [40], preset: '0' };
  return {
    schema: 'kheaders-pack/bench-suite/1',
    suite: 'pipeline',
    started: '2026-01-02T03:04:05.678Z',
    command: 'npm run bench',
    tree: 'a synthetic tree',
    options,
    environment: surroundings(2),
    rows,
  };
}

const around = (seconds: number): number[] => [0.99, 1, 1.01, 0.98, 1.02, 1].map(factor => factor * seconds);
const verdicts = (before: readonly Row[], now: readonly Row[]): string[] =>
  compareRecords(recordOf(before), recordOf(now)).changes.map(({ name, kind }) => `${name} ${kind}`);

describe('comparing two records', () => {
  it('finds times whose intervals are apart, in both directions, and leaves the others', () => {
    const before = [secondsRow('a', around(1), ''), secondsRow('b', around(1), ''), secondsRow('c', around(1), '')];
    const now = [secondsRow('a', around(1.1), ''), secondsRow('b', around(0.9), ''), secondsRow('c', around(1.02), '')];
    assert.deepEqual(verdicts(before, now), ['a more', 'b less']);
  });

  it('says nothing of a change within the noise, however large the medians differ', () => {
    const wide = [0.5, 2, 1, 3, 0.7, 1.4];
    assert.deepEqual(
      verdicts(
        [secondsRow('a', wide, '')],
        [
          secondsRow(
            'a',
            wide.map(value => value * 1.5),
            '',
          ),
        ],
      ),
      [],
    );
  });

  it('takes the speed of the machine out', () => {
    const before = [yardstickRow(around(0.1)), secondsRow('a', around(1), ''), secondsRow('b', around(1), '')];
    const now = [yardstickRow(around(0.2)), secondsRow('a', around(2), ''), secondsRow('b', around(1), '')];
    assert.deepEqual(verdicts(before, now), ['b less']);
    assert.equal(compareRecords(recordOf(before), recordOf(now)).yardstick, 2);
  });

  it('finds every change of a size, and of memory more than a tenth', () => {
    const before = [
      bytesRow('a', 1000, ''),
      bytesRow('b', 1000, ''),
      memoryRow('c', [100], ''),
      memoryRow('d', [100], ''),
    ];
    const now = [
      bytesRow('a', 1001, ''),
      bytesRow('b', 1000, ''),
      memoryRow('c', [109], ''),
      memoryRow('d', [112], ''),
    ];
    assert.deepEqual(verdicts(before, now), ['a more', 'd more']);
  });

  it('names what is new and what is gone', () => {
    assert.deepEqual(verdicts([bytesRow('a', 1, '')], [bytesRow('b', 1, '')]), ['a gone', 'b new']);
  });
});

describe('npm run bench -- --compare', () => {
  const work = scratch({ after });
  const source = join(work, 'tree');
  generateTree(source, { headers: 40, seed: 6 });
  const tree = { name: 'a synthetic tree', source, object: null, remove: () => undefined };

  /** A real record: six packs, with the yardstick before and after. */
  async function measured(name: string): Promise<string> {
    const before = yardstickSeconds(4);
    const rows = await sweepRows(tree, [{ jobs: ['1'], preset: ['0'] }], { kind: 'none' }, 6);
    const path = join(work, `${name}.json`);
    writeFileSync(path, JSON.stringify(recordOf([yardstickRow([...before, ...yardstickSeconds(4)]), ...rows])));
    return path;
  }

  it('sees a stage that was slowed on purpose, and that the bytes are the same', async () => {
    const ordinary = await measured('ordinary');
    const variables = preload('slowDigest');
    const kept = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = variables.NODE_OPTIONS;
    const slowed = await measured('slowed').finally(() => {
      if (kept === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = kept;
    });
    const args = [join(PROJECT_ROOT, 'dist/bench/main.js'), '--compare', ordinary, '--with', slowed];
    const text = succeeded(await run(process.execPath, args)).stdout.toString();
    assert.match(text, /^ {2}slower +[\d.]+ times {2}kheaders-pack --preset 0 --jobs 1: scan /m);
    assert.match(text, /^ {2}slower +[\d.]+ times {2}kheaders-pack --preset 0 --jobs 1 {2}/m);
    assert.doesNotMatch(text, /archive/);
    const same = succeeded(await run(process.execPath, [...args.slice(0, -1), ordinary])).stdout.toString();
    assert.match(same, /^Nothing beyond noise in \d+ rows$/m);
  });
});
