import assert from 'node:assert/strict';
import { cpSync, createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { parseManifest, verify } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { packed, succeeded, tarOf } from '../support/archive.js';
import { type Ended, PROGRAM, run, runCli } from '../support/cli.js';
import { kernelTree, noise, writeFiles } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { moduleTree } from '../support/moduleTree.js';
import { scratch } from '../support/scratch.js';
import { paxHeader, tarOfParts, V7_MAGIC } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';
import { crc32 } from '../xz/parseXz.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 70, seed: 51 });
writeFiles(tree, {
  'include/linux/told.h': '/* SPDX-License-Identifier: GPL-2.0 */\n/* before */\n\n#define TOLD 1\n',
  'include/linux/large.h': noise(150_000, 4),
});
const QUICK = ['--preset', '0', '--block-size', '64KiB', '--arch', 'x86'];
const archive = join(work, 'k.tar.xz');
const manifest = join(work, 'k.json');
const ready = packed([tree, ...QUICK, '--manifest', manifest], archive);
let count = 0;

async function assertVerdict(args: readonly string[], code: number, expected: RegExp): Promise<Ended> {
  await ready;
  const ended = await runCli(['verify', ...args]);
  const text = ended.stdout.toString();
  assert.equal(ended.code, code, `${text}${ended.stderr}`);
  assert.match(text, expected);
  const { stdout, code: again } = await runCli(['verify', ...args, '--json']);
  assert.equal(again, code);
  assert.equal(text.split('\n')[0]?.includes(`: ${JSON.parse(stdout.toString()).verdict}`), true);
  return ended;
}

/** A copy of the archive, or of other bytes, with some of them changed. */
function damaged(change: (bytes: Buffer) => Buffer): string {
  const path = join(work, `damaged-${++count}.tar.xz`);
  writeFileSync(path, change(readFileSync(archive)));
  return path;
}

function changedTree(files: Readonly<Record<string, string>>, removed: readonly string[] = []): string {
  const copy = join(work, `tree-${++count}`);
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  for (const path of removed) rmSync(join(copy, path));
  return writeFiles(copy, files);
}

const xz = async (tar: Buffer, ...options: string[]): Promise<string> => {
  const path = join(work, `xz-${++count}.tar.xz`);
  writeFileSync(path, succeeded(await run('xz', ['-c', ...options], { input: tar })).stdout);
  return path;
};

describe('verify without a tree', () => {
  it('finds an archive good: container, Checks, tar, and as its manifest says', async () => {
    await assertVerdict(
      [archive],
      0,
      /^.*\/k\.tar\.xz: good: \d+ Blocks, Check crc64, \d+ entries, [\d,]+ bytes of tar\n$/,
    );
    await assertVerdict([archive, '--manifest', manifest], 0, /: good: .*, as its manifest says\n$/);
    for (const jobs of ['1', '4']) await assertVerdict([archive, '--jobs', jobs], 0, /: good: /);
  });

  it('reads from a pipe, with a manifest too', async () => {
    await ready;
    for (const args of [[], ['--manifest', manifest], ['--container']]) {
      const { code, stdout, stderr } = await runCli(['verify', '-', ...args], { input: readFileSync(archive) });
      assert.equal(code, 0, stderr);
      assert.match(stdout.toString(), /^standard input: good: /);
    }
    const named = `cat "$1" | "$2" "$3" verify /dev/stdin --manifest "$4"`;
    const { stdout } = await run('sh', ['-c', named, 'sh', archive, process.execPath, PROGRAM, manifest]);
    assert.match(stdout.toString(), /^\/dev\/stdin: good: .*, as its manifest says\n$/);
    const report = await verify(Readable.from([readFileSync(archive)]), { manifest });
    assert.deepEqual([report.verdict, report.findings], ['good', []]);
    const other = await xz(await tarOf(archive), '-0');
    const report2 = await verify(Readable.from([readFileSync(other)]), { manifest });
    assert.equal(report2.verdict, 'bad');
  });

  it('leaves no readable open where the manifest cannot be read', async () => {
    await ready;
    for (const other of [join(work, 'none'), archive]) {
      const readable = createReadStream(archive);
      await assert.rejects(verify(readable, { manifest: other }), { code: /^E_(?:READ|MANIFEST)$/ });
      assert.ok(readable.destroyed, other);
    }
  });

  it('finds damage bad: a changed byte, an early end, and what is no tar', { skip: unless('xz') }, async () => {
    await ready;
    const flip = (at: number) => (bytes: Buffer) => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
      return bytes;
    };
    for (const at of [3, 20, 1_000, 40_000])
      await assertVerdict([damaged(flip(at))], 1, /: bad\n {2}.* \(at byte \d+\)\n$/);
    await assertVerdict([damaged(bytes => bytes.subarray(0, -8))], 1, /: bad\n/);
    await assertVerdict(
      [await xz(Buffer.from('no tar at all\n'.repeat(100)))],
      1,
      /: bad\n {2}.* \(at byte \d+ of the tar\)\n$/,
    );
    const cut = (await tarOf(archive)).subarray(0, -10_240 * 2);
    await assertVerdict([await xz(cut)], 1, /: bad\n {2}.* of the tar\)\n$/);
  });

  it('counts and finds in a file what it does in a pipe, whatever the headers are like', {
    skip: unless('xz'),
  }, async () => {
    const files = Array.from({ length: 40 }, (_, i) => ({ name: `./${i}.h`, content: '#define A 1\n'.repeat(97 * i) }));
    const tar = tarOfParts(...files);
    const zeros = Buffer.alloc(512);
    const cases: Readonly<Record<string, Buffer>> = {
      plain: tar,
      v7: tarOfParts(...files.map(file => ({ ...file, magic: V7_MAGIC }))),
      'a pax header for all': tarOfParts(paxHeader({ comment: 'c' }, 'g'), ...files),
      'a pax header for each': tarOfParts(...files.flatMap(file => [paxHeader({ path: `${file.name}.h` }), file])),
      'a tar in a tar': tarOfParts(
        ...files,
        { name: './inner.tar', content: tar.toString('latin1') },
        { name: 'last' },
      ),
      'zeros in between': Buffer.concat([tar.subarray(0, 512), zeros, tar.subarray(512)]),
      'no end': tar.subarray(0, -1024),
      'another tar behind': Buffer.concat([tar, tar]),
      'no checksum': Buffer.concat([tar.subarray(0, -1024), Buffer.alloc(512, 1), zeros, zeros]),
      'a directory with a content': tarOfParts(...files, { name: './d/', content: 'x' }),
    };
    const good = new Set<string>();
    for (const [name, bytes] of Object.entries(cases)) {
      for (const options of [['-0'], ['-0', '--block-size=8192'], ['-0', '--block-size=10000']]) {
        const path = await xz(bytes, ...options);
        const [file, pipe] = await Promise.all([
          runCli(['verify', path, '--jobs', '2']),
          runCli(['verify', '-'], { input: readFileSync(path) }),
        ]);
        const told = (text: string): string => text.replaceAll(path, 'standard input');
        assert.equal(file.code, pipe.code, name);
        assert.equal(told(file.stdout.toString()), pipe.stdout.toString(), name);
        assert.equal(told(file.stderr), pipe.stderr, name);
        if (file.code === 0) good.add(name);
      }
    }
    assert.deepEqual([...good], Object.keys(cases).slice(0, 5));
  });

  it('reads a file once, of whatever tar, but for rare ones', { skip: unless('xz') }, async () => {
    /** How often it is read again from its start. */
    const readAgain = async (tar: Buffer, ...options: string[]): Promise<number> => {
      let [times, last] = [0, 0];
      const report = await verify(await xz(tar, '-0', ...options), {
        onProgress: ({ bytes }) => {
          if (bytes <= last) times++;
          last = bytes;
        },
      });
      assert.equal(report.verdict, 'good');
      return times;
    };
    const files = Array.from({ length: 300 }, (_, i) => ({ name: `./${i}.h`, content: 'x'.repeat(400 * i) }));
    const [short, long] = [files.slice(0, 40), files.map(file => ({ ...file, content: file.content.repeat(2) }))];
    const pax = files.flatMap(file => [paxHeader({ path: `${'n'.repeat(200)}/${file.name}` }), file]);
    for (const parts of [short, files, pax]) {
      for (const blockSize of [8192, 2 ** 20]) {
        assert.equal(await readAgain(tarOfParts(...parts), `--block-size=${blockSize}`), 0);
      }
    }
    // One Block that is decoded in steps.
    assert.ok(tarOfParts(...long).length > 2 ** 25);
    assert.equal(await readAgain(tarOfParts(...long)), 0);
    assert.equal(
      await readAgain(tarOfParts(...files.map(file => ({ ...file, magic: V7_MAGIC }))), '--block-size=8192'),
      1,
    );
  });

  it('passes over the index that pixz writes behind a tar', { skip: unless('pixz', 'xz') }, async () => {
    const input = join(work, 'pixz.tar');
    writeFileSync(input, await tarOf(archive));
    succeeded(await run('pixz', [input, `${input}.xz`]));
    assert.notEqual(succeeded(await run('xz', ['-dc', `${input}.xz`])).stdout.length, readFileSync(input).length);
    await assertVerdict([`${input}.xz`], 0, /: good: /);
  });

  it('looks at the container alone with --container', { skip: unless('xz') }, async () => {
    await ready;
    await assertVerdict(['--container', await xz(Buffer.from('no tar at all'))], 0, /: good: 1 Block, Check crc64\n$/);
    await assertVerdict(['--container', damaged(bytes => bytes.subarray(0, -4))], 1, /: bad\n {2}/);
  });

  it('tells unsupported from bad: exit code 2, and the word', async () => {
    await ready;
    // Check ID 0x02 is reserved; its field has the size of CRC32's, so the container is valid as far as one can tell.
    const reserved = join(work, 'reserved.tar.xz');
    await packed([tree, ...QUICK, '--check', 'crc32'], reserved);
    writeFileSync(reserved, withCheckId(readFileSync(reserved), 0x02));
    for (const args of [['--container'], []]) {
      const { code, stdout, stderr } = await runCli(['verify', ...args, reserved]);
      assert.equal(code, 2);
      assert.equal(stdout.toString(), '');
      assert.match(stderr, /^kheaders-pack: Cannot verify ".*": unsupported: .*0x02/m);
    }
  });

  it('finds every way in which an archive is not what its manifest says', { skip: unless('xz') }, async () => {
    await ready;
    const recompressed = await xz(await tarOf(archive), '-1');
    const { stdout } = await assertVerdict(
      [recompressed, '--manifest', manifest],
      1,
      /: bad\n {2}the size of the archive: the manifest says \d+, it is \d+\n {2}the SHA-256 of the archive: /,
    );
    assert.match(stdout.toString(), /\n {2}the number of Blocks: the manifest says \d+, it is 1\n$/);
    const stated = JSON.parse(readFileSync(manifest, 'utf8'));
    const cases: readonly (readonly [(copy: typeof stated) => void, RegExp])[] = [
      [
        m => Object.assign(m.archive, { sha256: '0'.repeat(64) }),
        /the SHA-256 of the archive: the manifest says 0{64}, it is [\da-f]{64}\n$/,
      ],
      [
        m => Object.assign(m.blocks[1], { sha256: '1'.repeat(64) }),
        /: bad\n {2}the SHA-256 of Block 2: the manifest says 1{64}/,
      ],
      [
        // Of a Block that lies elsewhere no digest was taken.
        m => Object.assign(m.blocks[1], { unpaddedSize: m.blocks[1].unpaddedSize - 4, sha256: '1'.repeat(64) }),
        /: bad\n {2}the Unpadded Size of Block 2: the manifest says \d+, it is \d+\n$/,
      ],
      [
        m => Object.assign(m.settings, { mtime: 7 }),
        /the mtime of \d+ entries, such as "\.\/": 7 in the manifest, 0 in the archive\n$/,
      ],
      [m => Object.assign(fileOf(m), { sha256: '2'.repeat(64) }), /: bad\n {2}the contents of "\.\/.*\.h" differ\n/],
      [
        m => Object.assign(fileOf(m), { path: './renamed.h' }),
        /"\.\/renamed\.h" is in the manifest only\n {2}".*" is in the archive only\n/,
      ],
      [
        m => Object.assign(fileOf(m), { mode: 0o600 }),
        /the mode of "\.\/.*\.h": 0600 in the manifest, 0644 in the archive\n/,
      ],
    ];
    for (const [change, expected] of cases) {
      const copy = structuredClone(stated);
      change(copy);
      const path = join(work, `m-${++count}.json`);
      writeFileSync(path, JSON.stringify(copy, null, 2));
      await assertVerdict([archive, '--manifest', path], 1, expected);
    }
  });

  it('refuses a manifest that is none, and options that contradict each other', async () => {
    await ready;
    await runIntoTrouble(
      ['verify', archive, '--manifest', archive],
      /Cannot use manifest ".*k\.tar\.xz": it is no JSON$/,
    );
    await runIntoTrouble(['verify', archive, '--manifest', join(work, 'none')], /Cannot read ".*none": no such file/);
    const cases = [
      [
        ['--container', '--manifest', manifest],
        /Cannot use --container with --manifest: it looks at the container alone$/,
      ],
      [['--container', tree], /Cannot use --container with TREE/],
      [['--contents'], /Cannot use --contents with no TREE/],
      [['--first'], /Cannot use --first with no TREE/],
      [['--vary'], /Cannot use --vary with no TREE/],
      [['--strip', 'none'], /Cannot use --strip with no TREE: it says how a TREE is rebuilt$/],
      [['--null'], /Cannot use --null with no TREE: it says how a TREE is rebuilt$/],
      [
        ['--allow-large-dictionary'],
        /Cannot use --allow-large-dictionary with no TREE: it says how a TREE is rebuilt$/,
      ],
      [['--manifest', manifest, '--null', tree], /Cannot use --manifest with --null: the manifest says how/],
      [
        ['--manifest', manifest, '--allow-large-dictionary', tree],
        /Cannot use --manifest with --allow-large-dictionary: the manifest says how/,
      ],
      [['--symvers'], /Cannot use --symvers with no TREE: it says how a TREE is rebuilt$/],
      [['--manifest', manifest, '--symvers', tree], /Cannot use --manifest with --symvers: the manifest says how/],
      [
        ['--manifest', manifest, '--strip', 'none', tree],
        /Cannot use --manifest with --strip: the manifest says how the archive was made$/,
      ],
      [['--manifest', manifest, tree, tree], /expected one tree|both are named/],
    ] as const;
    for (const [args, expected] of cases) await runIntoTrouble(['verify', archive, ...args], expected);
  });
});

describe('verify with a tree', () => {
  it('says that an archive was reproduced: with its manifest, or with what the archive shows', async () => {
    const { stderr } = await assertVerdict(
      [archive, '--manifest', manifest, tree],
      0,
      /: reproduced: .*, as its manifest says\n$/,
    );
    assert.match(stderr, /^Rebuilding: kheaders-pack pack \S+ .*--strip comments.*--block-size 64KiB.*\n$/);
    const inferred = await assertVerdict([archive, tree, '--preset', '0'], 0, /: reproduced: /);
    assert.match(
      inferred.stderr,
      /^Rebuilding: .*\nShown by the archive: --profile, --arch, --strip, .*--block-size.*; asked for: --lzma2 mode, .*; assumed: codec\n$/,
    );
  });

  it('tells a command that makes the archive again, wherever the tree lies', { skip: unless('sh') }, async () => {
    await ready;
    const [bin, place] = [join(work, 'bin'), join(work, "it's a $place")];
    mkdirSync(bin);
    const script = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`;
    writeFileSync(join(bin, 'kheaders-pack'), script, { mode: 0o755 });
    cpSync(tree, join(place, 'a tree'), { recursive: true, verbatimSymlinks: true });
    const odd = ['--exclude', 'tol?.h', '--no-dedup', '--lzma2', 'nice=33', '--mtime', '2024-01-02T03:04:05Z'];
    const [oddly, stated] = [join(work, 'oddly.tar.xz'), join(work, 'oddly.json')];
    await packed([join(place, 'a tree'), ...QUICK, ...odd, '--manifest', stated], oddly);
    const bundle = join(work, 'names.tar.xz');
    const [first, second] = [`one=${tree}`, `two=${join(place, 'a tree')}`];
    await packed([first, second, ...QUICK], bundle);
    for (const [made, ...args] of [
      [archive, tree, '--preset', '0'],
      [oddly, 'a tree', '--manifest', stated],
      [bundle, first, second, '--preset', '0'],
    ] as const) {
      const { stderr } = succeeded(await runCli(['verify', made, ...args], { cwd: place }));
      const [, line = ''] = /^Rebuilding: (.*)$/m.exec(stderr) ?? [];
      succeeded(await run('sh', ['-c', line], { cwd: place, env: { PATH: `${bin}:${process.env['PATH']}` } }));
      assert.ok(readFileSync(join(place, 'rebuilt.tar.xz')).equals(readFileSync(made)), line);
    }
  });

  it('sees the codec by the size to which it fills its chunks, and takes the default where none is full', async () => {
    const large = join(work, 'large');
    generateTree(large, { headers: 300, seed: 5 });
    for (const codec of ['radix/2', 'liblzma/5.2.3']) {
      const path = join(work, 'large.tar.xz');
      await packed([large, '--arch', 'x86', '--codec', codec.replace(/\/.*/, '')], path);
      const { stderr } = await assertVerdict([path, large], 0, /: reproduced: /);
      assert.match(
        stderr,
        new RegExp(`^Rebuilding: .* --codec ${codec.replace(/\/.*/, '')} .*\\nShown by the archive: codec,`),
      );
    }
    const small = join(work, 'small.tar.xz');
    await packed([tree, ...QUICK, '--codec', 'liblzma'], small);
    const { stderr } = await assertVerdict(
      [small, tree, '--preset', '0'],
      1,
      /: contents reproduced\n.*\(assumed: codec=radix\/2; say --codec, /s,
    );
    assert.match(stderr, /; assumed: codec$/m);
    await assertVerdict([small, tree, '--preset', '0', '--codec', 'liblzma'], 0, /: reproduced: /);
  });

  it('infers what was not said, whatever it is', async () => {
    await ready;
    const settings = [
      ['--strip', 'none', '--order', 'gnu', '--mtime', '@1234567890'],
      ['--strip', 'tokens', '--check', 'sha256', '--no-dedup', '--block-size', '96KiB'],
      ['--compat', '--check', 'crc32', '--lzma2', 'lc=3,pb=2,dict=32KiB'],
      ['--profile', 'all', '--strip', 'kernel', '--check', 'none', '--block-size', '4MiB'],
    ];
    for (const args of settings) {
      const other = join(work, `${++count}.tar.xz`);
      const all = args.includes('all');
      await packed([tree, ...(all ? [] : ['--arch', 'x86']), '--preset', '0', '--block-size', '64KiB', ...args], other);
      await assertVerdict([other, tree, '--preset', '0'], 0, /: reproduced: /);
    }
  });

  it('infers a block size that is smaller than the zeros behind the last entry', async () => {
    const small = kernelTree(join(work, `tree-${++count}`));
    const [smallBlocks, stated] = [join(work, 'blocks.tar.xz'), join(work, 'blocks.json')];
    await packed([small, '--arch', 'x86', '--block-size', '4KiB', '--manifest', stated], smallBlocks);
    const { blocks } = parseManifest(readFileSync(stated, 'utf8'), stated);
    assert.ok((blocks.at(-1)?.uncompressedSize ?? 0) > 4096);
    await assertVerdict([smallBlocks, small], 0, /: reproduced: /);
  });

  it('says that a block size which nobody would guess has to be said', async () => {
    const odd = join(work, 'odd-blocks.tar.xz');
    await packed([tree, ...QUICK, '--block-size', '100KiB'], odd);
    const expected =
      /\n {2}compression not comparable: the block size cannot be told from the archive \(say --block-size, /;
    await assertVerdict([odd, tree, '--preset', '0'], 1, expected);
    await assertVerdict([odd, tree, '--preset', '0', '--block-size', '100KiB'], 0, /: reproduced: /);
  });

  it('says that a list was asked for, and not a profile', async () => {
    const [listed, list] = [join(work, 'asked.tar.xz'), join(work, 'asked.list')];
    writeFileSync(list, 'include/linux/told.h\n');
    await packed([tree, '--files-from', list], listed);
    const { stderr } = await assertVerdict([listed, tree, '--files-from', list], 0, /: reproduced: /);
    assert.match(stderr, /; asked for: --files-from;/);
    assert.doesNotMatch(stderr, /--profile/);
  });

  it('infers no block size that no codec takes, whatever the dictionary', { skip: unless('xz') }, async () => {
    // As kheaders-pack cuts it: one Block of entries, one of the zeros behind them.
    const small = kernelTree(join(work, `tree-${++count}`));
    const plain = join(work, 'plain.tar.xz');
    await packed([small, '--arch', 'x86'], plain);
    const tar = await tarOf(plain);
    const zeros = 4608;
    const large = await xz(tar, '--lzma2=dict=1536MiB,mode=fast,mf=hc3', `--block-list=${tar.length - zeros},${zeros}`);
    await assertVerdict([large, small], 1, /: contents reproduced\n/);
  });

  it('infers profile modules, with Module.symvers and without, and compares with the other where that is asked for', async () => {
    const prepared = moduleTree(join(work, `modules-${++count}`));
    for (const symvers of [[], ['--symvers']]) {
      const [packedAs, stated] = [join(work, `${++count}.tar.xz`), join(work, `${count}.json`)];
      await packed([prepared, '--profile', 'modules', ...symvers, '--preset', '0', '--manifest', stated], packedAs);
      for (const how of [[], ['--profile', 'modules']]) {
        const { stderr } = await assertVerdict([packedAs, prepared, '--preset', '0', ...how], 0, /: reproduced: /);
        assert.match(stderr, symvers.length > 0 ? /--profile modules --symvers / : /--profile modules --arch/);
      }
      await assertVerdict([packedAs, prepared, '--manifest', stated], 0, /: reproduced: .*, as its manifest says\n$/);
      if (symvers.length > 0) continue;
      const asked = [packedAs, prepared, '--preset', '0', '--profile', 'modules', '--symvers'];
      await assertVerdict(asked, 1, /: not reproduced\n {2}"\.\/Module\.symvers" is in the rebuild only\n/);
    }
  });

  it('rebuilds bundles and lists of files by their manifests', async () => {
    const [bundle, list] = [join(work, 'bundle.tar.xz'), join(work, 'listed.tar.xz')];
    await packed([`one=${tree}`, `two=${tree}`, ...QUICK, '--manifest', join(work, 'bundle.json')], bundle);
    await assertVerdict(
      [bundle, '--manifest', join(work, 'bundle.json'), `two=${tree}`, `one=${tree}`],
      0,
      /: reproduced/,
    );
    await assertVerdict([bundle, `one=${tree}`, `two=${tree}`, '--preset', '0'], 0, /: reproduced/);
    await runIntoTrouble(
      ['verify', bundle, '--manifest', join(work, 'bundle.json'), tree],
      /expected a tree for each kernel of the manifest: one=TREE two=TREE$/,
    );
    writeFileSync(join(work, 'list'), 'include/linux/told.h\ninclude/linux/large.h\n');
    await packed(
      [tree, '--files-from', join(work, 'list'), '--preset', '0', '--manifest', join(work, 'listed.json')],
      list,
    );
    const listed = [list, '--manifest', join(work, 'listed.json')];
    await assertVerdict([...listed, tree], 0, /: reproduced/);
    const without = changedTree({}, ['include/linux/large.h']);
    await assertVerdict([...listed, without], 1, /: not reproduced\n {2}".*\/large\.h" is in the archive only\n/);
  });

  it('tells where the sources are not those of the manifest, though the archive is', async () => {
    const comment = readFileSync(join(tree, 'include/linux/told.h'), 'utf8').replace('before', 'after');
    const other = changedTree({ 'include/linux/told.h': comment });
    await assertVerdict([archive, other, ...QUICK], 0, /: reproduced: [^\n]* bytes of tar\n$/);
    const { stdout } = await assertVerdict([archive, '--manifest', manifest, other], 0, /: reproduced: /);
    assert.match(stdout.toString(), / bytes of tar\n {2}.*\(sourceSha256, sourceSize\) is not so of ".*\/told\.h"\n$/);
    await assertVerdict([archive, '--manifest', manifest, tree], 0, /, as its manifest says\n$/);
  });

  it('names the entries and Blocks that differ', async () => {
    const other = changedTree({ 'include/linux/told.h': '#define TOLD 2\n', 'include/linux/new.h': 'new\n' }, [
      'include/linux/large.h',
    ]);
    const { stdout } = await assertVerdict([archive, '--manifest', manifest, other], 1, /: not reproduced\n/);
    const text = stdout.toString();
    for (const finding of [
      '"./include/linux/large.h" is in the archive only',
      '"./include/linux/new.h" is in the rebuild only',
      'the contents of "./include/linux/told.h" differ',
    ]) {
      assert.ok(text.includes(`\n  ${finding}\n`), `${finding}: ${text}`);
    }
    assert.match(text, /\n {2}\d+ of \d+ Blocks differ: \d+/);
  });

  it('finds headers of an architecture that the tree lacks to be a difference', { skip: unless('xz') }, async () => {
    const ofX86 = kernelTree(join(work, `tree-${++count}`));
    for (const name of ['./arch/zzz/include/x.h', './arch/../include/x.h']) {
      const tar = Buffer.concat([tarOfParts({ name, content: '#define X 1\n' }), Buffer.alloc(8192)]);
      const { stdout } = await assertVerdict([await xz(tar), ofX86], 1, /: not reproduced\n/);
      assert.ok(stdout.toString().includes(`"${name}" is in the archive only`), stdout.toString());
    }
  });

  it('finds a file elsewhere to be a difference, also where an architecture was named', {
    skip: unless('xz'),
  }, async () => {
    const ofX86 = kernelTree(join(work, `tree-${++count}`), { 'arch/x86/include/asm/a.h': '#define A 1\n' });
    const names = ['./arch/x86/include/asm/a.h', './drivers/e.h'];
    const parts = names.map(name => ({ name, content: '#define A 1\n' }));
    const archive = await xz(Buffer.concat([tarOfParts(...parts), Buffer.alloc(7168)]));
    for (const args of [[], ['--arch', 'x86'], ['--arch', 'x86', '--contents']]) {
      const { stdout } = await assertVerdict([archive, ofX86, ...args], 1, /: not reproduced\n/);
      assert.match(stdout.toString(), /"\.\/drivers\/e\.h" is in the archive only/);
    }
  });

  it('names one Block for one changed header, and stops there with --first', async () => {
    const other = changedTree({ 'include/linux/told.h': '#define TOLD 2\n' });
    const all = await assertVerdict(
      [archive, '--manifest', manifest, other],
      1,
      /\n {2}1 of \d+ Blocks differ: \d+\n$/,
    );
    assert.match(all.stdout.toString(), /: not reproduced\n {2}the contents of "\.\/include\/linux\/told\.h" differ\n/);
    const expected =
      /: not reproduced \(stopped at the first difference\)\n {2}the contents of "\.\/include\/linux\/told\.h" differ\n$/;
    await assertVerdict([archive, '--manifest', manifest, '--first', other], 1, expected);
    // Where no entry differs it is a Block.
    const nice = join(work, 'nice.tar.xz');
    await packed([tree, ...QUICK, '--lzma2', 'nice=40'], nice);
    await assertVerdict(
      [nice, '--first', tree, '--preset', '0'],
      1,
      /: not reproduced \(stopped at the first difference\)\n {2}1 of \d+ Blocks differ: 1\n$/,
    );
  });

  it('finds a comment that stripping takes out to be no difference', async () => {
    const other = changedTree({
      'include/linux/told.h': '/* SPDX-License-Identifier: GPL-2.0 */\n/* after */\n\n#define TOLD 1\n',
    });
    await assertVerdict([archive, '--manifest', manifest, other], 0, /: reproduced/);
  });

  it('compares the tars where the compression cannot be remade', { skip: unless('xz') }, async () => {
    await ready;
    const expected = /: contents reproduced\n {2}compression not comparable: the Block Headers do not state both sizes/;
    const other = await xz(await tarOf(archive), '-6');
    await assertVerdict([other, tree], 1, expected);
    await assertVerdict(
      [other, tree, '--contents'],
      0,
      /: contents reproduced\n {2}compression not comparable: only the contents were asked for\n$/,
    );
    const unstated = await assertVerdict(
      [archive, tree],
      1,
      /: contents reproduced\n {2}compression not comparable: the archive does not state all of how it was encoded/,
    );
    assert.match(unstated.stdout.toString(), /Blocks differ/);
    const stated = JSON.parse(readFileSync(manifest, 'utf8'));
    stated.settings.encoding.codec.version = '99';
    writeFileSync(join(work, 'later.json'), JSON.stringify(stated));
    const later = [archive, '--manifest', join(work, 'later.json'), tree];
    await assertVerdict(
      later,
      1,
      /: contents reproduced\n {2}.*: the archive was made with codec radix\/99, here is radix\/2\n$/,
    );
    await assertVerdict([...later, '--contents'], 0, /: contents reproduced\n/);
    // Contents that differ are no matter of compression.
    const changed = changedTree({ 'include/linux/told.h': '#define TOLD 2\n' });
    await assertVerdict([other, changed, '--contents'], 1, /: not reproduced\n {2}the contents of/);
  });

  it('sees bytes of a tar that no entry tells of', { skip: unless('xz') }, async () => {
    const tar = await tarOf(archive);
    // The device major of `./` is read by nobody; its checksum has to be right.
    tar.write('0000001\0', 329, 'latin1');
    const sum = tar.subarray(0, 512).reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    await assertVerdict(
      [await xz(tar), tree],
      1,
      /: not reproduced\n {2}the tar differs between its bytes 0 and \d+, in what no entry says\n$/,
    );
  });

  it('leaves nothing behind, and writes no second archive', async () => {
    await ready;
    const place = join(work, 'place');
    const temporary = join(work, 'tmp');
    mkdirSync(place);
    mkdirSync(temporary);
    const options = { cwd: place, env: { TMPDIR: temporary } };
    succeeded(await runCli(['verify', archive, '--manifest', manifest, tree], options));
    assertHoldsOnly(place, []);
    assertHoldsOnly(temporary, []);
  });

  it('cannot rebuild from a pipe', async () => {
    await ready;
    const { code, stderr } = await runCli(['verify', '-', tree], { input: readFileSync(archive) });
    assert.equal(code, 2);
    assert.match(stderr, /Cannot read "standard input": not a regular file \(it has to be read more than once\)$/m);
  });
});

describe('verify --vary', () => {
  it('reads a list from standard input once, and hands it on', async () => {
    const listed = join(work, 'vary-listed.tar.xz');
    const input = Buffer.from('include/linux/told.h\n');
    succeeded(await runCli([tree, '--files-from', '-', '-o', listed], { input }));
    const { code, stdout, stderr } = await runCli(['verify', '--vary', listed, '--files-from', '-', tree], { input });
    assert.equal(code, 0, `${stdout}${stderr}`);
  });

  it('reads a list and a manifest from a pipe once', { skip: unless('mkfifo') }, async () => {
    const [piped, list, stated] = ['piped.tar.xz', 'piped.list', 'piped.json'].map(name => join(work, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(list, 'include/linux/told.h\n');
    succeeded(await runCli([tree, '--files-from', list, '-o', piped, '--manifest', stated]));
    for (const [option, path] of [
      ['--files-from', list],
      ['--manifest', stated],
    ] as const) {
      const fifo = `${path}.fifo`;
      succeeded(await run('mkfifo', [fifo]));
      const varied = runCli(['verify', '--vary', piped, option, fifo, tree]);
      const [{ code, stdout, stderr }] = await Promise.all([varied, writeFile(fifo, readFileSync(path))]);
      assert.equal(code, 0, `${option}: ${stdout}${stderr}`);
    }
  });

  it('says that nothing matters, and leaves no copy behind', async () => {
    await ready;
    const temporary = join(work, 'vary');
    mkdirSync(temporary);
    const args = ['verify', '--vary', archive, '--manifest', manifest, tree];
    const { code, stdout, stderr } = await runCli(args, { env: { TMPDIR: temporary } });
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout.toString(), /: reproduced: /);
    for (const factor of [
      'jobs',
      'arrival of Blocks',
      'time zone',
      'locale',
      'umask',
      'order of directories',
      'path of the tree',
    ]) {
      assert.match(stdout.toString(), new RegExp(`^ {2}${factor} \\(.*\\): does not matter$`, 'm'));
    }
    assert.equal(stderr.match(/^Rebuilding with /gm)?.length, 5);
    assertHoldsOnly(temporary, []);
  });

  it('rebuilds nothing of an archive that is bad or unsupported, and tells that as verify does', {
    skip: unless('xz'),
  }, async () => {
    await ready;
    const unsupported = await xz(await tarOf(archive), '--arm64', '--lzma2=preset=1');
    const bad = damaged(bytes => bytes.subarray(0, -8));
    // Sound, and not the manifest's.
    const other = await xz(await tarOf(archive), '-1');
    for (const [path, code] of [
      [unsupported, 2],
      [bad, 1],
      [other, 1],
    ] as const) {
      const hasManifest = path === other ? [true] : [true, false];
      for (const args of hasManifest.map(has => [path, ...(has ? ['--manifest', manifest] : []), tree])) {
        for (const json of [[], ['--json']]) {
          const plain = await runCli(['verify', ...args, ...json]);
          const varied = await runCli(['verify', '--vary', ...args, ...json]);
          assert.equal(plain.code, code, plain.stderr);
          assert.deepEqual([varied.code, varied.stderr], [code, plain.stderr]);
          assert.equal(varied.stdout.toString(), plain.stdout.toString());
        }
      }
    }
  });

  it('says what matters, where something does', async () => {
    await ready;
    // A preload of ours gives the program a fault: its archives depend on the time zone.
    const fault = join(work, 'fault.mjs');
    writeFileSync(
      fault,
      `import { createRequire, syncBuiltinESMExports } from 'node:module';
const fs = createRequire(import.meta.url)('node:fs');
const original = fs.readdirSync;
if (process.env.TZ === 'America/St_Johns') {
  fs.readdirSync = (...args) => original(...args).filter(({ name }) => name !== 'told.h');
  syncBuiltinESMExports();
}
`,
    );
    const args = ['verify', '--vary', '--json', archive, '--manifest', manifest, tree];
    const { code, stdout } = await runCli(args, { env: { NODE_OPTIONS: `--import ${fault}` } });
    assert.equal(code, 1);
    const { verdict, factors, verify: plain } = JSON.parse(stdout.toString());
    assert.deepEqual([verdict, plain.verdict], ['not reproduced', 'reproduced']);
    const mattering = factors.filter(({ matters }: { matters: string[] }) => matters.length > 0);
    assert.deepEqual(
      mattering.map(({ factor, matters }: { factor: string; matters: string[] }) => [factor, matters]),
      [['time zone', ['America/St_Johns']]],
    );
  });

  it('really disturbs: directories are read in another order, files take longer to open, the umask is another', async () => {
    const disturb = new URL('../../src/cli/disturb.js', import.meta.url).href;
    const script = `
      import { readdirSync, openSync, closeSync } from 'node:fs';
      import { isMainThread, Worker, parentPort } from 'node:worker_threads';
      const time = () => {
        const start = performance.now();
        for (let i = 0; i < 300; i++) closeSync(openSync('/dev/null'));
        return performance.now() - start;
      };
      if (isMainThread) {
        const names = readdirSync(process.argv[2]).join();
        new Worker(new URL(import.meta.url)).on('message', slow => {
          console.log(JSON.stringify({ names, umask: process.umask(), slow, quick: time() }));
        });
      } else parentPort.postMessage(time());`;
    const path = join(work, 'disturbed.mjs');
    writeFileSync(path, script);
    const observe = async (
      disturbance: object,
    ): Promise<{ names: string; umask: number; slow: number; quick: number }> => {
      const env = { KHEADERS_PACK_VARY: JSON.stringify(disturbance) };
      const child = await run(process.execPath, ['--import', disturb, path, join(tree, 'include/linux')], { env });
      return JSON.parse(succeeded(child).stdout.toString());
    };
    const plain = await observe({});
    const disturbed = await observe({ umask: 0o077, directories: 1, arrivals: 1 });
    assert.equal(plain.names, readdirSync(join(tree, 'include/linux')).join());
    assert.notEqual(disturbed.names, plain.names);
    assert.deepEqual(disturbed.names.split(',').sort(), plain.names.split(',').sort());
    assert.equal(disturbed.umask, 0o077);
    // 300 openings are some six delays of up to 40 ms, in the worker alone.
    assert.ok(disturbed.slow > disturbed.quick + 20, `${disturbed.slow} ms against ${disturbed.quick} ms`);
  });
});

/** The first regular file of a manifest's entries. */
function fileOf(stated: { entries: { kind: string }[] }): { kind: string } {
  const file = stated.entries.find(({ kind }) => kind === 'regular');
  assert.ok(file !== undefined);
  return file;
}

/** An archive with Check CRC32 whose Stream Flags state another Check of its size; their own CRC32s are made right. */
function withCheckId(bytes: Buffer, id: number): Buffer {
  const footer = bytes.length - 12;
  bytes.writeUInt8(id, 7);
  bytes.writeUInt32LE(crc32(bytes.subarray(6, 8)), 8);
  bytes.writeUInt8(id, footer + 9);
  bytes.writeUInt32LE(crc32(bytes.subarray(footer + 4, footer + 10)), footer);
  return bytes;
}
