import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Place } from '../../src/cache/place.js';
import { cacheContents, cacheFiles, clearCache, pruneCache } from '../../src/cache/upkeep.js';
import { verifyCache } from '../../src/cache/verifyCache.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const MINE = '1-0123456789abcdef';
const THEIRS = '1-fedcba9876543210';

/** A cache with files of `size` bytes each, the first of them used last. */
function cacheOf(t: TestContext, paths: readonly string[], size = 100): string {
  const root = join(scratch(t), 'cache');
  paths.forEach((path, i) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.alloc(size));
    const used = new Date(NOW - i * 60_000);
    utimesSync(file, used, used);
  });
  return root;
}

const paths = (root: string): string[] =>
  cacheFiles(root)
    .map(file => file.path.slice(root.length + 1))
    .sort();

const ALL = [
  `${MINE}/blocks/aa/aa1`,
  `${THEIRS}/blocks/aa/aa2`,
  `${MINE}/trees/t1`,
  `${MINE}/plans/p1`,
  `${MINE}/blocks/bb/bb1`,
];

describe('a cache directory', () => {
  it('keeps what was used last, of all users and kinds, as far as it fits', t => {
    for (const fitting of [0, 1, 3, 4, 5]) {
      const root = cacheOf(t, ALL);
      const removed = pruneCache(root, fitting * 100 + 99, NOW);
      assert.deepEqual(paths(root), ALL.slice(0, fitting).sort());
      assert.deepEqual(removed, { files: ALL.length - fitting, bytes: (ALL.length - fitting) * 100 });
    }
  });

  it('loses what a killed process was writing when it is an hour old, and nothing that is being written', t => {
    const root = cacheOf(t, [...ALL, `${MINE}/tmp/new`, `${MINE}/tmp/old`]);
    const old = new Date(NOW - HOUR - 1000);
    utimesSync(join(root, MINE, 'tmp/old'), old, old);
    const removed = pruneCache(root, 2 ** 30, NOW);
    assert.deepEqual(paths(root), [...ALL, `${MINE}/tmp/new`].sort());
    assert.deepEqual(removed, { files: 1, bytes: 100 });
  });

  it('is counted by what is in it', t => {
    const root = cacheOf(t, [...ALL, `${MINE}/tmp/new`]);
    const count = (files: number): object => ({ files, bytes: files * 100 });
    assert.deepEqual(cacheContents(root), { blocks: count(3), trees: count(2), unfinished: count(1) });
    assert.deepEqual(cacheContents(join(root, 'none')), { blocks: count(0), trees: count(0), unfinished: count(0) });
  });

  it('is cleared of everything that is ours, and of nothing else', t => {
    const others = ['notes.txt', '2-0123456789abcdef/blocks/aa/aa1', 'blocks/aa/aa1'];
    const root = cacheOf(t, [...ALL, ...others]);
    assert.deepEqual(clearCache(root), { files: ALL.length, bytes: ALL.length * 100 });
    for (const path of others) assert.ok(existsSync(join(root, path)), path);
    assert.ok(!existsSync(join(root, MINE)));
    assert.ok(!existsSync(join(root, THEIRS)));
    assert.deepEqual(clearCache(join(root, 'none')), { files: 0, bytes: 0 });
  });
});

/** The directories of a user's place; the empty path is the place itself. */
const DIRECTORIES = ['', 'blocks', 'blocks/aa', 'trees', 'plans', 'tmp'];

/** Puts a link in the place of a directory, and gives where the directory is now: outside the cache, with an empty one in it. */
function linked(directory: string, root: string): string {
  const elsewhere = join(dirname(root), 'elsewhere');
  renameSync(directory, elsewhere);
  mkdirSync(join(elsewhere, 'empty'));
  symlinkSync(elsewhere, directory);
  return elsewhere;
}

describe('a link that somebody has put into a cache directory', () => {
  const secret = 'a secret of the test';
  const own = basename(new Place('/', secret).directory);
  const filled = ['blocks/aa/aa1', 'trees/t1', 'plans/p1', 'tmp/old'].flatMap(path => [
    `${own}/${path}`,
    `${MINE}/${path}`,
  ]);
  const looks: Readonly<Record<string, (root: string) => unknown>> = {
    cleared: clearCache,
    pruned: root => pruneCache(root, 0, NOW + 2 * HOUR),
    verified: root =>
      verifyCache({ directory: root, secret: { kind: 'given', key: secret }, maxSize: 2 ** 30, isParanoid: false }),
  };
  for (const [done, look] of Object.entries(looks)) {
    it(`leads to nothing that is removed when the cache is ${done}`, t => {
      for (const directory of DIRECTORIES) {
        for (const user of [own, MINE]) {
          const root = cacheOf(t, filled);
          const elsewhere = linked(join(root, user, directory), root);
          const before = snapshot(elsewhere);
          look(root);
          assert.deepEqual(snapshot(elsewhere), before, join(user, directory));
        }
      }
    });
  }

  it('hides nothing else from who clears it', t => {
    for (const directory of DIRECTORIES) {
      const root = cacheOf(t, filled);
      linked(join(root, MINE, directory), root);
      const inside = filled.filter(path => !path.startsWith(join(MINE, directory)));
      assert.equal(clearCache(root).files, inside.length, directory);
      assert.deepEqual(paths(root), []);
    }
  });

  it('may stand in the place of the cache directory itself, which its user has named', t => {
    const root = cacheOf(t, filled);
    linked(root, root);
    assert.equal(clearCache(root).files, filled.length);
  });
});

describe("a user's place in it", () => {
  const bytes = Buffer.from('kept');

  it('has what was written, under a name that is there whole or not at all', t => {
    const root = join(scratch(t), 'a', 'cache');
    const place = new Place(root, 'secret');
    const file = place.blockFile('abcdef');
    assert.equal(place.read(file, 100), null);
    place.write(file, [bytes]);
    assert.deepEqual(place.read(file, 100), bytes);
    place.write(file, [Buffer.from('ne'), Buffer.from('wer')]);
    assert.equal(place.read(file, 100)?.toString(), 'newer');
    assert.equal(cacheContents(root).unfinished.files, 0);
    assert.match(readFileSync(join(root, 'CACHEDIR.TAG'), 'latin1'), /^Signature: 8a477f597d28d172789f06886806bc55\n/);
    place.remove(file);
    place.remove(file);
    assert.equal(place.read(file, 100), null);
  });

  it('is another with another secret', t => {
    const root = scratch(t);
    new Place(root, 'secret').write('blocks/ab/abc', [bytes]);
    assert.equal(new Place(root, 'other').read('blocks/ab/abc', 100), null);
    assert.deepEqual(new Place(root, Buffer.from('secret')).read('blocks/ab/abc', 100), bytes);
  });

  it('is neither read, written nor removed from behind a link on the way', t => {
    for (const directory of ['', 'blocks', 'blocks/ab', 'tmp']) {
      const root = join(scratch(t), 'cache');
      const place = new Place(root, 'secret');
      place.write('blocks/ab/abc', [bytes]);
      const elsewhere = linked(join(place.directory, directory), root);
      const before = snapshot(elsewhere, { times: true });
      const refused = new RegExp(`^Error: ".*/${basename(join(place.directory, directory))}" is a symbolic link$`);
      assert.throws(() => place.write('blocks/ab/abd', [bytes]), refused);
      assert.deepEqual(snapshot(elsewhere, { times: true }), before, directory);
      if (directory === 'tmp') continue;
      assert.throws(() => place.read('blocks/ab/abc', 100), refused);
      assert.throws(() => place.touch('blocks/ab/abc'), refused);
      assert.throws(() => place.remove('blocks/ab/abc'), refused);
      assert.deepEqual(snapshot(elsewhere, { times: true }), before, directory);
    }
  });

  it('takes no link, no directory, no FIFO and nothing too long for a file', { skip: unless('mkfifo') }, t => {
    const place = new Place(scratch(t), 'secret');
    place.write('blocks/ab/whole', [bytes]);
    const at = (name: string): string => join(place.directory, 'blocks/ab', name);
    symlinkSync(at('whole'), at('link'));
    mkdirSync(at('directory'));
    spawnSync('mkfifo', [at('fifo')]);
    writeFileSync(at('long'), '');
    truncateSync(at('long'), 2 ** 40);
    assert.throws(() => place.read('blocks/ab/link', 100), { code: 'ELOOP' });
    for (const name of ['directory', 'fifo', 'long'])
      assert.equal(place.read(`blocks/ab/${name}`, 100)?.length, 0, name);
  });
});
