import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releasable, release } from '../../src/bytes/releasable.js';

const SIZE = 64 * 2 ** 20;

const resident = (): number => process.memoryUsage.rss();

test('released bytes give their memory back at once, and are none', () => {
  const bytes = releasable(SIZE).fill(1);
  assert.equal(bytes.length, SIZE);
  const before = resident();
  release(bytes);
  assert.ok(before - resident() > 0.9 * SIZE, `${before - resident()} bytes were given back`);
  assert.equal(bytes.length, 0);
});

test('bytes that can be released keep that on their way to another thread', () => {
  const bytes = releasable(10).fill(7);
  const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
  assert.deepEqual(moved, new Uint8Array(10).fill(7));
  release(moved);
  assert.equal(moved.length, 0);
});

test('other bytes stay as they are', () => {
  for (const bytes of [Buffer.from('abc'), new Uint8Array(3), new Uint8Array(new SharedArrayBuffer(3))]) {
    release(bytes);
    assert.equal(bytes.length, 3);
  }
});
