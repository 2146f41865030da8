import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { kept, machine, type Packed, packCold, packOn, rewrite, settled } from '../support/cached.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';

/** Sixty files in several directories: some ten Blocks of at most 16 KiB. */
const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [
    `include/d${i % 5}/f${String(i).padStart(2, '0')}.h`,
    `/* ${i} */\n#define F${i} "${noise(2000, i)}"\n`,
  ]),
);
const PATHS = Object.keys(FILES);

/** Most of the time is waiting for files to become old enough. */
const CONCURRENT = { concurrency: 4 };

const work = scratch({ after });
/** Its files are old enough to be trusted, once `settled` is over. */
const seed = kernelTree(join(work, 'seed'), { ...FILES, 'include/d0/link.h': { linkTo: 'f00.h' } });
const ready = settled();

/** A tree of the test's own, with the times of the seed but inodes and ctimes of its own. */
function copyOfSeed(t: TestContext): { tree: string; out: string; archive: string } {
  const own = scratch(t);
  cpSync(seed, join(own, 'tree'), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const out = join(own, 'out');
  mkdirSync(out);
  return { tree: join(own, 'tree'), out, archive: join(out, 'k.tar.xz') };
}

function assertFrom(packed: Packed, blocks: Partial<Packed['cache']['blocks']>, read: number): void {
  const { cache } = packed;
  for (const [origin, count] of Object.entries(blocks)) {
    assert.equal(cache.blocks[origin as 'local'], count, `${origin}: ${JSON.stringify(cache)}`);
  }
  assert.equal(cache.files.read, read, JSON.stringify(cache));
}

describe(
  'the archive is that of a pack without a cache, and only what changed is read and compressed',
  CONCURRENT,
  () => {
    it('cold, then warm, then after each kind of change', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const count = PATHS.length + 2;
      const cold = await packOn(here, tree, archive);
      const blocks = cold.summary.blocks;
      assert.ok(blocks >= 8, `${blocks} Blocks`);
      assert.equal(cold.digest, await packCold(tree, archive));
      assertFrom(cold, { local: 0, encoded: blocks }, count);
      assert.equal(cold.cache.bytesSaved, 0);

      const warm = await packOn(here, tree, archive);
      assert.equal(warm.digest, cold.digest);
      assertFrom(warm, { local: blocks, encoded: 0 }, 0);
      assert.equal(warm.cache.files.known, count);
      assert.equal(warm.cache.bytesSaved, cold.summary.bytes.tar);
      assert.deepEqual(warm.summary.files, cold.summary.files);
      assert.deepEqual(warm.summary.bytes, cold.summary.bytes);
      assert.equal(warm.summary.memoryBound, cold.summary.memoryBound);
      assert.deepEqual([warm.cache.misses, warm.notices], [[], []]);

      // The comment goes when it is stripped: the file is read, and no Block differs.
      const edited = join(tree, PATHS[7] ?? '');
      rewrite(edited, bytes => Buffer.from(bytes.toString().replace('/*', '/* changed:')));
      const comment = await packOn(here, tree, archive);
      assert.equal(comment.digest, cold.digest);
      assertFrom(comment, { local: blocks, encoded: 0 }, 1);

      appendFileSync(edited, '#define MORE 1\n');
      const changed = await packOn(here, tree, archive);
      assert.notEqual(changed.digest, cold.digest);
      assert.equal(changed.digest, await packCold(tree, archive));
      assert.ok(changed.cache.blocks.encoded >= 1 && changed.cache.blocks.encoded <= 2, JSON.stringify(changed.cache));
      assert.match(changed.cache.misses[0]?.reason ?? '', /^\.\/include\/d2\/f07\.h is changed$/);

      // A change that is taken back finds its Blocks again.
      rewrite(edited, bytes => Buffer.from(bytes.toString().replace('#define MORE 1\n', '')));
      const reverted = await packOn(here, tree, archive);
      assert.equal(reverted.digest, cold.digest);
      assertFrom(reverted, { local: blocks, encoded: 0 }, 1);
    });

    it('an edit that leaves size and mtime as they were is noticed by its ctime', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      const edited = join(tree, PATHS[3] ?? '');
      // A whole second, which can be set again exactly.
      const time = 1_700_000_000;
      utimesSync(edited, time, time);
      await settled();
      const here = machine(dirname(tree));
      const before = await packOn(here, tree, archive);
      const { mtimeNs, size } = lstatSync(edited, { bigint: true });
      rewrite(edited, bytes => Buffer.from(bytes.toString().replace('#define F3', '#define G3')));
      utimesSync(edited, time, time);
      const after = lstatSync(edited, { bigint: true });
      assert.deepEqual([after.size, after.mtimeNs], [size, mtimeNs]);
      const changed = await packOn(here, tree, archive);
      assert.notEqual(changed.digest, before.digest);
      assert.equal(changed.digest, await packCold(tree, archive));
    });

    it('a file that had just changed is read again, even if its stamp is the same', async t => {
      const { tree, archive } = copyOfSeed(t);
      const here = machine(dirname(tree));
      await packOn(here, tree, archive);
      const again = await packOn(here, tree, archive);
      // Copied just now: nothing of it may be trusted, but the Blocks are those of the contents.
      assertFrom(again, { encoded: 0 }, PATHS.length + 2);
      await settled();
      await packOn(here, tree, archive);
      assertFrom(await packOn(here, tree, archive), { encoded: 0 }, 0);
    });

    it('a manifest wants to know what files hold on disk: that is read once, too', async t => {
      await ready;
      const { tree, out, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const manifest = join(out, 'manifest.json');
      const count = PATHS.length + 2;
      const { blocks } = (await packOn(here, tree, archive)).summary;
      const assertManifest = async (read: number): Promise<void> => {
        const packed = await packOn(here, tree, archive, { manifest });
        assert.equal(packed.cache.files.read, read, JSON.stringify(packed.cache));
        const cold = join(out, 'cold.json');
        assert.equal(packed.digest, await packCold(tree, join(out, 'cold.tar.xz'), { manifest: cold }));
        assert.equal(readFileSync(manifest, 'utf8'), readFileSync(cold, 'utf8'));
      };
      await assertManifest(count);
      await assertManifest(0);
      // A pack that does not ask for them keeps those that it finds, but for the file that it reads.
      const edited = join(tree, PATHS[7] ?? '');
      rewrite(edited, bytes => Buffer.from(bytes.toString().replace('/*', '/* changed:')));
      await settled();
      assertFrom(await packOn(here, tree, archive), { local: blocks, encoded: 0 }, 1);
      assertFrom(await packOn(here, tree, archive), { local: blocks, encoded: 0 }, 0);
      await assertManifest(1);
      await assertManifest(0);
      appendFileSync(edited, '/* and again */\n');
      await assertManifest(1);
    });

    it('--paranoid reads every file, and trusts Blocks', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const cold = await packOn(here, tree, archive);
      const paranoid = await packOn(here, tree, archive, { paranoid: true });
      assert.equal(paranoid.digest, cold.digest);
      assertFrom(paranoid, { encoded: 0 }, PATHS.length + 2);
    });

    it('every content setting has Blocks and digests of its own', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const settings = [
        {},
        { strip: 'none' },
        { strip: 'kernel' },
        { strip: 'tokens' },
        { preset: '1' },
        { lzma2: 'nice=40' },
        { check: 'sha256' },
        { blockSize: '8KiB' },
        { order: 'gnu' },
        { dedup: false },
        { mtime: '@5' },
        { exclude: ['f1*.h'] },
        { profile: 'all', arch: undefined },
      ];
      for (const round of [1, 2]) {
        for (const options of settings) {
          const packed = await packOn(here, tree, archive, options);
          assert.equal(packed.digest, await packCold(tree, archive, options), JSON.stringify(options));
          if (round === 2) assertFrom(packed, { encoded: 0 }, 0);
        }
      }
    });

    it('a bundle and an existing tar are served as well', async t => {
      await ready;
      const { tree, out, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const bundle = { trees: [`one=${seed}`, `two=${tree}`] };
      const tar = { trees: undefined, arch: undefined, fromTar: join(out, 'first.tar.xz') };
      const first = await packOn(here, tree, tar.fromTar);
      for (const options of [bundle, tar]) {
        const cold = await packOn(here, tree, archive, options);
        const warm = await packOn(here, tree, archive, options);
        assert.equal(warm.digest, cold.digest);
        assertFrom(warm, { encoded: 0, local: cold.summary.blocks }, 0);
      }
      assert.equal((await packOn(here, tree, archive, tar)).digest, first.digest);
    });
  },
);

/** What an editor, a build or a person may do to a tree. Paths are of files that are there, or of new ones. */
const EDITS: Readonly<Record<string, (path: string, other: string, turn: number) => void>> = {
  change: (path, _, turn) => appendFileSync(path, `#define TURN_${turn} 1\n`),
  comment: path => appendFileSync(path, '/* a remark */\n'),
  truncate: path => writeFileSync(path, ''),
  add: (path, _, turn) => {
    mkdirSync(`${path}.d`, { recursive: true });
    writeFileSync(join(`${path}.d`, `new${turn}.h`), `#define NEW_${turn} "${noise(1250, turn)}"\n`);
  },
  remove: path => rmSync(path),
  rename: (path, other) => renameSync(path, `${other}.moved.h`),
  replace: (path, other) => renameSync(other, path),
  link: (path, other) => {
    rmSync(path);
    symlinkSync(other, path);
  },
  chmod: path => chmodSync(path, 0o755),
  touch: path => utimesSync(path, 1, 1),
  copy: (path, other) => cpSync(path, `${other}.copy.h`, { preserveTimestamps: true }),
};

/** All files are those of the seed again, beside what was added. Node's cpSync stops at a link that is there, from version 22 on. */
function revert(tree: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', '--remove-destination', `${seed}/.`, tree]);
  assert.equal(status, 0, String(stderr));
}

describe('after every one of many edits', () => {
  it('a cached archive is that of a pack without a cache', async t => {
    await ready;
    let runs = 0;
    const edit = fc.record({
      how: fc.constantFrom(...Object.keys(EDITS), 'revert'),
      at: fc.nat(PATHS.length - 1),
      other: fc.nat(PATHS.length - 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 4, maxLength: 10 }), async edits => {
        const { tree, archive } = copyOfSeed(t);
        // Half of the trees are old enough to be trusted.
        if (runs++ % 2 === 0) await settled();
        const here = machine(dirname(tree));
        await packOn(here, tree, archive);
        for (const [turn, { how, at, other }] of edits.entries()) {
          const [path, second] = [at, other].map(i => join(tree, PATHS[i] ?? ''));
          assert.ok(path !== undefined && second !== undefined);
          if (how === 'revert') revert(tree);
          else if (isFile(path) && isFile(second) && path !== second) EDITS[how]?.(path, second, turn);
          const packed = await packOn(here, tree, archive);
          assert.equal(packed.digest, await packCold(tree, archive), `${how} ${path}`);
        }
      }),
      { numRuns: 6 },
    );
  });
});

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

describe(
  'whatever is wrong with the cache, the archive is right, what is damaged is told of once, and made again:',
  CONCURRENT,
  () => {
    const damage: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
      emptied: () => Buffer.alloc(0),
      'truncated by a byte': bytes => bytes.subarray(0, -1),
      'truncated to half': bytes => bytes.subarray(0, bytes.length / 2),
      'longer by a byte': bytes => Buffer.concat([bytes, Buffer.alloc(1)]),
      'with one bit changed in the middle': bytes => {
        const changed = Buffer.from(bytes);
        const at = Math.floor(bytes.length / 2);
        changed[at] = (changed[at] ?? 0) ^ 1;
        return changed;
      },
      'filled with zeros': bytes => Buffer.alloc(bytes.length),
    };

    for (const [how, change] of Object.entries(damage)) {
      it(`every file ${how}`, async t => {
        await ready;
        const { tree, archive } = copyOfSeed(t);
        await settled();
        const here = machine(dirname(tree));
        const cold = await packOn(here, tree, archive);
        const files = ['blocks', 'trees', 'plans'].flatMap(kind => kept(here, kind));
        assert.equal(files.length, cold.summary.blocks + 2);
        for (const path of files) rewrite(path, change);
        const repaired = await packOn(here, tree, archive);
        assert.equal(repaired.digest, cold.digest);
        // The outline is not asked for once the index is gone.
        assert.equal(repaired.cache.dropped, cold.summary.blocks + 1);
        assert.equal(repaired.notices.length, 1);
        assert.match(
          repaired.notices[0] ?? '',
          /^Dropped \d+ entries that were damaged or not ours from the cache "\/.*"$/,
        );
        const warm = await packOn(here, tree, archive);
        assert.equal(warm.digest, cold.digest);
        assert.deepEqual([warm.cache.blocks.encoded, warm.cache.files.read, warm.notices], [0, 0, []]);
      });
    }

    it('the outline of the plan alone is damaged', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const cold = await packOn(here, tree, archive);
      for (const path of kept(here, 'plans')) rewrite(path, bytes => bytes.subarray(0, -2));
      const repaired = await packOn(here, tree, archive);
      assert.deepEqual([repaired.digest, repaired.cache.blocks.encoded, repaired.cache.dropped], [cold.digest, 0, 1]);
    });

    it('entries stand under the names of others, and under another secret', async t => {
      await ready;
      const { tree, out, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      const cold = await packOn(here, tree, archive);
      const files = kept(here, 'blocks');
      const contents = files.map(path => readFileSync(path));
      files.forEach((path, i) => {
        writeFileSync(path, contents[(i + 1) % contents.length] ?? '');
      });
      const swapped = await packOn(here, tree, archive);
      assert.deepEqual([swapped.digest, swapped.cache.blocks.local], [cold.digest, 0]);
      // Someone else's entries, put where ours would be.
      const elsewhere = machine(out, 'elsewhere');
      const changed = { ...FILES, [PATHS[0] ?? '']: '#define OTHER 1\n' };
      await packOn(elsewhere, kernelTree(join(out, 'other'), changed), join(out, 'other.tar.xz'));
      const theirs = kept(elsewhere, 'blocks');
      for (const path of files) writeFileSync(path, readFileSync(theirs[0] ?? ''));
      const forged = await packOn(here, tree, archive);
      assert.deepEqual([forged.digest, forged.cache.blocks.local], [cold.digest, 0]);
      assert.equal(forged.notices.length, 1);
    });

    it('indexes of one tree stand under the names of others', async t => {
      await ready;
      const { tree, archive } = copyOfSeed(t);
      await settled();
      const here = machine(dirname(tree));
      for (const strip of ['none', 'comments', 'tokens']) await packOn(here, tree, archive, { strip });
      for (const kind of ['trees', 'plans']) {
        const files = kept(here, kind);
        assert.equal(files.length, 3);
        const contents = files.map(path => readFileSync(path));
        files.forEach((path, i) => {
          writeFileSync(path, contents[(i + 1) % contents.length] ?? '');
        });
      }
      for (const strip of ['none', 'comments', 'tokens']) {
        const packed = await packOn(here, tree, archive, { strip });
        assert.deepEqual([packed.digest, packed.cache.dropped], [await packCold(tree, archive, { strip }), 1]);
      }
    });
  },
);
