import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discard, releasable, release } from '../../src/bytes/releasable.js';

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

test('discarded bytes give their memory back at once, whoever made them, and are none', () => {
  for (const make of [Buffer.allocUnsafeSlow, (size: number) => new Uint8Array(size), releasable]) {
    const bytes = make(SIZE).fill(1);
    const before = resident();
    discard(bytes);
    assert.ok(before - resident() > 0.9 * SIZE, `${before - resident()} bytes were given back`);
    assert.equal(bytes.length, 0);
  }
});

test('of bytes that are a part of a buffer, or shared, none are discarded', () => {
  const whole = new Uint8Array(4).fill(5);
  const pooled = Buffer.from('abcd');
  for (const bytes of [whole.subarray(1), whole.subarray(0, 3), pooled, new Uint8Array(new SharedArrayBuffer(3))]) {
    const { length } = bytes;
    discard(bytes);
    assert.equal(bytes.length, length);
  }
  assert.deepEqual([...whole], [5, 5, 5, 5]);
  assert.equal(pooled.toString(), 'abcd');
});
