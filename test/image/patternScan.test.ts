import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BytesInMemory } from '../../src/archive/reading/archiveFile.js';
import { findPatterns } from '../../src/image/patternScan.js';

const find = (bytes: Buffer, ...patterns: string[]): Promise<number[][]> =>
  findPatterns(
    new BytesInMemory('a file', bytes),
    patterns.map(pattern => ({ bytes: Buffer.from(pattern), isWanted: () => true })),
  );

test('every place of every pattern is found, overlapping ones too', async () => {
  assert.deepEqual(await find(Buffer.from('ababa--aba'), 'aba', 'b', 'none'), [[0, 2, 7], [1, 3, 8], []]);
  assert.deepEqual(await find(Buffer.alloc(0), 'a'), [[]]);
});

test('a pattern that lies across two windows is found once, whatever its place', async () => {
  const window = 2 ** 22;
  for (const at of [window - 7, window - 4, window - 1, window, window + 1, 2 * window - 3]) {
    const bytes = Buffer.alloc(2 * window + 10);
    bytes.write('IKHD_ST', at);
    assert.deepEqual(await find(bytes, 'IKHD_ST', 'YZ'), [[at], []], String(at));
  }
});
