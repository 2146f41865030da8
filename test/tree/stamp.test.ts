import assert from 'node:assert/strict';
import { chmodSync, lstatSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRacy, lastChange, stampOf } from '../../src/tree/stamp.js';
import { scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('stamp');
const file = join(scratch, 'x.h');
const stamp = (): string => stampOf(lstatSync(file, { bigint: true }));

test('a stamp has the times to the nanosecond', () => {
  writeFileSync(file, 'abc');
  const { mtimeNs, ctimeNs, ino, dev } = lstatSync(file, { bigint: true });
  assert.equal(stamp(), `3 ${mtimeNs} ${ctimeNs} ${ino} ${dev}`);
});

test('a change of the content shows even when size and mtime are set back, as does one of the mode', async () => {
  writeFileSync(file, 'abc');
  utimesSync(file, 1000, 1000);
  const before = stamp();
  // Longer than a tick of the clock that file systems use.
  await sleep(50);
  writeFileSync(file, 'xyz');
  utimesSync(file, 1000, 1000);
  const after = stamp();
  assert.notEqual(after, before);
  await sleep(50);
  chmodSync(file, 0o755);
  assert.notEqual(stamp(), after);
});

test('a stamp is racy for two seconds after the last change of either time', () => {
  const change = lastChange('3 1000000000000 2000000000000 1');
  assert.equal(change, 2_000_000);
  assert.equal(lastChange('3 2000000000000 1000000000000 1'), 2_000_000);
  assert.equal(isRacy(change, 2_000_000 - 1), true);
  assert.equal(isRacy(change, 2_002_000), true);
  assert.equal(isRacy(change, 2_002_001), false);
});
