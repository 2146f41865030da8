import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvText } from '../../src/measure/csv.js';
import { run } from '../support/cli.js';
import { unless } from '../support/tools.js';
import { sampleResult } from './benchSamples.js';

describe('CSV', () => {
  it('gives every text back as it was, quotes, commas and newlines included, and axes in columns of their own', {
    skip: unless('python3'),
  }, async () => {
    const hostile = 'a "quoted", b\r\nc';
    const script = 'import csv, json, sys; print(json.dumps(list(csv.DictReader(open(0, newline="")))))';
    const { stdout } = await run('python3', ['-c', script], { input: csvText(sampleResult(hostile)) });
    const rows: Record<string, string>[] = JSON.parse(stdout.toString());
    assert.deepEqual(
      rows.map(row => row['name']),
      ['kheaders-pack --jobs 1', 'kheaders-pack --jobs 2', 'kheaders-pack --jobs 4', `zstd ${hostile}`],
    );
    assert.deepEqual(
      rows.map(row => [row['axis_jobs'], row['seconds'], row['archive_bytes'], row['decode_seconds']]),
      [
        ['1', '8.5', '4000000', '0.5'],
        ['2', '4.25', '4000000', '0.5'],
        ['4', '2.125', '4000000', '0.5'],
        ['', '12', '4200000', ''],
      ],
    );
  });
});
