import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { FORMAT_VERSION, makePlan, metadataOf } from '../../src/plan/plan.js';
import { entrySize } from '../../src/tar/entryHeader.js';
import { xorshift } from '../bytes/xorshift.js';
import { CONTENT, regular, symlink } from './planSamples.js';

const path = fc.stringMatching(/^[a-c]\/[a-d]{1,3}\.h$/);
const files = fc
  .uniqueArray(fc.tuple(path, fc.nat(20_000), fc.nat(3)), { selector: ([name]) => name, minLength: 1, maxLength: 25 })
  .map(all => all.map(([name, size, content]) => regular(name, size, `${size} ${content}`)));
const content = fc.record({
  order: fc.constantFrom<'gnu' | 'files-first'>('gnu', 'files-first'),
  dedup: fc.boolean(),
  mtime: fc.nat(),
  blockSize: fc.constantFrom(4096, 8192, 65_536),
});

test('a plan does not depend on the order in which files were found', () => {
  const shuffled = files.chain(all =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, content, ([all, other], settings) => {
      const chosen = { ...CONTENT, ...settings };
      assert.deepEqual(makePlan(other, chosen), makePlan(all, chosen));
    }),
  );
});

test('a plan leaves its input as it was', () => {
  fc.assert(
    fc.property(files, all => {
      const before = structuredClone(all);
      makePlan(all, CONTENT);
      assert.deepEqual(all, before);
    }),
    { numRuns: 20 },
  );
});

test('a plan adds up: Blocks hold every entry, and the zeros at the end are a Block of their own', () => {
  fc.assert(
    fc.property(files, content, (all, settings) => {
      const plan = makePlan(all, { ...CONTENT, ...settings });
      const sizes = plan.entries.map(entry => entrySize(metadataOf(entry, plan.mtime)));
      const inEntries = sizes.reduce((sum, size) => sum + size, 0);
      const inBlocks = plan.blocks.reduce((sum, block) => sum + block.size, 0);
      assert.equal(inBlocks, inEntries);
      assert.equal(plan.tarSize, inEntries + plan.endSize);
      assert.equal(plan.tarSize % 10_240, 0);
      assert.ok(plan.endSize >= 1024);
      assert.equal(plan.blocks.at(-1)?.end, plan.entries.length);
    }),
  );
});

test('where Blocks are cut depends on names and sizes only', () => {
  fc.assert(
    fc.property(files, content, (all, settings) => {
      const chosen = { ...CONTENT, ...settings, dedup: false };
      const others = all.map(({ file }) => {
        const found = all.find(other => other.file === file)?.digested;
        return regular(file.path, found?.size ?? 0, `other ${file.path}`);
      });
      const { blocks } = makePlan(others, { ...chosen, mtime: 1, strip: 'none' });
      assert.deepEqual(blocks, makePlan(all, chosen).blocks);
    }),
  );
});

test('a plan survives JSON', () => {
  fc.assert(
    fc.property(files, all => {
      const plan = makePlan([...all, symlink('z/\xff.h', '../a')], CONTENT);
      assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    }),
    { numRuns: 20 },
  );
});

test('entries state owner-writable modes alone: 0755 for directories, 0644 for all else', () => {
  const { entries } = makePlan([regular('a/x.h', 5, 'x'), regular('b.h', 5, 'x'), symlink('c.h', 'b.h')], CONTENT);
  const stated = entries.map(entry => {
    const { typeflag, mode, size, mtime, linkname } = metadataOf(entry, 7);
    return [typeflag, mode, size, mtime, linkname];
  });
  assert.deepEqual(stated, [
    ['5', 0o755, 0, 7, ''],
    ['5', 0o755, 0, 7, ''],
    ['0', 0o644, 5, 7, ''],
    ['1', 0o644, 0, 7, './a/x.h'],
    ['2', 0o644, 0, 7, 'b.h'],
  ]);
});

test('format version 1 plans what it always planned', () => {
  // When this digest has to move, so does FORMAT_VERSION: the same trees give other archives.
  assert.equal(FORMAT_VERSION, 1);
  const next = xorshift(99);
  const all = [...Array(1500).keys()].map(i => {
    const place = `include/${(next() % 30).toString(36)}${i % 7 === 0 ? '-x' : ''}/${'n'.repeat(next() % 120)}${i}.h`;
    const size = i % 300 === 0 ? 500_000 + (next() % 500_000) : next() % 9000;
    return regular(place, size, i % 10 === 0 ? `shared ${i % 50}` : place);
  });
  const digests = (['gnu', 'files-first'] as const).map(order => {
    const plan = makePlan([...all, symlink('include/l.h', 't'.repeat(150))], { ...CONTENT, order, blockSize: 2 ** 18 });
    const entries = plan.entries.map(entry => [entry.kind, entry.name, entrySize(metadataOf(entry, 0))]);
    const blocks = plan.blocks.map(block => [block.first, block.end, block.skip, block.size]);
    return createHash('sha256')
      .update(JSON.stringify({ entries, blocks, endSize: plan.endSize }))
      .digest('hex');
  });
  assert.deepEqual(digests, [
    'c5dabd88337a2549b32a57ad5cdaae87813371fdf8d89ed1a954ccb76de80f34',
    'a7be072797adaaca3f3b3c575b62a95a537b75091c7fd47fc8b432f537f18fc3',
  ]);
});
