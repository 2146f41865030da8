import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteCursor } from '../../src/bytes/byteCursor.js';
import { layOut } from '../../src/bytes/pieces.js';

/** Pieces, each in a buffer of its own. */
const pieces = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 }).map(all => all.map(each => each.slice()));

async function* usedAgain(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of all) {
    yield piece;
    piece.fill(0xaa);
  }
}

test('a cursor gives the bytes as they are, across pieces too, where each is used again when the next is asked for', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 70 }), async (all, size) => {
      const model = Buffer.concat(all);
      const cursor = new ByteCursor(usedAgain(all));
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
