import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { namesOf, packed, succeeded } from '../support/archive.js';
import { type ChildOptions, type Ended, PROGRAM, run, runCli } from '../support/cli.js';
import { byteLocation, kernelTree, type Made } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { dryRun } from '../support/plan.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { giveToOrdinary, ORDINARY, unless, unlessOrdinary } from '../support/tools.js';
import { assertTrouble, runIntoTrouble } from '../support/trouble.js';

interface Bench {
  readonly work: string;
  readonly tree: string;
  /** Where the archive goes; beside it lies nothing but the tree. */
  readonly archive: string;
}

function bench(t: TestContext, files: Readonly<Record<string, Made>> = {}): Bench {
  const work = scratch(t);
  return { work, tree: kernelTree(join(work, 'tree'), files), archive: join(work, 'out.tar.xz') };
}

/** Packing fails with a line that says `expected`; no archive and no litter is left. */
async function assertRefused(
  { work, tree, archive }: Bench,
  expected: RegExp,
  options: ChildOptions = {},
): Promise<void> {
  await runIntoTrouble([tree, '-o', archive, '--jobs', '2'], expected, options);
  assertHoldsOnly(work, ['tree']);
}

/** The tree packed, unpacked by GNU tar, and equal to what was packed. */
async function assertArchived({ tree, archive }: Bench): Promise<void> {
  await packed([tree, '--strip', 'none', '--preset', '0', '--jobs', '2'], archive);
  const into = `${archive}.unpacked`;
  mkdirSync(into);
  succeeded(await run('tar', ['-xf', archive, '-C', into]));
  const expected = Object.entries(snapshot(tree, { modes: false })).filter(
    ([path]) => path.includes('/') || path === 'include' || path === 'arch',
  );
  assert.deepEqual(snapshot(into, { modes: false }), Object.fromEntries(expected));
}

const unpacks = unless('tar', 'xz');
const asOrdinary = unlessOrdinary();

describe('a tree that cannot be packed', () => {
  it('is named when it is missing, a file, or a link to nothing', async t => {
    const { work, archive } = bench(t, { 'include/linux/x.h': 'x\n', dangling: { linkTo: 'nowhere' } });
    for (const [path, reason] of [
      ['missing', 'no such file or directory'],
      ['tree/Makefile', 'not a directory'],
      ['tree/dangling', 'no such file or directory'],
      ['tree/Makefile/x', 'not a directory'],
    ] as const) {
      const expected = new RegExp(`Cannot use tree "${join(work, path)}": ${reason}$`);
      await runIntoTrouble([join(work, path), '-o', archive], expected);
      await runIntoTrouble([join(work, 'tree'), '--objtree', join(work, path), '-o', archive], expected);
    }
    assertHoldsOnly(work, ['tree']);
  });

  it('is named when it holds no header, with what was looked for', async t => {
    const empty = bench(t);
    rmSync(join(empty.tree, 'include'), { recursive: true });
    rmSync(join(empty.tree, 'arch/x86/include'), { recursive: true });
    await assertRefused(empty, /Cannot find any file to pack in ".*tree" \(profile headers, arch\/x86\)$/);
  });

  it('is named when --include and --exclude leave nothing', async t => {
    const { tree, archive } = bench(t);
    const expected =
      /Cannot find any file to pack in ".*tree" \(profile headers, arch\/x86, after --include and --exclude\)$/;
    await runIntoTrouble([tree, '--exclude', '*', '-o', archive], expected);
  });

  it('is asked for when none is given and none is found', async t => {
    const work = scratch(t);
    const { code, stderr } = await runCli(['-n', '--exclude', '*'], { cwd: work });
    // A machine with kernel headers of its own finds those, and then nothing is left of them.
    assert.equal(code, 2);
    assert.match(stderr, /Cannot find (a kernel tree: run at the top of one, name one|any file to pack)/);
    assertHoldsOnly(work, []);
  });
});

describe('what cannot be read is named, with the reason:', { skip: asOrdinary }, () => {
  it('a file', async t => {
    const each = bench(t, { 'include/linux/secret.h': 'secret\n' });
    chmodSync(join(each.tree, 'include/linux/secret.h'), 0o000);
    giveToOrdinary(each.work);
    await assertRefused(each, /Cannot read ".*\/include\/linux\/secret\.h": permission denied$/, ORDINARY);
  });

  it('a directory', async t => {
    const each = bench(t, { 'include/secret/x.h': 'secret\n' });
    chmodSync(join(each.tree, 'include/secret'), 0o000);
    giveToOrdinary(each.work);
    await assertRefused(each, /Cannot read ".*\/include\/secret": permission denied$/, ORDINARY);
  });

  it('a directory whose names can be read and nothing else', async t => {
    const each = bench(t, { 'include/secret/x.h': 'secret\n' });
    chmodSync(join(each.tree, 'include/secret'), 0o444);
    giveToOrdinary(each.work);
    await assertRefused(each, /Cannot read ".*\/include\/secret\/x\.h": permission denied$/, ORDINARY);
  });

  it('the .config that decides the architecture, unless --arch does', async t => {
    const each = bench(t);
    chmodSync(join(each.tree, '.config'), 0o000);
    giveToOrdinary(each.work);
    await assertRefused(each, /Cannot read ".*\/\.config": permission denied$/, ORDINARY);
    for (const args of [
      ['--arch', 'x86'],
      ['--profile', 'all'],
    ]) {
      succeeded(await runCli([each.tree, ...args, '-q', '-o', each.archive], ORDINARY));
    }
  });

  it("but an unreadable file that is not packed is nobody's business", async t => {
    const { tree, archive, work } = bench(t, { 'include/linux/secret.h': 'secret\n', 'include/linux/secret.c': '' });
    chmodSync(join(tree, 'include/linux/secret.h'), 0o000);
    chmodSync(join(tree, 'include/linux/secret.c'), 0o000);
    giveToOrdinary(work);
    succeeded(await runCli([tree, '--exclude', 'secret.h', '-q', '-o', archive], ORDINARY));
  });
});

describe('what is neither file, directory nor link is named, with its kind, and never waited on:', () => {
  it('a FIFO', { skip: unless('mkfifo') }, async t => {
    const each = bench(t);
    succeeded(await run('mkfifo', [join(each.tree, 'include/linux/x.h')]));
    await assertRefused(
      each,
      /Cannot pack ".*\/include\/linux\/x\.h": expected a file, .* found a FIFO \(.*--exclude\)$/,
    );
  });

  it('a socket', async t => {
    const each = bench(t);
    const server = createServer().listen(join(each.tree, 'include/linux/x.h'));
    t.after(() => server.close());
    await new Promise(resolve => server.once('listening', resolve));
    await assertRefused(each, /Cannot pack ".*\/include\/linux\/x\.h": .* found a socket/);
  });

  it('a device', { skip: process.getuid?.() === 0 ? unless('mknod') : 'only root can make a device' }, async t => {
    const each = bench(t);
    succeeded(await run('mknod', [join(each.tree, 'include/linux/x.h'), 'c', '1', '3']));
    await assertRefused(each, /Cannot pack ".*\/include\/linux\/x\.h": .* found a device/);
  });

  it('a FIFO in a list', { skip: unless('mkfifo') }, async t => {
    const { tree, archive } = bench(t);
    succeeded(await run('mkfifo', [join(tree, 'pipe')]));
    await runIntoTrouble([tree, '--files-from', '-', '-o', archive], /Cannot pack ".*\/pipe": .* found a FIFO/, {
      input: 'pipe\n',
    });
  });

  it('but a FIFO that is not selected is passed by', { skip: unless('mkfifo') }, async t => {
    const { tree, archive } = bench(t);
    for (const name of ['x.h', 'pipe']) succeeded(await run('mkfifo', [join(tree, 'include/linux', name)]));
    succeeded(await runCli([tree, '--exclude', 'x.h', '-q', '-o', archive]));
  });
});

describe('archived as they are:', { skip: unpacks }, () => {
  it('a dangling link, a link loop, a link to a directory and one out of the tree, none of them followed', async t => {
    await assertArchived(
      bench(t, {
        'include/linux/dangling.h': { linkTo: '../nowhere/x.h' },
        'include/linux/loop.h': { linkTo: 'loop.h' },
        'include/linux/ping.h': { linkTo: 'pong.h' },
        'include/linux/pong.h': { linkTo: 'ping.h' },
        'include/linux/directory.h': { linkTo: '..' },
        'include/linux/absolute.h': { linkTo: '/etc/passwd' },
      }),
    );
  });

  it('a link to a directory that is not named like a header is left out, and what is behind it as well', async t => {
    const { tree, archive } = bench(t, { 'include/linux/loop': { linkTo: '..' }, 'include/linux/x.h': 'x\n' });
    await packed([tree], archive);
    assert.ok((await namesOf(archive)).every(name => !name.includes('loop')));
  });

  it('an empty header, and two of them apart from each other', async t => {
    const each = bench(t, { 'include/linux/empty.h': '', 'include/linux/empty2.h': '' });
    await assertArchived(each);
    assert.equal(statSync(join(`${each.archive}.unpacked`, 'include/linux/empty.h')).nlink, 1);
  });

  it('a header of 50 MB, in Blocks of the block size', { skip: unpacks }, async t => {
    const each = bench(t, { 'include/linux/huge.h': Buffer.alloc(50_000_000, '#define REGISTER 0x12345678\n') });
    await assertArchived(each);
    const { stdout } = succeeded(await run('xz', ['-l', '--robot', each.archive]));
    // 50 MB and its entry header are a full Block and a rest; what is before it and the end are one each.
    assert.match(stdout.toString(), /^file\t1\t4\t/m);
  });

  it('names with a newline, with bytes that are not UTF-8, and with every byte that a name can have', async t => {
    const every = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).filter(c => c !== '/');
    const names = [
      'new\nline.h',
      'not-utf8-\xff\xfe.h',
      `${every.slice(0, 120).join('')}.h`,
      `${every.slice(120).join('')}.h`,
    ];
    await assertArchived(
      bench(t, Object.fromEntries(names.map(name => [`include/linux/${name}`, `${name.length}\n`]))),
    );
  });

  it('a path of over 100 and one of over 255 bytes', async t => {
    const long = {
      [`include/${'n'.repeat(120)}.h`]: 'a\n',
      [`include/${'d'.repeat(150)}/${'n'.repeat(150)}.h`]: 'b\n',
    };
    await assertArchived(bench(t, long));
  });

  it('a directory named x.h, and an empty one left out', async t => {
    const each = bench(t, { 'include/linux/x.h/y.h': 'y\n' });
    await assertArchived(each);
    mkdirSync(join(each.tree, 'include/linux/empty.h'));
    await packed([each.tree], each.archive);
    assert.ok((await namesOf(each.archive)).every(name => !name.includes('empty.h')));
  });
});

describe('names that are no text', () => {
  it('are told apart in the JSON plan: pathBase64 holds the bytes where they are not UTF-8, and is absent elsewhere', async t => {
    const names = ['caf\xe9.h', 'caf\xc3\xa9.h', 'new\nline.h'];
    const files = Object.fromEntries(names.map(name => [`include/linux/${name}`, 'x\n']));
    const { tree } = bench(t, { ...files, 'include/linux/link.h': { linkTo: 'caf\xe9.h' } });
    const { plan } = await dryRun([tree, '--no-dedup']);
    const of = (path: string) => plan.entries.find(entry => entry.path === `./include/linux/${path}`);
    const bytes = Buffer.from('./include/linux/caf\xe9.h', 'latin1').toString('base64');
    assert.equal(of('caf\\xe9.h')?.pathBase64, bytes);
    assert.deepEqual([of('café.h')?.kind, of('café.h')?.pathBase64], ['regular', undefined]);
    assert.deepEqual([of('new\nline.h')?.kind, of('new\nline.h')?.pathBase64], ['regular', undefined]);
    assert.equal(of('link.h')?.target, 'caf\\xe9.h');
  });

  it('are printable in the text plan and in messages, on one line', { skip: unless('mkfifo') }, async t => {
    const { tree, archive, work } = bench(t, { 'include/linux/new\nline\x1b[2J.h': 'x\n' });
    const { stdout } = succeeded(await runCli([tree, '-n']));
    assert.match(stdout.toString(), / \.\/include\/linux\/new\\nline\\x1b\[2J\.h$/m);
    const fifo = byteLocation(tree, 'include/linux/\xff\n.h');
    writeFileSync(join(work, 'make'), Buffer.concat([Buffer.from('mkfifo "'), fifo, Buffer.from('"')]));
    succeeded(await run('sh', [join(work, 'make')]));
    await runIntoTrouble([tree, '-o', archive], /Cannot pack ".*\/include\/linux\/\\xff\\n\.h": .* found a FIFO/);
  });
});

it('an archive that is there is kept, byte for byte, when the new one cannot be made', async t => {
  const each = bench(t);
  await packed([each.tree], each.archive);
  const before = sha256(readFileSync(each.archive));
  rmSync(join(each.tree, 'include'), { recursive: true });
  rmSync(join(each.tree, 'arch/x86/include'), { recursive: true });
  await runIntoTrouble([each.tree, '-o', each.archive], /Cannot find any file/);
  assert.equal(sha256(readFileSync(each.archive)), before);
  assertHoldsOnly(each.work, ['tree', 'out.tar.xz']);
});

it('a working directory that was removed is named, by every command that looks for something in it', async t => {
  const work = scratch(t);
  const setUp = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"';
  const lines = ['pack tree', 'list k', 'cat k m', 'extract k', 'verify k', 'diff a b', 'module k -C d', 'bench tree'];
  for (const line of [...lines, 'bench --json=r --csv c', 'cache verify --cache c']) {
    const args = ['-c', setUp, 'sh', process.execPath, PROGRAM, ...line.split(' ')];
    assertTrouble(await run('sh', args, { cwd: work }), /Cannot read "\.": no such file or directory$/);
  }
});

it('a name that is not UTF-8 is refused: Node takes it for another', async t => {
  const work = scratch(t);
  const { tree, archive } = bench(t);
  await packed([tree], archive);
  const line = 'name=$(printf "d\\377"); mkdir -p "$name"; ';
  const sh = (script: string): Promise<Ended> =>
    run('sh', ['-c', `${line}${script}`, 'sh', process.execPath, PROGRAM, archive, tree], { cwd: work });
  for (const script of ['"$1" "$2" extract "$3" -C "$name"', '"$1" "$2" "$4" -o "$name/k"'])
    assertTrouble(await sh(script), /Invalid value "d\ufffd.*" for the command line: expected UTF-8/);
  for (const script of ['cd "$name"; "$1" "$2" extract "$3"', 'cd "$name"; "$1" "$2" "$4"'])
    assertTrouble(await sh(script), /Cannot read ".*\/d\ufffd": its name is not UTF-8/);
  assert.deepEqual(readdirSync(work, 'latin1'), ['d\xff']);
  // One that has the character itself is a name like any other.
  succeeded(await runCli(['extract', archive, '-q', '-C', 'own\ufffd'], { cwd: work }));
  succeeded(await runCli(['extract', archive, '-q'], { cwd: join(work, 'own\ufffd') }));
});

it('a directory on standard input is said to be one, and is no bad archive', async t => {
  const work = scratch(t);
  for (const args of ['verify -', 'verify --container -', 'list -', 'pack --from-tar - -o k']) {
    const line = ['-c', '"$@" < .', 'sh', process.execPath, PROGRAM, ...args.split(' ')];
    assertTrouble(await run('sh', line, { cwd: work }), /Cannot read "standard input": is a directory$/);
  }
});

it('a tree where an archive is expected is said to be a directory', async t => {
  const { tree, archive } = bench(t);
  await packed([tree], archive);
  for (const args of [
    ['list', tree],
    ['cat', tree, 'm'],
    ['extract', tree],
    ['verify', tree, archive],
    ['diff', archive, tree],
  ])
    await runIntoTrouble(args, /Cannot read ".*\/tree": is a directory, where an archive is expected$/);
});

it('a pattern that no path is long enough for is refused', async t => {
  const { tree, archive } = bench(t);
  const long = 'a'.repeat(70_000);
  await runIntoTrouble(
    [tree, '-o', archive, '--include', long],
    /Invalid value "a{40}\.\.\." for a pattern: expected at most/,
  );
});
