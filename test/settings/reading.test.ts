import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { resolveReading } from '../../src/settings/reading.js';
import { environment } from './settingsSamples.js';

test('an archive is a path, standard input, or a readable', () => {
  const standardInput = Readable.from([]);
  const from = (archive: string | Readable) =>
    resolveReading({ archive }, environment({ workingDirectory: '/work', standardInput: () => standardInput })).source;
  assert.deepEqual(from('a/k.tar.xz'), { kind: 'file', path: '/work/a/k.tar.xz' });
  assert.deepEqual(from('-'), { kind: 'readable', readable: standardInput, name: 'standard input' });
  const readable = Readable.from([]);
  assert.deepEqual(from(readable), { kind: 'readable', readable, name: 'the given readable' });
  assert.throws(() => from(''), { code: 'E_OPTION_VALUE' });
});

test('the memory limit is 512 MiB, or a size of at least 2 MiB', () => {
  const limit = (memoryLimit?: string | number) =>
    resolveReading({ archive: 'k', memoryLimit }, environment({})).memoryLimit;
  assert.equal(limit(), 512 * 2 ** 20);
  assert.deepEqual([limit('2MiB'), limit('2g'), limit('1TiB'), limit(2 ** 22)], [2 ** 21, 2 ** 31, 2 ** 40, 2 ** 22]);
  for (const wrong of ['', '0', '100K', '1MiB', '1.5GiB', 'much', '-1', '1e9']) {
    assert.throws(() => limit(wrong), { code: 'E_OPTION_VALUE', message: /--memory-limit: expected a whole number/ });
  }
});

test('jobs are those given, or the processors there are', () => {
  const jobs = (given?: string) => resolveReading({ archive: 'k', jobs: given }, environment({ parallelism: 7 })).jobs;
  assert.deepEqual([jobs(), jobs('3')], [7, 3]);
  for (const wrong of ['0', '-1', '513', '1.5', 'x']) assert.throws(() => jobs(wrong), { code: 'E_OPTION_VALUE' });
});
