import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { Splitter } from '../../src/plan/split.js';
import { type SizedEntry, split } from './planSamples.js';

const BLOCK = 10_240;

/** Sizes are whole tar blocks; some are larger than a Block, and some hit its borders. */
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 9, max: 25 }) },
  { weight: 1, arbitrary: fc.constantFrom(19, 20, 21, 40, 41, 60, 95) },
);
const entries = fc
  .array(size, { maxLength: 60 })
  .map(sizes => sizes.map((blocks, i): SizedEntry => ({ name: fromLatin1(`./${i}.h`), size: blocks * 512 })));

function startsOf(all: readonly SizedEntry[]): number[] {
  let at = 0;
  return all.map(entry => {
    const start = at;
    at += entry.size;
    return start;
  });
}

test('Blocks partition the tar: no byte is missing or twice, and none is empty', () => {
  fc.assert(
    fc.property(entries, all => {
      const starts = startsOf(all);
      const total = all.reduce((sum, entry) => sum + entry.size, 0);
      let at = 0;
      for (const block of split(all, BLOCK)) {
        assert.ok(block.size > 0);
        assert.equal((starts[block.first] ?? Number.NaN) + block.skip, at);
        at += block.size;
        const last = all[block.end - 1];
        const lastStart = starts[block.end - 1];
        assert.ok(last !== undefined && lastStart !== undefined);
        assert.ok(lastStart < at && at <= lastStart + last.size, 'a Block ends within its last entry or at its end');
      }
      assert.equal(at, total);
    }),
    { numRuns: 500 },
  );
});

test('no Block is larger than the block size, and all but those before a large entry are at least half of it', () => {
  const small = entries.map(all => all.filter(entry => entry.size <= BLOCK / 4));
  fc.assert(fc.property(entries, all => assert.ok(split(all, BLOCK).every(block => block.size <= BLOCK))));
  fc.assert(
    fc.property(small, all => {
      const blocks = split(all, BLOCK).slice(0, -1);
      assert.ok(blocks.every(block => block.size >= BLOCK / 2));
    }),
  );
});

test('only an entry larger than the block size is cut, from its own start, every block size', () => {
  fc.assert(
    fc.property(entries, all => {
      const blocks = split(all, BLOCK);
      const firstOf = new Map(blocks.filter(block => block.skip === 0).map(block => [block.first, block]));
      for (const block of blocks) {
        const first = all[block.first];
        assert.ok(first !== undefined);
        if (block.skip === 0) continue;
        assert.ok(first.size > BLOCK);
        assert.equal(block.skip % BLOCK, 0);
      }
      for (const [i, entry] of all.entries()) {
        if (entry.size <= BLOCK) continue;
        assert.equal(firstOf.get(i)?.size, BLOCK, 'it starts a Block of its own');
        const pieces = blocks.filter(block => block.first === i);
        assert.deepEqual(
          pieces.map(piece => piece.skip),
          [...Array(Math.ceil(entry.size / BLOCK)).keys()].map(piece => piece * BLOCK),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('what waits before a large entry is one Block, wherever else it might be cut', () => {
  fc.assert(
    fc.property(fc.nat(10_000), number => {
      const small = [...Array(9).keys()].map(i => ({ name: fromLatin1(`./${number}-${i}.h`), size: 1024 }));
      const blocks = split([...small, { name: fromLatin1('./large.h'), size: 3 * BLOCK }], BLOCK);
      assert.deepEqual(blocks[0], { first: 0, end: 9, skip: 0, size: 9 * 1024 });
    }),
  );
});

test('Blocks come as soon as they are settled: never more than the block size waits', () => {
  fc.assert(
    fc.property(entries, all => {
      const splitter = new Splitter(BLOCK);
      let waiting = 0;
      for (const entry of all) {
        waiting += entry.size;
        for (const block of splitter.add(entry.name, entry.size)) waiting -= block.size;
        assert.ok(waiting <= BLOCK);
      }
      for (const block of splitter.end()) waiting -= block.size;
      assert.equal(waiting, 0);
      assert.deepEqual([...splitter.end()], []);
    }),
  );
});

test('a Block does not depend on anything before it or more than a block size behind its start', () => {
  fc.assert(
    fc.property(entries, entries, (all, others) => {
      const blocks = split(all, BLOCK);
      for (const block of blocks) {
        if (block.skip > 0) continue;
        const starts = startsOf(all);
        const from = starts[block.first] ?? 0;
        const near = all.filter((_, i) => i >= block.first && (starts[i] ?? 0) <= from + BLOCK);
        const alone = split([...near, ...others], BLOCK)[0];
        const isLast = block.end === all.length;
        if (!isLast) assert.deepEqual(alone, { ...block, first: 0, end: block.end - block.first });
      }
    }),
  );
});

test('names decide where a cut falls', () => {
  const sized = (prefix: string): SizedEntry[] =>
    [...Array(200).keys()].map(i => ({ name: fromLatin1(`./${prefix}${i}.h`), size: 1024 }));
  assert.notDeepEqual(split(sized('a'), BLOCK), split(sized('b'), BLOCK));
});
