import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { namesOf, packed, succeeded, tarOf } from '../support/archive.js';
import type { Ended } from '../support/cli.js';
import { buildTree, EXPORTED, runKbuild, TARGET } from '../support/kbuild.js';
import { writeFiles } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { unless } from '../support/tools.js';
import { assertTrouble } from '../support/trouble.js';

const GEN = `  GEN     ${TARGET}`;
const FILES = {
  'include/linux/a.h': '#define A 1 /* a comment */\n',
  'include/linux/b.h': '#define A 1 /* another */\n',
  'arch/x86/include/asm/c.h': '#define C 1\n',
  'include/linux/not-a-header.c': '',
};

const inTree = (t: TestContext): string => buildTree(join(scratch(t), 'linux'), FILES);

/** Makes the target for the first time. */
async function made(t: TestContext): Promise<string> {
  const tree = inTree(t);
  assert.equal(succeeded(await runKbuild(tree)).stdout.toString(), `${GEN}\n`);
  // Stamps so young are not trusted: as if the build had taken a while.
  age(tree);
  return tree;
}

/** Sets the time of the record back no further than the stamps in it allow: what a real build's duration does. */
function age(tree: string): void {
  const path = join(tree, 'kernel/kheaders.md5');
  const text = readFileSync(path, 'latin1').replace(
    /"taken":(\d+)/,
    (_, taken) => `"taken":${Number(taken) + 3_600_000}`,
  );
  writeFileSync(path, text, 'latin1');
}

const identity = (tree: string): string => {
  const { ino, mtimeNs } = statSync(join(tree, TARGET), { bigint: true });
  return `${ino} ${mtimeNs}`;
};

/** A run that must not touch the target or say anything. */
async function assertLeftAlone(tree: string, run: () => Promise<Ended> = () => runKbuild(tree)): Promise<void> {
  const before = identity(tree);
  const { stdout, stderr } = succeeded(await run());
  assert.deepEqual([stdout.toString(), stderr], ['', '']);
  assert.equal(identity(tree), before);
}

async function assertMadeAgain(tree: string, run: () => Promise<Ended> = () => runKbuild(tree)): Promise<void> {
  const before = identity(tree);
  assert.equal(succeeded(await run()).stdout.toString(), `${GEN}\n`);
  assert.notEqual(identity(tree), before);
}

describe('kbuild in the source tree', () => {
  it("makes the archive of --compat in Blocks of 2 MiB, says so in kbuild's style, and leaves nothing else but its record", async t => {
    const tree = inTree(t);
    const { stdout, stderr } = succeeded(await runKbuild(tree));
    assert.deepEqual([stdout.toString(), stderr], [`${GEN}\n`, '']);
    assertHoldsOnly(join(tree, 'kernel'), ['kheaders.md5', 'kheaders_data.tar.xz']);
    const compat = join(tree, '../compat.tar.xz');
    const args = [tree, '--compat', '--block-size', '2MiB', '--mtime', EXPORTED.KBUILD_BUILD_TIMESTAMP];
    const digest = await packed(args, compat);
    assert.equal(sha256(readFileSync(join(tree, TARGET))), digest);
  });

  it('leaves it alone when nothing changed', async t => {
    const tree = await made(t);
    await assertLeftAlone(tree);
    assertHoldsOnly(join(tree, 'kernel'), ['kheaders.md5', 'kheaders_data.tar.xz']);
  });

  it('leaves it alone when nothing changed and it is a symbolic link', async t => {
    const tree = inTree(t);
    const elsewhere = join(tree, '../elsewhere.tar.xz');
    writeFileSync(elsewhere, '');
    mkdirSync(dirname(join(tree, TARGET)), { recursive: true });
    symlinkSync(elsewhere, join(tree, TARGET));
    succeeded(await runKbuild(tree));
    assert.ok(lstatSync(join(tree, TARGET)).isSymbolicLink());
    await assertLeftAlone(tree);
  });

  it('leaves it alone when only times, or what is stripped, changed', async t => {
    const tree = await made(t);
    utimesSync(join(tree, 'include/linux/a.h'), 1, 1);
    writeFileSync(join(tree, 'include/linux/b.h'), '#define A 1 /* others */\n');
    writeFileSync(join(tree, 'include/linux/not-a-header.c'), 'int i;\n');
    await assertLeftAlone(tree);
  });

  const CHANGES: Readonly<Record<string, (tree: string) => unknown>> = {
    'a header changed': tree => appendFileSync(join(tree, 'include/linux/a.h'), '#define MORE\n'),
    'a header changed and kept size and mtime': tree => {
      writeFileSync(join(tree, 'include/linux/a.h'), FILES['include/linux/a.h'].replace('1', '2'));
      utimesSync(join(tree, 'include/linux/a.h'), 1, 1);
    },
    'a header is new': tree => writeFileSync(join(tree, 'include/linux/new.h'), ''),
    'a header is gone': tree => rmSync(join(tree, 'include/linux/a.h')),
    'the target is gone': tree => rmSync(join(tree, TARGET)),
    'the target is another': tree => appendFileSync(join(tree, TARGET), '.'),
    'the record is gone': tree => rmSync(join(tree, 'kernel/kheaders.md5')),
    'the record is that of gen_kheaders.sh': tree =>
      writeFileSync(join(tree, 'kernel/kheaders.md5'), 'd41d8cd98f00b204e9800998ecf8427e\n'.repeat(3)),
    'the record is of another version of the program': tree => {
      const path = join(tree, 'kernel/kheaders.md5');
      const text = readFileSync(path, 'latin1');
      assert.match(text, /\\"version\\":\\"\d/);
      writeFileSync(path, text.replace(/\\"version\\":\\"\d/, '\\"version\\":\\"x'), 'latin1');
    },
    'KBUILD_BUILD_TIMESTAMP is another': () => ({ KBUILD_BUILD_TIMESTAMP: '@1700000001' }),
    'a setting is another': () => ({ KHEADERS_PACK_FLAGS: '--check sha256' }),
  };
  for (const [what, make] of Object.entries(CHANGES)) {
    it(`makes it again when ${what}`, async t => {
      const tree = await made(t);
      const gone = what === 'the target is gone';
      const before = readFileSync(join(tree, TARGET));
      const env = (make(tree) ?? {}) as Record<string, string>;
      const again = (): Promise<Ended> => runKbuild(tree, [TARGET], { env });
      if (gone) assert.equal(succeeded(await again()).stdout.toString(), `${GEN}\n`);
      else await assertMadeAgain(tree, again);
      assert.match(
        what,
        sha256(before) === sha256(readFileSync(join(tree, TARGET))) ? /target|record/ : /header|TIMESTAMP|setting/,
      );
      age(tree);
      await assertLeftAlone(tree, again);
    });
  }

  it('says why with make V=2, and nothing with make -s or --quiet', async t => {
    const tree = inTree(t);
    const say = async (args: readonly string[], env: Record<string, string>): Promise<string> => {
      rmSync(join(tree, TARGET), { force: true });
      const { stdout, stderr } = succeeded(await runKbuild(tree, [TARGET, ...args], { env }));
      assert.equal(stderr, '');
      assert.ok(existsSync(join(tree, TARGET)));
      return stdout.toString();
    };
    assert.equal(await say([], { KBUILD_VERBOSE: '2' }), `${GEN} - due to: no record of the last run\n`);
    assert.equal(await say([], { KBUILD_VERBOSE: '2' }), `${GEN} - due to: target missing\n`);
    assert.equal(await say([], { quiet: 'silent_' }), '');
    assert.equal(await say(['--quiet'], {}), '');
  });

  it('tells as JSON whether and why it made the archive', async t => {
    const tree = inTree(t);
    const report = async (): Promise<Record<string, unknown>> => {
      const { stdout, stderr } = succeeded(await runKbuild(tree, [TARGET, '--json']));
      assert.equal(stderr, '');
      return JSON.parse(stdout.toString());
    };
    const { summary, ...made } = await report();
    const schema = 'kheaders-pack/kbuild-report/1';
    assert.deepEqual(made, { schema, target: TARGET, made: true, reason: 'no record of the last run' });
    assert.equal((summary as { digest: string }).digest, sha256(readFileSync(join(tree, TARGET))));
    assert.deepEqual(await report(), { schema, target: TARGET, made: false, reason: null, summary: null });
    const { stdout } = succeeded(await runKbuild(tree, [TARGET, '--json=kernel/report.json', '--dedup']));
    assert.equal(stdout.toString(), `${GEN}\n`);
    const { reason } = JSON.parse(readFileSync(join(tree, 'kernel/report.json'), 'utf8'));
    assert.equal(reason, 'other settings: dedup yes, was no');
    const env = { KBUILD_BUILD_TIMESTAMP: '@86400' };
    const again = succeeded(await runKbuild(tree, [TARGET, '--json', '--dedup'], { env }));
    assert.equal(JSON.parse(again.stdout.toString()).reason, 'other settings: --mtime 86400, was 1700000000');
  });

  it('tells of a time stamp without a zone once, when it makes the archive', async t => {
    const tree = inTree(t);
    const env = { KBUILD_BUILD_TIMESTAMP: '2024-02-29 12:00:00' };
    const first = succeeded(await runKbuild(tree, [TARGET], { env }));
    assert.match(first.stderr, /^The time stamp .* names no time zone: taken as UTC\n$/);
    age(tree);
    await assertLeftAlone(tree, () => runKbuild(tree, [TARGET], { env }));
  });

  it('fails as a recipe has to, with the target as it was', async t => {
    const tree = await made(t);
    const before = identity(tree);
    const env = { KBUILD_BUILD_TIMESTAMP: 'yesterday' };
    assertTrouble(await runKbuild(tree, [TARGET], { env }), /the time stamp "yesterday" of KBUILD_BUILD_TIMESTAMP/);
    assertTrouble(await runKbuild(tree, ['none/k.tar.xz']), /none/);
    assertTrouble(await runKbuild(tree, ['-']), /Invalid value "-" for TARGET/);
    assert.equal(identity(tree), before);
    assertHoldsOnly(join(tree, 'kernel'), ['kheaders.md5', 'kheaders_data.tar.xz']);
  });
});

describe('kbuild with O=', () => {
  for (const where of ['inside the source tree', 'elsewhere'] as const) {
    it(`${where}: the object tree's headers lie over the source tree's`, { skip: unless('tar', 'xz') }, async t => {
      const tree = inTree(t);
      const object = where === 'elsewhere' ? join(tree, '../object') : join(tree, 'build');
      mkdirSync(join(object, 'kernel'), { recursive: true });
      writeFiles(object, { 'include/generated/g.h': '#define G 1\n', 'include/linux/a.h': '#define OVER 1\n' });
      const env = { srctree: where === 'elsewhere' ? tree : '..', building_out_of_srctree: '1' };
      succeeded(await runKbuild(object, [TARGET], { env }));
      const files = (await namesOf(join(object, TARGET))).filter(name => !name.endsWith('/'));
      assert.deepEqual(files, [
        './arch/x86/include/asm/c.h',
        './arch/x86/include/asm/least.h',
        './include/generated/g.h',
        './include/linux/a.h',
        './include/linux/b.h',
        './include/linux/least.h',
      ]);
      assert.ok((await tarOf(join(object, TARGET))).includes('#define OVER 1'));
      age(object);
      await assertLeftAlone(object, () => runKbuild(object, [TARGET], { env }));
      rmSync(join(object, 'include/linux/a.h'));
      await assertMadeAgain(object, () => runKbuild(object, [TARGET], { env }));
      assert.ok((await tarOf(join(object, TARGET))).includes('#define A 1'));
    });
  }
});

describe('the options of kbuild', () => {
  /** The archive that a run makes of a fresh tree. */
  async function digestWith(t: TestContext, args: readonly string[], flags?: string): Promise<string> {
    const tree = inTree(t);
    succeeded(await runKbuild(tree, [TARGET, ...args], { env: { KHEADERS_PACK_FLAGS: flags } }));
    return sha256(readFileSync(join(tree, TARGET)));
  }
  const packedWith = (t: TestContext, args: readonly string[]): Promise<string> =>
    packed(
      [inTree(t), '--block-size', '2MiB', '--mtime', EXPORTED.KBUILD_BUILD_TIMESTAMP, ...args],
      join(scratch(t), 'k.tar.xz'),
    );

  it("change one thing of --compat each, and --no-compat begins with pack's defaults, but for Blocks of 2 MiB", async t => {
    const compat = ['--strip', 'kernel', '--order', 'gnu', '--no-dedup'];
    assert.equal(await digestWith(t, []), await packedWith(t, compat));
    assert.equal(await digestWith(t, ['--strip', 'none']), await packedWith(t, [...compat, '--strip', 'none']));
    assert.equal(await digestWith(t, ['--dedup']), await packedWith(t, ['--strip', 'kernel', '--order', 'gnu']));
    assert.equal(await digestWith(t, ['--no-compat']), await packedWith(t, []));
    assert.equal(await digestWith(t, ['--no-compat'], '--strip tokens'), await packedWith(t, ['--strip', 'tokens']));
    assert.equal(await digestWith(t, ['--mtime', '@5']), await packedWith(t, [...compat, '--mtime', '@5']));
    assert.equal(
      await digestWith(t, ['--block-size', '8KiB']),
      await packedWith(t, [...compat, '--block-size', '8KiB']),
    );
    assert.equal(await digestWith(t, ['--exclude', 'b.h']), await packedWith(t, [...compat, '--exclude', 'b.h']));
  });

  it('may name a cache, which changes no byte', async t => {
    const cache = join(scratch(t), 'cache');
    const tree = inTree(t);
    const build = async (args: string[]): Promise<string> => {
      succeeded(await runKbuild(tree, [TARGET, ...args]));
      return sha256(readFileSync(join(tree, TARGET)));
    };
    await build(['--cache', cache]);
    assert.ok(existsSync(cache));
    writeFileSync(join(tree, 'include/linux/a.h'), '#define A 2\n');
    const cached = await build(['--cache', cache]);
    rmSync(join(tree, TARGET));
    assert.equal(await build([]), cached);
  });

  it("in KHEADERS_PACK_FLAGS are overridden by the command line's", async t => {
    const expected = await digestWith(t, ['--check', 'crc32', '--strip', 'none']);
    assert.equal(await digestWith(t, [], ' --check  crc32\t--strip none '), expected);
    assert.equal(await digestWith(t, ['--check', 'crc32'], '--check sha256 --strip none'), expected);
  });

  it('that make no sense end in trouble', async t => {
    const tree = inTree(t);
    const withFlags = (flags: string): Promise<Ended> =>
      runKbuild(tree, [TARGET], { env: { KHEADERS_PACK_FLAGS: flags } });
    for (const [flags, expected] of [
      ['--frobnicate', /unknown option '--frobnicate'/],
      ['stray', /too many arguments/],
      ['--check', /argument missing/],
    ] as const) {
      const { code, stderr } = await withFlags(flags);
      assert.equal(code, 2);
      assert.match(stderr, expected);
    }
    assertTrouble(await withFlags('--strip some'), /Invalid value "some" for --strip/);
    assertTrouble(await runKbuild(tree, [TARGET, 'kernel/kheaders-srclist']), /OBJLIST/);
    assertHoldsOnly(join(tree, 'kernel'), []);
  });
});
