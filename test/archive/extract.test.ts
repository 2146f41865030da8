import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  createWriteStream,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { extract } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { availableTrees } from '../../corpus/trees.js';
import { stripperFor } from '../../src/strip/strip.js';
import { packed, succeeded } from '../support/archive.js';
import { ended, PROGRAM, run, runCli, startCli } from '../support/cli.js';
import { extractBytes, extractParts, newPlace, xz } from '../support/hostile.js';
import { kernelTree, noise, writeFiles } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { tarOfParts } from '../support/tarBuilder.js';
import { giveToOrdinary, ORDINARY, onSmallDisk, unless, unlessOrdinary } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const QUICK = ['--preset', '0', '--block-size', '64KiB', '--jobs', '2'];
let directories = 0;

function newDirectory(): string {
  directories++;
  const directory = join(work, `out-${directories}`);
  mkdirSync(directory);
  return directory;
}

/** What GNU tar makes of an archive, as an ordinary user's: the umask applies. */
async function byGnuTar(archive: string, ...members: string[]): Promise<string> {
  const directory = newDirectory();
  const options = ['--no-same-permissions', '--no-same-owner', '-C', directory];
  succeeded(await run('tar', ['-xf', archive, ...options, ...members]));
  return directory;
}

async function byUs(archive: string, ...args: string[]): Promise<string> {
  const directory = newDirectory();
  succeeded(await runCli(['extract', archive, '-C', directory, '-q', ...args]));
  return directory;
}

const WITH_TIMES = { times: true };

describe('what is extracted is what GNU tar extracts, in content, mode, link and time:', {
  skip: unless('tar', 'xz'),
}, () => {
  for (const format of ['gnu', 'oldgnu', 'pax', 'ustar', 'v7']) {
    it(`a tar of format ${format}, with links, long names, closed directories and old and new times`, async () => {
      const tree = newDirectory();
      const long = ['ustar', 'v7'].includes(format) ? {} : { [`${'d'.repeat(150)}/${'n'.repeat(150)}`]: 'long\n' };
      writeFiles(tree, {
        'a/b/x.h': 'x\n',
        'a/empty.h': '',
        'a/large.h': noise(300_000, 1),
        'a/link.h': { linkTo: 'b/x.h' },
        'a/dangling.h': { linkTo: '../nowhere' },
        'name with \n\t\\ and \xff': 'odd\n',
        'closed/inside/x.h': 'x\n',
        ...long,
      });
      linkSync(join(tree, 'a/large.h'), join(tree, 'a/same.h'));
      chmodSync(join(tree, 'a/b/x.h'), 0o755);
      chmodSync(join(tree, 'a/empty.h'), 0o400);
      for (const [path, time] of [
        ['a/empty.h', 0],
        ['a/large.h', 2 ** 32],
        ['a/b', 86_400],
        ['closed/inside', 5],
        ['closed', 6],
      ] as const) {
        utimesSync(join(tree, path), time, time);
      }
      chmodSync(join(tree, 'closed/inside'), 0o555);
      chmodSync(join(tree, 'closed'), 0o500);
      const archive = `${tree}.tar.xz`;
      // Pax headers state names in UTF-8 only.
      const names = format === 'pax' ? ['a', 'closed', 'd'.repeat(150)] : ['.'];
      const options = ['--format', format, '--mtime=@1700000000', '--clamp-mtime', '-C', tree];
      succeeded(
        await run('sh', ['-c', 'out="$1"; shift; tar -c "$@" | xz -0 > "$out"', 'sh', archive, ...options, ...names]),
      );
      const [ours, theirs] = [snapshot(await byUs(archive), WITH_TIMES), snapshot(await byGnuTar(archive), WITH_TIMES)];
      assert.ok(Object.keys(ours).length >= 8);
      assert.deepEqual(ours, theirs);
    });
  }

  it('a synthetic tree that was packed, from a file and from a pipe, for any number of jobs', async () => {
    const tree = join(work, 'synthetic');
    generateTree(tree, { headers: 300, seed: 11 });
    const archive = join(work, 'synthetic.tar.xz');
    await packed([tree, ...QUICK, '--mtime', '@1700000000'], archive);
    const expected = snapshot(await byGnuTar(archive), WITH_TIMES);
    for (const jobs of ['1', '2', '7']) {
      assert.deepEqual(snapshot(await byUs(archive, '--jobs', jobs), WITH_TIMES), expected);
    }
    const directory = newDirectory();
    succeeded(await runCli(['extract', '-', '-C', directory, '-q'], { input: readFileSync(archive) }));
    assert.deepEqual(snapshot(directory, WITH_TIMES), expected);
  });

  it('an archive of xz -T2, of one Block, of several Streams', async () => {
    const tree = kernelTree(join(work, 'plain'), { 'include/linux/large.h': noise(500_000, 4) });
    const tar = succeeded(await run('tar', ['-c', '-C', tree, '.'])).stdout;
    const expected = snapshot(tree, WITH_TIMES);
    const archives = {
      blocks: xz(tar, '-T2', '--block-size=65536'),
      one: xz(tar),
      streams: Buffer.concat([xz(tar.subarray(0, 70_001)), xz(tar.subarray(70_001))]),
    };
    const rounded = (all: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(all).map(([path, is]) => [path, is.replace(/(@\d+)\.\d+/, '$1')]));
    for (const [name, bytes] of Object.entries(archives)) {
      const archive = join(work, `${name}.tar.xz`);
      writeFileSync(archive, bytes);
      assert.deepEqual(rounded(snapshot(await byUs(archive), WITH_TIMES)), rounded(expected), name);
    }
  });

  const trees = availableTrees();
  if (trees.length === 0)
    it('the real trees', { skip: 'no real trees are there (npm run corpus fetches them)' }, () => undefined);
  for (const { name, source, object } of trees) {
    it(`${name}: and the contents are the stripped sources`, async t => {
      const archive = join(work, `${name}.tar.xz`);
      const objtree = object === null ? [] : ['--objtree', object];
      await packed([source, ...objtree, '--preset', '0', '--mtime', '@1700000000'], archive);
      const ours = await byUs(archive);
      const found = snapshot(ours, WITH_TIMES);
      assert.deepEqual(found, snapshot(await byGnuTar(archive), WITH_TIMES));
      const compared = assertStripped(ours, Object.keys(found), source, object);
      assert.ok(compared > 3000, `only ${compared} headers`);
      t.diagnostic(`${compared} headers are the stripped sources`);
      succeeded(await run('rm', ['-rf', ours]));
    });
  }

  /** Compares every regular file with the stripped file that it was made from, the object tree's before the source tree's. */
  function assertStripped(directory: string, paths: readonly string[], source: string, object: string | null): number {
    let compared = 0;
    for (const path of paths) {
      if (!lstatSync(join(directory, path)).isFile()) continue;
      const roots = object === null ? [source] : [object, source];
      const root = roots.find(each => lstatSync(join(each, path), { throwIfNoEntry: false })?.isFile() === true);
      assert.ok(root !== undefined, path);
      const raw = readFileSync(join(root, path));
      const stripped = stripperFor(path.endsWith('.h') ? 'comments' : 'none')(raw, new Uint8Array(raw.length));
      assert.ok(readFileSync(join(directory, path)).equals(stripped), path);
      compared++;
    }
    return compared;
  }
});

describe('part of an archive', { skip: unless('xz', 'tar') }, () => {
  const tree = kernelTree(join(work, 'parts'), {
    'include/linux/bpf.h': '#define BPF 1\n',
    'include/linux/deep/er/x.h': '#define X 1\n',
    'include/uapi/linux/bpf.h': '#define UAPI 1\n',
    'include/linux/same.h': '#define BPF 1\n',
    'include/linux/again.h': '#define BPF 1\n',
  });
  const archive = join(work, 'parts.tar.xz');
  before(() => packed([tree, ...QUICK, '--mtime', '@5', '--order', 'gnu'], archive));

  const files = async (...args: string[]): Promise<string[]> => {
    const found = snapshot(await byUs(archive, ...args), WITH_TIMES);
    return Object.keys(found).filter(path => !found[path]?.startsWith('directory'));
  };

  it('is what the patterns match, with or without ./', async () => {
    assert.deepEqual(await files('bpf.h'), ['include/linux/bpf.h', 'include/uapi/linux/bpf.h']);
    assert.deepEqual(await files('./include/uapi'), ['include/uapi/linux/bpf.h']);
    assert.deepEqual(await files('include/linux/*.h', 'x.h'), [
      'include/linux/again.h',
      'include/linux/bpf.h',
      'include/linux/deep/er/x.h',
      'include/linux/least.h',
      'include/linux/same.h',
    ]);
  });

  it('has the same directories with their times as GNU tar gives it', async () => {
    const ours = await byUs(archive, 'include/linux/deep');
    assert.deepEqual(
      snapshot(join(ours, 'include/linux/deep'), WITH_TIMES),
      snapshot(join(await byGnuTar(archive, './include/linux/deep'), 'include/linux/deep'), WITH_TIMES),
    );
    assert.equal(statSync(join(ours, 'include/linux/deep')).mtimeMs, 5000);
  });

  it('goes without its leading components, links too', async () => {
    assert.deepEqual(await files('--strip-components', '2', 'include/linux'), [
      'again.h',
      'bpf.h',
      'deep/er/x.h',
      'least.h',
      'same.h',
    ]);
    assert.deepEqual(await files('--strip-components', '9'), []);
  });

  it('has a copy of the content where a hard link leads to what is left out', async () => {
    // The first of three equal headers in GNU order is again.h; the others are links to it.
    const directory = await byUs(archive, 'same.h', 'include/linux/bpf.h', 'x.h');
    const [same, bpf] = ['same.h', 'bpf.h'].map(name => join(directory, 'include/linux', name));
    assert.equal(readFileSync(same ?? '', 'utf8'), '#define BPF 1\n');
    assert.equal(statSync(same ?? '').ino, statSync(bpf ?? '').ino);
    assert.deepEqual([statSync(same ?? '').nlink, statSync(same ?? '').mtimeMs], [2, 5000]);
  });

  it('has what comes last of a name, though a copy of other content waited', async () => {
    const parts = [
      { name: 'left/f', content: 'first' },
      { name: 'kept/x', typeflag: '1', linkname: 'left/f' },
      { name: 'kept/y', typeflag: '1', linkname: 'kept/x' },
      { name: 'kept/x', content: 'last' },
    ];
    const twice = join(work, 'twice.tar.xz');
    writeFileSync(twice, xz(tarOfParts(...parts)));
    const directory = await byUs(twice, 'kept');
    assert.equal(readFileSync(join(directory, 'kept/x'), 'utf8'), 'last');
    assert.equal(readFileSync(join(directory, 'kept/y'), 'utf8'), 'first');
  });

  it('cannot have one from a pipe, which is said', async () => {
    const input = readFileSync(archive);
    await runIntoTrouble(
      ['extract', '-', '-C', newDirectory(), '-q', 'same.h'],
      /Refused to extract ".*same\.h" .*a hard link to ".*again\.h", which is not extracted, and a pipe cannot be read twice/,
      { input },
    );
  });

  it('that is not there is exit code 2 and names the pattern, when what matches was extracted', async () => {
    const directory = newDirectory();
    const { code, stderr } = await runCli(['extract', archive, '-C', directory, 'x.h', 'nothing*']);
    assert.equal(code, 2);
    assert.match(stderr, /Cannot find "nothing\*" in ".*parts\.tar\.xz"/);
    assertHoldsOnly(directory, ['include']);
  });
});

describe('one kernel of a bundle', { skip: unless('xz', 'tar') }, () => {
  const trees = ['one', 'two'].map(name => {
    const tree = join(work, `kernel-${name}`);
    generateTree(tree, { headers: 60, seed: 3 });
    writeFileSync(join(tree, 'include/linux/own.h'), `#define OWN_${name} 1\n`);
    for (const twin of ['twin.h', 'twin-again.h']) writeFileSync(join(tree, 'include/linux', twin), '#define TWIN 1\n');
    return tree;
  });
  const archive = join(work, 'bundle.tar.xz');
  before(() => packed([`one=${trees[0]}`, `two=${trees[1]}`, ...QUICK], archive));

  for (const [i, name] of ['one', 'two'].entries()) {
    it(`has the files of an archive of its own, without the kernel's directory: ${name}`, async () => {
      const alone = join(work, `alone-${name}.tar.xz`);
      await packed([trees[i] ?? '', ...QUICK], alone);
      assert.deepEqual(
        snapshot(await byUs(archive, '--kernel', name), WITH_TIMES),
        snapshot(await byGnuTar(alone), WITH_TIMES),
      );
      const part = snapshot(await byUs(archive, '--kernel', `./${name}/`, 'own.h'));
      assert.deepEqual(Object.keys(part), ['include', 'include/linux', 'include/linux/own.h']);
    });
  }

  it('has equal headers as hard links to each other', async () => {
    const directory = await byUs(archive, '--kernel', 'two');
    assert.equal(statSync(join(directory, 'include/linux/twin.h')).nlink, 2);
  });

  it('that is not there, or no name, is exit code 2', async () => {
    await runIntoTrouble(
      ['extract', archive, '-C', newDirectory(), '-q', '--kernel', 'three'],
      /Cannot find "three" in/,
    );
    await runIntoTrouble(['extract', archive, '--kernel', 'a/b'], /Invalid value "a\/b" for --kernel/);
  });
});

describe('into a directory that has files', { skip: unless('xz') }, () => {
  it('each is replaced whole: who holds the old one open keeps it, and no temporary name is left', async () => {
    const place = newPlace(work);
    writeFileSync(join(place.target, 'a'), 'old', { mode: 0o600 });
    const old = openSync(join(place.target, 'a'), 'r');
    assert.equal(
      await extractParts(place, [
        { name: 'a', content: 'new', mtime: 9 },
        { name: 'l', typeflag: '1', linkname: 'a' },
      ]),
      null,
    );
    assert.equal(readFileSync(old, 'utf8'), 'old');
    closeSync(old);
    assert.equal(readFileSync(join(place.target, 'a'), 'utf8'), 'new');
    const { mode, mtimeMs, nlink } = statSync(join(place.target, 'a'));
    assert.deepEqual([mode & 0o777, mtimeMs, nlink], [0o644, 9000, 2]);
    assertHoldsOnly(place.target, ['a', 'l']);
    // The same once more: everything is there already.
    const again = [
      { name: 'a', content: 'newer' },
      { name: 'l', typeflag: '1', linkname: 'a' },
    ];
    assert.equal(await extractParts(place, again), null);
    assert.equal(statSync(join(place.target, 'l')).ino, statSync(join(place.target, 'a')).ino);
    assertHoldsOnly(place.target, ['a', 'l']);
  });

  it('the directory is made if only it is missing', async () => {
    const place = newPlace(work);
    const target = join(place.target, 'new');
    const parts = tarOfParts({ name: './', typeflag: '5', mode: 0o700, mtime: 7 }, { name: 'a' });
    await extract({ archive: Readable.from([xz(parts)]), directory: target });
    assert.deepEqual([statSync(target).mode & 0o777, statSync(target).mtimeMs], [0o700, 7000]);
    const deeper = extract({ archive: Readable.from([xz(parts)]), directory: join(place.target, 'no', 'such') });
    await assert.rejects(deeper, { code: 'E_WRITE', message: /no such file or directory/ });
  });

  it('modes are those of the archive without the umask, whoever extracts', async () => {
    const parts = [
      { name: 'd/', typeflag: '5', mode: 0o777 },
      { name: 'd/x', mode: 0o777 },
      { name: 'implied/y', mode: 0o666 },
    ];
    const archive = join(work, 'modes.tar.xz');
    writeFileSync(archive, xz(tarOfParts(...parts)));
    for (const umask of ['000', '027', '077']) {
      const directory = newDirectory();
      chmodSync(directory, 0o777);
      const script = `umask ${umask}; exec "$@"`;
      const command = ['sh', process.execPath, PROGRAM, 'extract', archive, '-C', directory, '-q'];
      succeeded(await run('sh', ['-c', script, ...command]));
      const mask = Number.parseInt(umask, 8);
      const modes = ['d', 'd/x', 'implied', 'implied/y'].map(path => statSync(join(directory, path)).mode & 0o777);
      assert.deepEqual(
        modes,
        [0o777, 0o777, 0o777, 0o666].map(mode => mode & ~mask),
        umask,
      );
    }
  });
});

describe('an extraction that does not come to its end', { skip: unless('xz', 'mkfifo') }, () => {
  const content = noise(8_000_000, 5);
  const whole = xz(tarOfParts({ name: 'first', content: 'first' }, { name: 'large', content }), '--block-size=262144');

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    for (const isThere of [true, false]) {
      it(`on ${signal} leaves no temporary file and no part of a file${isThere ? ', and the old file' : ''}`, async () => {
        const place = newPlace(work);
        if (isThere) writeFileSync(join(place.target, 'large'), 'old');
        const fifo = join(place.root, 'fifo');
        succeeded(await run('mkfifo', [fifo]));
        const child = startCli(['extract', fifo, '-C', place.target, '-q']);
        const end = ended(child);
        // The writer stops before the end and holds the pipe open.
        const writer = createWriteStream(fifo);
        writer.on('error', () => undefined);
        writer.write(whole.subarray(0, whole.length - 500_000));
        const isWriting = (): boolean =>
          readdirSync(place.target).some(
            name => name !== 'first' && statSync(join(place.target, name)).size > 1_000_000,
          );
        while (!isWriting()) {
          assert.equal(child.exitCode, null, 'it was over before anything could be seen of it');
          await sleep(5);
        }
        child.kill(signal);
        const { stderr, ...how } = await end;
        writer.destroy();
        assert.deepEqual([how.code, how.signal, stderr], [null, signal, '']);
        assertHoldsOnly(place.target, isThere ? ['first', 'large'] : ['first']);
        if (isThere) assert.equal(readFileSync(join(place.target, 'large'), 'utf8'), 'old');
      });
    }
  }

  it('when the tar ends early leaves what was whole', async () => {
    const place = newPlace(work);
    writeFileSync(join(place.target, 'large'), 'old');
    const cut = xz(tarOfParts({ name: 'first' }, { name: 'large', content }).subarray(0, 5_000_000));
    const error = await extractBytes(place, cut);
    assert.equal(error?.code, 'E_BAD_TAR');
    assert.equal(readFileSync(join(place.target, 'large'), 'utf8'), 'old');
    assertHoldsOnly(place.target, ['first', 'large']);
  });

  it('when the .xz data are damaged leaves no more than what came before', async () => {
    const place = newPlace(work);
    const damaged = Buffer.from(whole);
    const at = Math.floor(whole.length / 2);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal((await extractBytes(place, damaged))?.code, 'E_BAD_XZ');
    assertHoldsOnly(place.target, ['first']);
  });

  it('because the caller stops it leaves what was whole', async () => {
    const place = newPlace(work);
    const stop = new AbortController();
    const parts = Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, content: 'x' }));
    const onWritten = ({ path }: { path: string }): void => {
      if (path === 'f20') stop.abort();
    };
    const error = await extractParts(place, parts, { signal: stop.signal, onWritten });
    assert.equal(error?.code, 'E_ABORTED');
    assert.equal(readdirSync(place.target).length, 21);
  });

  it('because the disk is full names the file, and leaves no part of it', async t => {
    const place = newPlace(work);
    const reason = await onSmallDisk(place.target, 4_000_000, async () => {
      const error = await extractBytes(place, whole);
      assert.equal(error?.code, 'E_WRITE');
      assert.match(String(error?.message), /Cannot write ".*target\/large": no space left on device/);
      assertHoldsOnly(place.target, ['first']);
    });
    if (reason !== false) t.skip(reason);
  });
});

describe('as another user', { skip: unless('xz') || unlessOrdinary() }, () => {
  const archive = join(work, 'user.tar.xz');
  before(() => {
    const parts = [
      { name: './', typeflag: '5', mode: 0o755 },
      { name: 'd/', typeflag: '5', mode: 0o555 },
      { name: 'd/x' },
    ];
    writeFileSync(archive, xz(tarOfParts(...parts)));
  });

  it("files are that user's, and directories that cannot be written to are filled first", async () => {
    const directory = newDirectory();
    giveToOrdinary(directory);
    succeeded(await runCli(['extract', archive, '-C', directory, '-q'], ORDINARY));
    const { uid, mode } = statSync(join(directory, 'd'));
    assert.deepEqual([uid, mode & 0o777], [ORDINARY.user ?? process.getuid?.(), 0o555]);
    assert.equal(statSync(join(directory, 'd/x')).uid, uid);
  });

  it('a directory that may not be written to is exit code 2, with the reason', async () => {
    const directory = newDirectory();
    chmodSync(directory, 0o555);
    const args = ['extract', archive, '-C', directory, '-q'];
    await runIntoTrouble(args, /Cannot write ".*out-\d+.*": permission denied/, ORDINARY);
  });
});

describe('on a file system that takes names for one that differ in case', {
  skip: unless('xz', 'mkntfs', 'lowntfs-3g', 'truncate', 'umount'),
}, () => {
  it('the second of them is refused, and on another it is not', async t => {
    const place = newPlace(work);
    const parts = [{ name: 'xt_CONNMARK.h', content: 'first' }, { name: 'xt_connmark.h' }];
    const script = 'truncate -s 8M "$1" && mkntfs -q -F "$1" && lowntfs-3g "$1" "$2" -o ignore_case';
    const mounted = await run('sh', ['-c', script, 'sh', join(place.root, 'image'), place.target]);
    if (mounted.code !== 0) return t.skip(`no such file system can be mounted here: ${mounted.stderr.trim()}`);
    try {
      const error = await extractParts(place, parts);
      assert.match(String(error?.message), /Refused to extract "xt_connmark\.h" .*where case or normalisation/);
      assert.equal(readFileSync(join(place.target, 'xt_connmark.h'), 'utf8'), 'first');
      assert.equal(readdirSync(place.target).length, 1);
    } finally {
      succeeded(await run('umount', [place.target]));
    }
    assert.equal(await extractParts(place, parts), null);
    assertHoldsOnly(place.target, ['xt_CONNMARK.h', 'xt_connmark.h']);
  });
});

describe('on the command line', { skip: unless('xz') }, () => {
  const archive = join(work, 'words.tar.xz');
  before(() => writeFileSync(archive, xz(tarOfParts({ name: 'd/', typeflag: '5' }, { name: 'd/x', content: 'x' }))));

  it('nothing is said with --quiet, names with --verbose, one line without either', async () => {
    const stderrOf = async (...args: string[]): Promise<string> => {
      const { stdout, stderr } = succeeded(await runCli(['extract', archive, '-C', newDirectory(), ...args]));
      assert.equal(stdout.length, 0);
      return stderr;
    };
    assert.equal(await stderrOf('-q'), '');
    const line = /1 files \(0 as hard links\), 0 symbolic links, 1 directories: 1 B in .*, \d+\.\d\d s\n$/;
    assert.match(await stderrOf(), new RegExp(`^${line.source}`));
    assert.match(await stderrOf('-v'), new RegExp(`^d/\\nd/x\\n${line.source}`));
  });

  it('--json is one summary, on standard output or in a file', async () => {
    const directory = newDirectory();
    const { stdout } = succeeded(await runCli(['extract', archive, '-C', directory, '-q', '--json']));
    const { schema, files, bytes, target } = JSON.parse(stdout.toString());
    assert.deepEqual([schema, bytes, target], ['kheaders-pack/extract/1', 1, directory]);
    assert.deepEqual(files, { entries: 2, regular: 1, hardLinks: 0, symbolicLinks: 0, directories: 1 });
    const report = join(work, 'report.json');
    succeeded(await runCli(['extract', archive, '-C', directory, '-q', `--json=${report}`]));
    assert.equal(JSON.parse(readFileSync(report, 'utf8')).bytes, 1);
  });

  it('it goes into the working directory where none is named', async () => {
    const directory = newDirectory();
    succeeded(await runCli(['extract', archive, '-q'], { cwd: directory }));
    assertHoldsOnly(directory, ['d']);
  });

  it('values that cannot be meant are exit code 2', async () => {
    for (const [args, expected] of [
      [['--strip-components', '-1'], /--strip-components: expected a whole number/],
      [['--kernel', '..'], /Invalid value "\.\." for --kernel/],
      [['-q', '-v'], /Cannot use --quiet with --verbose/],
      [['--no-such'], /unknown option '--no-such'/],
    ] as const) {
      await runIntoTrouble(['extract', archive, '-C', work, ...args], expected);
    }
    await runIntoTrouble(['extract', join(work, 'missing')], /Cannot read ".*missing": no such file/);
  });
});
