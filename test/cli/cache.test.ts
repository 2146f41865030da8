import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { packed, succeeded } from '../support/archive.js';
import { kept, type Machine, machine, rewrite, settled } from '../support/cached.js';
import { type ChildOptions, type Ended, runCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { giveToOrdinary, NOBODY, ORDINARY, onSmallDisk, unlessNobody, unlessOrdinary } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = kernelTree(
  join(work, 'tree'),
  Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`include/linux/n${i}.h`, noise(20_000, i)])),
);
const BLOCKS = 'in 14 Blocks';
const ready = settled();
const expected = packed([tree, '--preset', '0', '--block-size', '64KiB'], join(work, 'expected.tar.xz'));

function bench(t: TestContext): { here: Machine; out: string; archive: string } {
  const own = scratch(t);
  const out = join(own, 'out');
  mkdirSync(out);
  return { here: machine(own), out, archive: join(out, 'k.tar.xz') };
}

/** Packs as a user would whose home is this machine's, with its own cache unless `args` say otherwise. */
function pack(here: Machine, archive: string, args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const env = { HOME: here.home, XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined, ...options.env };
  const quick = ['--preset', '0', '--block-size', '64KiB', '--jobs', '1', '-o', archive];
  return runCli([tree, ...quick, ...args], { ...options, env });
}

async function packedOn(
  here: Machine,
  archive: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<string> {
  const { stderr } = succeeded(await pack(here, archive, args, options));
  assert.equal(sha256(readFileSync(archive)), await expected);
  return stderr;
}

const FROM_CACHE = /14 of 14 Blocks from the cache: .* not compressed again, 0 of 32 files read again\n/;

describe('the cache of the command line', () => {
  it("is the user's own unless one is named, and none with --no-cache or KHEADERS_PACK_CACHE=off", async t => {
    await ready;
    const places: readonly [string, readonly string[], Record<string, string | undefined>][] = [
      ['home/.cache/kheaders-pack', [], { KHEADERS_PACK_CACHE: undefined }],
      ['home/.cache/kheaders-pack', [], { KHEADERS_PACK_CACHE: '', XDG_CACHE_HOME: 'relative' }],
      ['xdg/kheaders-pack', [], { KHEADERS_PACK_CACHE: undefined, XDG_CACHE_HOME: 'xdg' }],
      ['named', [], { KHEADERS_PACK_CACHE: 'named' }],
      ['option', ['--cache', 'option'], { KHEADERS_PACK_CACHE: 'named' }],
      ['option', ['--cache', 'option'], { KHEADERS_PACK_CACHE: 'off' }],
      ['', ['--no-cache'], { KHEADERS_PACK_CACHE: 'named' }],
      ['', [], { KHEADERS_PACK_CACHE: 'off' }],
    ];
    for (const [place, args, variables] of places) {
      const { here, archive } = bench(t);
      const cwd = dirname(here.home);
      mkdirSync(cwd, { recursive: true });
      const absolute = variables['XDG_CACHE_HOME'] === 'xdg' ? { XDG_CACHE_HOME: join(cwd, 'xdg') } : {};
      const env = { ...variables, ...absolute };
      await packedOn(here, archive, args, { cwd, env });
      const stderr = await packedOn(here, archive, args, { cwd, env });
      if (place === '') {
        assert.doesNotMatch(stderr, /cache/);
        assertHoldsOnly(cwd, []);
      } else {
        assert.match(stderr, FROM_CACHE, JSON.stringify([place, args, variables]));
        assert.equal(kept({ home: '', cache: join(cwd, place) }, 'blocks').length, 14);
        assert.ok(existsSync(join(here.home, '.local/state/kheaders-pack/cache-secret')));
      }
    }
  });

  it('needs no worker thread and loads nothing but the reader of its options when nothing has changed', async t => {
    await ready;
    const { here, archive } = bench(t);
    const env = preload('loadedModules');
    const cold = await packedOn(here, archive, ['--quiet', '--cache', here.cache], { env });
    assert.match(cold, /^loaded piscina$/m);
    assert.equal(cold.match(/^thread$/gm)?.length, 2);
    const warm = await packedOn(here, archive, ['--quiet', '--cache', here.cache], { env });
    // What reads the options is in the bundle.
    assert.deepEqual(warm.trimEnd().split('\n'), ['thread']);
  });

  it('tells in the summary what it saved, in JSON what it did, and with --verbose why a Block had to be compressed', async t => {
    await ready;
    const { here, archive } = bench(t);
    const cold = await packedOn(here, archive, ['--verbose', '--cache', here.cache]);
    assert.match(cold, new RegExp(BLOCKS));
    assert.doesNotMatch(cold, /from the cache/);
    assert.equal(cold.match(/: the first pack of these files with this cache$/gm)?.length, 13);
    assert.match(await packedOn(here, archive, ['--cache', here.cache]), FROM_CACHE);
    const [block = ''] = kept(here, 'blocks');
    rewrite(block, bytes => bytes.subarray(1));
    const { stdout, stderr } = succeeded(await pack(here, archive, ['--json', '--verbose', '--cache', here.cache]));
    assert.match(stderr, /^Dropped 1 entry that was damaged or not ours from the cache "\/.*"$/m);
    assert.match(stderr, /^ {2}.* \(.*\): its entry in the cache was not ours$/m);
    const { cache } = JSON.parse(stdout.toString());
    assert.equal(cache.directory, here.cache);
    assert.deepEqual([cache.remote, cache.dropped, cache.misses.length], [null, 1, 1]);
    assert.deepEqual(
      [cache.files, cache.blocks],
      [
        { known: 32, read: 0 },
        { local: 13, remote: 0, encoded: 1 },
      ],
    );
    assert.equal(
      JSON.parse(succeeded(await pack(here, archive, ['--json', '--no-cache'])).stdout.toString()).cache,
      null,
    );
  });

  it('stays within its size, and what was used last stays in it', async t => {
    await ready;
    const { here, archive } = bench(t);
    const args = ['--quiet', '--cache', here.cache, '--cache-size', '1MiB'];
    for (const mtime of ['@1', '@2', '@3', '@4']) succeeded(await pack(here, archive, [...args, '--mtime', mtime]));
    const size = ['blocks', 'trees', 'plans']
      .flatMap(kind => kept(here, kind))
      .reduce((sum, path) => sum + statSync(path).size, 0);
    assert.ok(size <= 2 ** 20 && size > 2 ** 19, String(size));
    const again = succeeded(await pack(here, archive, [...args, '--mtime', '@4', '--json']));
    assert.equal(JSON.parse(again.stdout.toString()).cache.blocks.encoded, 0);
  });

  it('is shared by a dry run, whose plan is the same', async t => {
    await ready;
    const { here, out, archive } = bench(t);
    const dry = async (args: readonly string[]): Promise<string> =>
      succeeded(await pack(here, archive, ['--dry-run', '--json', ...args])).stdout.toString();
    const plan = await dry(['--no-cache']);
    for (let i = 0; i < 2; i++) assert.equal(await dry(['--cache', here.cache]), plan);
    assertHoldsOnly(out, []);
    assert.match(await packedOn(here, archive, ['--cache', here.cache]), /0 of 32 files read again/);
  });

  it('refuses what it cannot read', async t => {
    const { out } = bench(t);
    const quick = [tree, '-o', join(out, 'k.tar.xz')];
    await runIntoTrouble(
      [...quick, '--cache', ''],
      /Invalid value "" for --cache: expected a value that is not empty$/,
    );
    await runIntoTrouble(
      [...quick, '--cache-size', '1'],
      /Invalid value "1" for --cache-size: expected a whole number of .* at least 1.0 MiB/,
    );
    await runIntoTrouble([...quick, '--cache-size', 'much'], /Invalid value "much" for --cache-size/);
    const env = { KHEADERS_PACK_CACHE_KEY: 'short' };
    await runIntoTrouble(
      [...quick, '--cache', out],
      /Invalid value "\*\*\*" for KHEADERS_PACK_CACHE_KEY: expected at least 16/,
      { env },
    );
  });
});

describe('where the cache cannot be used, one line says so and the archive is the same:', () => {
  const GOING_ON =
    /^kheaders-pack: |^Cannot write the cache "\/.*": (?:permission denied|no space left on device) \(packing goes on without\)$/gm;

  function assertOneLine(stderr: string, line: RegExp): void {
    assert.match(stderr, line);
    assert.equal(stderr.match(/cache/g)?.length, 1, stderr);
  }

  it('its directory is a file', async t => {
    const { here, archive } = bench(t);
    mkdirSync(dirname(here.cache), { recursive: true });
    writeFileSync(here.cache, 'mine');
    const stderr = await packedOn(here, archive, ['--cache', here.cache]);
    assert.match(stderr, /^Cannot read the cache "\/.*": not a directory \(packing goes on without\)$/m);
    assert.equal(readFileSync(here.cache, 'utf8'), 'mine');
  });

  it('its directory is read-only, empty or filled', { skip: unlessOrdinary() }, async t => {
    await ready;
    const { here, out, archive } = bench(t);
    for (const directory of [here.home, here.cache, out]) {
      mkdirSync(directory, { recursive: true });
      giveToOrdinary(directory);
    }
    const args = ['--cache', here.cache];
    chmodSync(here.cache, 0o555);
    assert.equal((await packedOn(here, archive, args, ORDINARY)).match(GOING_ON)?.length, 1);
    chmodSync(here.cache, 0o755);
    await packedOn(here, archive, args, ORDINARY);
    for (const path of [...kept(here, 'blocks'), here.cache]) chmodSync(dirname(path), 0o555);
    const tmp = join(dirname(dirname(dirname(kept(here, 'blocks')[0] ?? ''))), 'tmp');
    chmodSync(tmp, 0o555);
    // What is there is of use, and nothing has to be written.
    const warm = await packedOn(here, archive, args, ORDINARY);
    assert.match(warm, FROM_CACHE);
    assert.doesNotMatch(warm, GOING_ON);
    const [block = ''] = kept(here, 'blocks');
    rewrite(block, bytes => bytes.subarray(1));
    const damaged = await packedOn(here, archive, args, ORDINARY);
    assert.match(damaged, /^13 of 14 Blocks from the cache/m);
    assert.equal(damaged.match(GOING_ON)?.length, 1);
  });

  it('its disk is full', async t => {
    await ready;
    const { here, archive } = bench(t);
    mkdirSync(here.cache, { recursive: true });
    const skip = await onSmallDisk(here.cache, 256 * 1024, async () => {
      for (let i = 0; i < 2; i++) {
        assert.equal((await packedOn(here, archive, ['--cache', here.cache])).match(GOING_ON)?.length, 1);
        assert.deepEqual(kept(here, 'tmp'), []);
      }
    });
    if (skip !== false) t.skip(skip);
  });

  it('there is no home for its secret, or others may read that', async t => {
    const { here, archive } = bench(t);
    const nowhere = await packedOn(here, archive, ['--cache', here.cache], { env: { HOME: undefined } });
    assertOneLine(
      nowhere,
      /^Packing without a cache: no place for its secret, HOME is not set \(KHEADERS_PACK_CACHE_KEY can .*\)$/m,
    );
    // The user's own cache would be in the home that is not there: nothing was asked for.
    const quiet = await packedOn(here, archive, [], { env: { HOME: undefined, KHEADERS_PACK_CACHE: undefined } });
    assert.doesNotMatch(quiet, /cache/);
    await packedOn(here, archive, ['--cache', here.cache]);
    chmodSync(join(here.home, '.local/state/kheaders-pack/cache-secret'), 0o644);
    const readable = await packedOn(here, archive, ['--cache', here.cache]);
    assert.match(
      readable,
      /^Packing without a cache: others may read "\/.*\/cache-secret" \(chmod 600 it, or remove it\)$/m,
    );
    const unwritable = await packedOn(here, archive, ['--cache', here.cache], { env: { HOME: '/proc' } });
    assert.match(
      unwritable,
      /^Packing without a cache: cannot use its secret "\/proc\/.*\/cache-secret": no such file or directory$/m,
    );
    const env = { HOME: undefined, KHEADERS_PACK_CACHE_KEY: 'sixteen letters!' };
    await packedOn(here, archive, ['--cache', here.cache], { env });
    assert.match(await packedOn(here, archive, ['--cache', here.cache], { env }), /14 of 14 Blocks from the cache/);
  });

  it('it belongs to another user, whose entries are neither used nor touched', { skip: unlessNobody() }, async t => {
    await ready;
    const { here, out, archive } = bench(t);
    mkdirSync(here.cache, { recursive: true });
    chmodSync(here.cache, 0o777);
    chmodSync(out, 0o777);
    await packedOn(here, archive, ['--quiet', '--cache', here.cache]);
    const mine = kept(here, 'blocks');
    const theirs = { ...here, home: join(dirname(here.home), 'theirs') };
    mkdirSync(theirs.home);
    giveToOrdinary(theirs.home);
    const other = await packedOn(theirs, join(out, 'theirs.tar.xz'), ['--cache', here.cache], { user: NOBODY });
    assert.doesNotMatch(other, /cache/);
    assert.deepEqual(kept(here, 'blocks').length, 2 * mine.length);
    assert.match(await packedOn(here, archive, ['--cache', here.cache]), FROM_CACHE);
  });
});

describe('kheaders-pack cache', () => {
  async function filled(t: TestContext): Promise<{ here: Machine; run: (...args: string[]) => Promise<Ended> }> {
    const { here, archive } = bench(t);
    await packedOn(here, archive, ['--quiet', '--cache', here.cache]);
    const env = { HOME: here.home, XDG_STATE_HOME: undefined };
    return { here, run: (...args) => runCli(['cache', ...args, '--cache', here.cache], { env }) };
  }

  it('info tells what it holds, in words and in JSON', async t => {
    const { here, run } = await filled(t);
    const text = succeeded(await run('info')).stdout.toString();
    assert.match(
      text,
      /^Directory: \/.*\nBlocks: 14, \d+\.\d KiB\nTrees: \d indexes and outlines, \d+\.\d KiB\nLimit: 1\.00 GiB\n$/,
    );
    const json = JSON.parse(succeeded(await run('info', '--json')).stdout.toString());
    assert.equal(json.schema, 'kheaders-pack/cache/1');
    assert.deepEqual([json.directory, json.blocks.files, json.maxSize], [here.cache, 14, 2 ** 30]);
    const env = { HOME: scratch(t), XDG_CACHE_HOME: undefined, KHEADERS_PACK_CACHE: undefined };
    const none = succeeded(await runCli(['cache', 'info'], { env })).stdout.toString();
    assert.match(none, /^Blocks: 0, 0 B$/m);
  });

  it('verify finds what is damaged, removes it, and answers with exit code 1', async t => {
    const { here, run } = await filled(t);
    const files = ['blocks', 'trees', 'plans'].flatMap(kind => kept(here, kind));
    assert.equal(succeeded(await run('verify')).stdout.toString(), `${files.length} files are good, 0 were dropped\n`);
    const damaged = [files[0] ?? '', ...kept(here, 'trees')];
    for (const path of damaged) appendFileSync(path, 'x');
    const { code, stdout } = await run('verify');
    assert.equal(code, 1);
    const dropped = damaged.map(path => `Dropped, damaged or forged: ${path}\n`).join('');
    assert.equal(stdout.toString(), `${dropped}${files.length - 2} files are good, 2 were dropped\n`);
    assert.equal((await run('verify')).code, 0);
    // Under another secret nothing of it can be judged.
    rmSync(here.home, { recursive: true });
    const foreign = succeeded(await run('verify')).stdout.toString();
    assert.match(foreign, new RegExp(`^${files.length - 2} files belong to another secret`, 'm'));
  });

  it('prune leaves what fits, and clear nothing', async t => {
    const { here, run } = await filled(t);
    assert.match(succeeded(await run('prune')).stdout.toString(), /^Removed 0 files, 0 B\n$/);
    appendFileSync(kept(here, 'blocks')[0] ?? '', Buffer.alloc(2 ** 20));
    assert.match(
      succeeded(await run('prune', '--cache-size', '1MiB')).stdout.toString(),
      /^Removed \d+ files, \d\.\d MiB\n$/,
    );
    assert.match(succeeded(await run('clear')).stdout.toString(), /^Removed \d+ files, /);
    assertHoldsOnly(here.cache, ['CACHEDIR.TAG']);
    assert.match(succeeded(await run('clear')).stdout.toString(), /^Removed 0 files, 0 B\n$/);
  });

  it('says so of a directory that is named and not there, or that cannot be read', async t => {
    const { out } = bench(t);
    const file = join(out, 'file');
    writeFileSync(file, '');
    for (const name of ['info', 'verify', 'prune', 'clear']) {
      const refused = (path: string, reason: string): Promise<void> =>
        runIntoTrouble(['cache', name, '--cache', path], new RegExp(`Cannot use the cache: ".*": ${reason}$`));
      await refused(join(out, 'none'), 'no such file or directory');
      await refused(file, 'not a directory');
    }
    assertHoldsOnly(out, ['file']);
  });

  it('says so of a directory that this user may not read', { skip: unlessOrdinary() }, async t => {
    const { here } = await filled(t);
    chmodSync(here.cache, 0o700);
    await runIntoTrouble(
      ['cache', 'clear', '--cache', here.cache],
      /Cannot use the cache: ".*": permission denied$/,
      ORDINARY,
    );
    assert.equal(kept(here, 'blocks').length, 14);
  });

  it('says so where there is none', async () => {
    const env = { HOME: undefined, XDG_CACHE_HOME: undefined };
    await runIntoTrouble(['cache', 'info'], /Cannot use the cache: KHEADERS_PACK_CACHE is "off", or HOME is not set/, {
      env,
    });
  });
});
