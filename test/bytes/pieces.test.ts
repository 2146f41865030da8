import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteCursor } from '../../src/bytes/byteCursor.js';
import { layOut, passing } from '../../src/bytes/pieces.js';

/** Pieces, each in a buffer of its own. */
const pieces = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 }).map(all => all.map(each => each.slice()));

async function* given(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* all;
}

test('pieces that pass are whole until the next one is asked for, and then none', async () => {
  const all = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4, 5)];
  const seen: number[][] = [];
  for await (const piece of passing(given(all))) {
    seen.push([...piece]);
    assert.deepEqual(
      all.map(({ length }) => length),
      [2, 1, 2].map((size, i) => (i < seen.length - 1 ? 0 : size)),
    );
  }
  assert.deepEqual(seen, [[1, 2], [3], [4, 5]]);
  assert.ok(all.every(({ length }) => length === 0));
});

test('a cursor over passing pieces gives the bytes as they are, across pieces too', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 70 }), async (all, size) => {
      const model = Buffer.concat(all);
      const cursor = new ByteCursor(passing(given(all)));
      for (let at = 0; at < model.length; at += size) {
        assert.deepEqual(Buffer.from(await cursor.take(size)), model.subarray(at, at + size));
      }
      assert.equal(await cursor.some(1), null);
    }),
  );
});

test('pieces are laid one behind the other, and are none afterwards', () => {
  fc.assert(
    fc.property(pieces, all => {
      const model = Buffer.concat(all);
      const target = new Uint8Array(model.length + 1).fill(9);
      assert.equal(layOut(all, target), target);
      assert.deepEqual(Buffer.from(target), Buffer.concat([model, Buffer.of(9)]));
      assert.ok(all.every(({ length }) => length === 0));
    }),
  );
});
