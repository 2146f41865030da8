import assert from 'node:assert/strict';
import { cpSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type DiffReport, diff, type Progress } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { namesOf, packed, succeeded, tarOf } from '../support/archive.js';
import { type ChildOptions, PROGRAM, run, runCli } from '../support/cli.js';
import { xz } from '../support/hostile.js';
import { kernelTree, type Made, noise, writeFiles } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { gnuEntry, PIXZ_INDEX, paxHeader, tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 70, seed: 41 });
writeFiles(tree, {
  'include/linux/told.h': '/* SPDX-License-Identifier: GPL-2.0 */\n/* before */\n#define TOLD 1\n',
  'include/linux/same-1.h': '#define SAME 1\n',
  'include/linux/same-2.h': '#define SAME 1\n',
  'include/generated/compile.h':
    '#define UTS_MACHINE "x86_64"\n#define LINUX_COMPILE_BY "alice"\n#define LINUX_COMPILE_HOST "one"\n#define LINUX_COMPILER "gcc"\n',
  'include/generated/autoconf.h': '#define CONFIG_SMP 1\n#define CONFIG_HZ 250\n',
});
const QUICK = ['--preset', '0', '--block-size', '64KiB', '--arch', 'x86', '--strip', 'none'];
let count = 0;

async function archiveOf(root: string, ...args: string[]): Promise<string> {
  const archive = join(work, `${++count}.tar.xz`);
  await packed([root, ...QUICK, ...args], archive);
  return archive;
}

/** A copy of the tree with some files changed. */
function changedTree(files: Readonly<Record<string, Made>>, removed: readonly string[] = []): string {
  const copy = join(work, `tree-${++count}`);
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  for (const path of Object.keys(files)) rmSync(join(copy, path), { force: true });
  for (const path of removed) rmSync(join(copy, path));
  return writeFiles(copy, files);
}

const base = archiveOf(tree);

interface Said {
  readonly code: number | null;
  readonly lines: string[];
  readonly text: string;
  readonly report: DiffReport;
}

async function differ(a: string, b: string, args: readonly string[] = [], options: ChildOptions = {}): Promise<Said> {
  const [told, json] = await Promise.all([
    runCli(['diff', a, b, ...args], options),
    runCli(['diff', a, b, '--json', ...args], options),
  ]);
  assert.equal(told.stderr, '');
  assert.equal(json.code, told.code);
  const text = told.stdout.toString('latin1');
  return { code: told.code, text, lines: text.split('\n'), report: JSON.parse(json.stdout.toString()) };
}

/** Asserts what the first lines say, in order, and that no other cause is told. */
function assertCauses({ code, lines, report }: Said, ...expected: RegExp[]): void {
  assert.equal(code, 1);
  const told = lines.slice(0, lines.indexOf(''));
  assert.match(told[0] ?? '', /^Different: /);
  assert.equal(told.length, expected.length, told.join('\n'));
  for (const [i, pattern] of expected.entries()) {
    assert.match(told[i] ?? '', pattern);
    assert.match(report.causes[i]?.text ?? '', pattern);
  }
}

const SAME_TAR = /compression alone: the tar inside is the same, byte for byte$/;

describe('diff names the cause in its first lines:', () => {
  it('nothing: the archives are the same', async () => {
    const { code, lines, report } = await differ(await base, await archiveOf(tree, '--jobs', '3'));
    assert.equal(code, 0);
    assert.match(lines[0] ?? '', /^Same, byte for byte: /);
    assert.deepEqual([report.verdict, report.causes], ['same', []]);
  });

  it('nothing, without decoding the same bytes twice', async () => {
    const [a, b] = [await base, await archiveOf(tree)];
    const decoded = async (other: string): Promise<[DiffReport, number]> => {
      let times = 0;
      const onProgress = ({ bytes, totalBytes }: Progress): void => void (bytes === totalBytes && times++);
      return [await diff(a, other, { onProgress }), times];
    };
    const [same, once] = await decoded(b);
    assert.deepEqual([same.verdict, same.a.name, same.b], ['same', a, { ...same.a, name: b }]);
    const [recompressed, twice] = await decoded(await archiveOf(tree, '--check', 'crc32'));
    assert.deepEqual([once, recompressed.verdict, twice], [1, 'other compression', 2]);
  });

  it('a changed comment in one header', async () => {
    const files = { 'include/linux/told.h': '/* SPDX-License-Identifier: GPL-2.0 */\n/* after */\n#define TOLD 1\n' };
    const said = await differ(await base, await archiveOf(changedTree(files)));
    assertCauses(said, /\.\/include\/linux\/told\.h changed in comments only \(a compiler sees the same tokens\)$/);
    assert.match(said.text, /^--- A\/include\/linux\/told\.h\n\+\+\+ B\/include\/linux\/told\.h\n@@ -1,3 \+1,3 @@$/m);
    assert.match(said.text, /^-\/\* before \*\/\n\+\/\* after \*\/$/m);
    assert.equal(said.report.contents.changed, 1);
    // One Block is another, and it is not told as a cause.
    assert.equal(said.report.container.blocksOnlyInA.length, 1);
  });

  it("a link's other target, and nothing beside it", async () => {
    const to = (target: string): string => changedTree({ 'include/linux/link.h': { linkTo: target } });
    const said = await differ(await archiveOf(to('told.h')), await archiveOf(to('same-1.h')));
    assertCauses(said, /linkname of \.\/include\/linux\/link\.h: told\.h -> same-1\.h$/);
  });

  it("zeros behind the last entry, and pixz's index there", { skip: unless('xz') }, async () => {
    const tar = tarOfParts({ name: 'a', content: 'a' });
    const xzOf = (name: string, ...behind: Buffer[]): string => {
      const path = join(work, name);
      writeFileSync(path, xz(Buffer.concat([tar, ...behind])));
      return path;
    };
    const [short, padded, indexed] = [
      xzOf('short.tar.xz'),
      xzOf('padded.tar.xz', Buffer.alloc(8192)),
      xzOf('indexed.tar.xz', PIXZ_INDEX),
    ];
    assertCauses(await differ(short, padded), /1,024 bytes behind the last entry in A, 9,216 bytes in B \(zeros, or /);
    // What pax headers hold moves all that follows.
    const told = (comment: string): string => {
      const path = join(work, `pax-${comment.length}.tar.xz`);
      writeFileSync(path, xz(tarOfParts(paxHeader({ comment }), { name: 'a', content: 'a' })));
      return path;
    };
    assertCauses(
      await differ(told('a'), told('b'.repeat(900))),
      /tar headers or padding differ in what is not compared/,
    );
    assertCauses(await differ(indexed, short), /1,051 bytes behind the last entry in A, 1,024 bytes in B \(zeros, or /);
  });

  it('the strip mode that one manifest states, where an archive could be of several', async () => {
    const files = Object.fromEntries([1, 2, 3, 4].map(i => [`include/linux/s${i}.h`, `#define S${i} 1 /* ${i} */\n`]));
    const root = kernelTree(join(work, 'stripped'), files);
    const [stated, other] = [
      await archiveOf(root, '--strip', 'comments', '--manifest', `${work}/s.json`),
      await archiveOf(root),
    ];
    for (const args of [['--manifest-a', `${work}/s.json`], []]) {
      const { report } = await differ(stated, other, args);
      const mode = args.length === 0 ? 'tokens' : 'comments';
      assert.deepEqual(report.settings.find(({ setting }) => setting === '--strip')?.from, mode);
    }
  });

  it('a changed SPDX line, which is a comment as well', async () => {
    const files = { 'include/linux/told.h': '/* SPDX-License-Identifier: MIT */\n/* before */\n#define TOLD 1\n' };
    assertCauses(await differ(await base, await archiveOf(changedTree(files))), /told\.h changed in comments only/);
  });

  it('white space, and code', async () => {
    const head = '/* SPDX-License-Identifier: GPL-2.0 */\n/* before */\n';
    const blank = await archiveOf(changedTree({ 'include/linux/told.h': `${head}#define  TOLD\t1\n` }));
    assertCauses(await differ(await base, blank), /told\.h changed in white space only$/);
    const code = await archiveOf(changedTree({ 'include/linux/told.h': `${head}#define TOLD 2\n` }));
    assertCauses(await differ(await base, code), /told\.h changed$/);
  });

  it('a changed setting, by its name: in the archive itself, or in the manifests', async () => {
    assertCauses(
      await differ(await base, await archiveOf(tree, '--check', 'crc32')),
      SAME_TAR,
      /compression settings: --check: crc64 -> crc32$/,
    );
    assertCauses(
      await differ(await base, await archiveOf(tree, '--block-size', '96KiB')),
      SAME_TAR,
      /compression settings: --block-size: 64KiB -> 96KiB, --lzma2 dict: 64KiB -> 96KiB$/,
    );
    assertCauses(
      await differ(await base, await archiveOf(tree, '--lzma2', 'lc=3,pb=1')),
      SAME_TAR,
      /--lzma2 lc: 4 -> 3, --lzma2 pb: 0 -> 1$/,
    );
    assertCauses(await differ(await base, await archiveOf(tree, '--order', 'gnu')), /--order: files-first -> gnu$/);
    assertCauses(await differ(await base, await archiveOf(tree, '--no-dedup')), /dedup: yes -> no$/);
    for (const strip of ['comments', 'tokens', 'kernel']) {
      const said = await differ(await base, await archiveOf(tree, '--strip', strip));
      assert.match(said.lines[0] ?? '', new RegExp(`^Different: --strip: none -> ${strip}$`));
    }
    const [a, b] = [join(work, 'a.json'), join(work, 'b.json')];
    const first = await archiveOf(tree, '--manifest', a);
    const second = await archiveOf(tree, '--lzma2', 'nice=200', '--manifest', b);
    // The archives do not say it; a manifest does.
    assertCauses(
      await differ(first, second),
      SAME_TAR,
      /another encoder, version of it, or an option that an archive does not state/,
    );
    assertCauses(
      await differ(first, second, ['--manifest-a', a, '--manifest-b', b]),
      SAME_TAR,
      /--lzma2 nice: 32 -> 200$/,
    );
  });

  it('another architecture, and not that its headers come and go', async () => {
    const both = changedTree({ 'arch/arm64/include/asm/only.h': '#define ONLY 1\n' });
    const [a, b] = [join(work, 'x86.json'), join(work, 'arm64.json')];
    const x86 = await archiveOf(both, '--manifest', a);
    const arm64 = await archiveOf(both, '--arch', 'arm64', '--manifest', b);
    assertCauses(await differ(x86, arm64), /--arch: x86 -> arm64$/);
    assertCauses(await differ(x86, arm64, ['--manifest-a', a, '--manifest-b', b]), /--arch: x86 -> arm64$/);
  });

  it('a changed mtime: of all entries, or of one', { skip: unless('tar', 'xz') }, async () => {
    assertCauses(
      await differ(await base, await archiveOf(tree, '--mtime', '@1700000000')),
      /--mtime: 0 -> 1700000000$/,
    );
    const [all, one] = [await remade([]), await remade(['include/linux/told.h'])];
    assertCauses(await differ(all, one), /mtime of \.\/include\/linux\/told\.h: 0 -> 86400$/);
    const posix = async (time: string): Promise<string> =>
      remade([], undefined, {}, ['--format=posix', `--mtime=@${time}`]);
    assertCauses(await differ(await posix('5.25'), await posix('5.75')), /--mtime: 5.25 -> 5.75$/);
  });

  it("another xz's archive of the same tar", { skip: unless('xz') }, async () => {
    const tar = await tarOf(await base);
    for (const [options, expected] of [
      [
        ['-6'],
        /compression settings: (--block-size: 64KiB -> .*, )?--lzma2 dict: 64KiB -> 8MiB, --lzma2 lc: 4 -> 3, --lzma2 pb: 0 -> 2$/,
      ],
      [
        ['--lzma2=dict=64KiB,lc=4,pb=0,mf=bt4,nice=273'],
        /another container: Blocks \d+ -> 1, sizes in the Block Headers both -> none$/,
      ],
    ] as const) {
      const other = join(work, `${++count}.tar.xz`);
      writeFileSync(other, succeeded(await run('xz', [...options, '-c'], { input: tar })).stdout);
      assertCauses(await differ(await base, other), SAME_TAR, expected);
      assert.equal((await differ(other, await base)).report.verdict, 'other compression');
    }
  });

  it('a shuffled order', { skip: unless('tar', 'xz') }, async () => {
    const said = await differ(await remade([]), await remade([], names => names.reverse()));
    assertCauses(
      said,
      /the same entries in another order: \d+ entries moved \(A: files-first, B: none of ours\); first \.\/ against /,
    );
    assert.equal(said.report.contents.changed, 0);
    const two = await differ(await remade([]), await remade([], ([a = '', b = '', ...rest]) => [b, a, ...rest]));
    assertCauses(two, /the same entries in another order: 1 entry moved/);
  });

  it('KBUILD_BUILD_USER and KBUILD_BUILD_HOST for compile.h', async () => {
    const compile = readFileSync(join(tree, 'include/generated/compile.h'), 'utf8');
    const files = { 'include/generated/compile.h': compile.replace('alice', 'bob').replace('"one"', '"two"') };
    const said = await differ(await base, await archiveOf(changedTree(files)));
    assertCauses(
      said,
      /KBUILD_BUILD_USER: LINUX_COMPILE_BY "alice" -> "bob"; KBUILD_BUILD_HOST: LINUX_COMPILE_HOST "one" -> "two" \(\.\/include\/generated\/compile\.h\)$/,
    );
  });

  it('the kernel configuration for autoconf.h', async () => {
    const files = { 'include/generated/autoconf.h': '#define CONFIG_SMP 1\n#define CONFIG_HZ 1000\n' };
    const said = await differ(await base, await archiveOf(changedTree(files)));
    assertCauses(said, /kernel configuration: CONFIG_HZ 250 -> 1000 \(\.\/include\/generated\/autoconf\.h\)$/);
  });

  it('utsversion.h, which gen_kheaders.sh archives where it exists', { skip: unless('tar', 'xz') }, async () => {
    const with1 = await remade([], undefined, { 'include/generated/utsversion.h': '#define UTS_VERSION "#1"\n' });
    const with2 = await remade([], undefined, { 'include/generated/utsversion.h': '#define UTS_VERSION "#2"\n' });
    assertCauses(
      await differ(await remade([]), with1),
      /only in B: \.\/include\/generated\/utsversion\.h \(the build's number and time: gen_kheaders\.sh archives it/,
    );
    assertCauses(
      await differ(with1, with2),
      /KBUILD_BUILD_TIMESTAMP or KBUILD_BUILD_VERSION: UTS_VERSION "#1" -> "#2"/,
    );
  });

  it('files that come and go, and what else changed with them', async () => {
    const files = { 'include/linux/new.h': 'new\n', 'include/linux/told.h': '#define TOLD 3\n' };
    const said = await differ(await base, await archiveOf(changedTree(files, ['include/linux/same-1.h'])));
    // That same-2.h is no hard link any more follows from same-1.h's going.
    assertCauses(
      said,
      /only in A: \.\/include\/linux\/same-1\.h$/,
      /only in B: \.\/include\/linux\/new\.h$/,
      /told\.h changed$/,
    );
  });

  it('an entry that one has more often', { skip: unless('tar', 'xz') }, async () => {
    const twice = await remade([], names => [...names, './include/linux/told.h']);
    const said = await differ(await remade([]), twice);
    assertCauses(said, /more often in B: \.\/include\/linux\/told\.h$/);
    assert.match(said.text, /^ {2}more often in B: \.\/include\/linux\/told\.h$/m);
    const { stdout } = await runCli(['verify', twice, tree, ...QUICK.slice(-4)]);
    assert.match(stdout.toString(), /^ {2}"\.\/include\/linux\/told\.h" is in the archive more often$/m);
  });

  it('modes and owners', { skip: unless('tar', 'xz') }, async () => {
    const said = await differ(await remade([]), await remade([], undefined, {}, ['--owner=7', '--mode=u=rwx,go=r']));
    assert.match(said.text, /mode of .*: 0644 -> 0744$/m);
    assert.match(said.text, /uid of all entries: 0 -> 7$/m);
  });
});

describe('diff does not leave out', () => {
  it('that a symbolic link leads elsewhere, where contents changed as well', async () => {
    const before = changedTree({ 'include/linux/l.h': { linkTo: 'told.h' } });
    const after = changedTree({
      'include/linux/l.h': { linkTo: 'other.h' },
      'include/linux/told.h': '#define TOLD 2\n',
    });
    assertCauses(
      await differ(await archiveOf(before), await archiveOf(after)),
      /told\.h changed$/,
      /linkname of \.\/include\/linux\/l\.h: told\.h -> other\.h$/,
    );
  });

  it('what else differs where names begin with ./ in one of them alone', { skip: unless('tar', 'xz') }, async () => {
    const directory = join(work, 'named');
    writeFiles(directory, { 'd/a.h': 'a\n', 'd/b.h': 'b\n', 'd/c.h': 'c\n' });
    linkSync(join(directory, 'd/c.h'), join(directory, 'd/linked.h'));
    const tarOf = async (name: string): Promise<string> => {
      const archive = join(work, `${++count}.tar.xz`);
      const options = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--mode=u=rwX,go=rX'];
      succeeded(await run('tar', [...options, '-cJf', archive, '-C', directory, name]));
      return archive;
    };
    const bare = await tarOf('d');
    assertCauses(await differ(await tarOf('.'), bare), /names begin with \.\/ in A, and in the other they do not$/);
    writeFiles(directory, { 'd/a.h': 'A\n' });
    const said = await differ(bare, await tarOf('.'));
    assertCauses(said, /\.\/d\/a\.h changed$/, /names begin with \.\/ in B, and in the other they do not$/);
    assert.deepEqual([said.report.onlyA, said.report.onlyB, said.report.contents.changed], [[], [], 1]);
  });

  it('that a changed strip mode need not be all that changed', async () => {
    const files = (last: number): Readonly<Record<string, Made>> =>
      Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [
          `include/linux/n${1000 + i}.h`,
          `/* ${i} */\n#define N${i} ${i === 299 ? last : 0}\n`,
        ]),
      );
    const [before, after] = [changedTree(files(0)), changedTree(files(1))];
    const said = await differ(await archiveOf(before), await archiveOf(after, '--strip', 'tokens'));
    assertCauses(
      said,
      /--strip: none -> tokens$/,
      /\d+ more files changed as --strip may change them, not looked into$/,
    );
  });
});

describe('diff', () => {
  it('shows as many files and lines as it is asked for, and counts the rest', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `#define L${i} 1\n\n\n\n\n\n\n\n`);
    const before = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [`include/linux/many-${i}.h`, lines.join('')]),
    );
    const later = Object.fromEntries(Object.entries(before).map(([path, text]) => [path, text.replaceAll(' 1', ' 2')]));
    const [a, b] = [
      await archiveOf(changedTree(before), '--no-dedup'),
      await archiveOf(changedTree(later), '--no-dedup'),
    ];
    const few = await differ(a, b, ['--limit', '2', '--lines', '10']);
    assert.equal(few.text.match(/^--- A/gm)?.length, 2);
    assert.match(few.text, /^\.\.\. \d{3} more lines \(--lines shows more\)$/m);
    assert.match(few.text, /^Contents: 8 files$/m);
    const all = await differ(a, b, ['--limit', 'all', '--lines', 'all']);
    assert.equal(all.text.match(/^--- A/gm)?.length, 8);
    assert.equal(all.text.match(/^\+#define/gm)?.length, 8 * 60);
    const none = await differ(a, b, ['--limit', '0']);
    assert.doesNotMatch(none.text, /^--- A/m);
    assert.match(none.text, /many-0\.h: [\d,]+ bytes -> [\d,]+ bytes \(code\)$/m);
  });

  it('says why a file is not shown, and advises no option that cannot help', async () => {
    const lines = (count: number, word: string): string =>
      Array.from({ length: count }, (_, i) => `${word}${i}\n`).join('');
    const files = (word: string): Record<string, string> => ({
      'include/linux/bin.h': `\0${word}`,
      'include/linux/large.h': `${noise(2 ** 20, 3)}${word}\n`,
      'include/linux/lines.h': lines(2_001, word),
      ...Object.fromEntries(Array.from({ length: 260 }, (_, i) => [`include/linux/many/${i}.h`, `${word} ${i}\n`])),
    });
    const [a, b] = [await archiveOf(changedTree(files('a'))), await archiveOf(changedTree(files('b')))];
    const all = await differ(a, b, ['--limit', 'all']);
    assert.equal(all.report.contents.changed, 263);
    assert.match(all.text, /^ {2}\S*\/bin\.h: 2 bytes -> 2 bytes \(binary\)$/m);
    assert.match(all.text, /^ {2}\S*\/large\.h: .* bytes \(larger than 1 MiB\)$/m);
    assert.match(all.text, /^ {2}\S*\/lines\.h: .* bytes \(code, more than 4000 changed lines\)$/m);
    assert.match(all.text, /^ {2}\S*\/many\/\d+\.h: .* bytes \(beyond 256 files\)$/m);
    const counts = new Map<string | null, number>();
    for (const { diff: shown, notShown } of all.report.contents.files) {
      counts.set(notShown, (counts.get(notShown) ?? 0) + 1);
      assert.equal(shown === null, notShown !== null);
    }
    assert.deepEqual(Object.fromEntries(counts), {
      null: 254,
      binary: 1,
      'file size': 1,
      files: 6,
      'changed lines': 1,
    });
    assert.doesNotMatch(all.text, /--limit/);
    assert.match((await differ(a, b)).text, /^ {2}\.\.\. and \d+ more files \(--limit shows more\)$/m);
    // More than 10 that no option would show.
    const binaries = (word: string): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`include/linux/bin-${i}.h`, `\0${word}${i}`]));
    const binary = await differ(
      await archiveOf(changedTree(binaries('a'))),
      await archiveOf(changedTree(binaries('b'))),
    );
    assert.match(binary.text, /^ {2}\.\.\. and 2 more files \(--json names them all\)$/m);
  });

  it('is safe with bytes that are no text, and lets none of them reach a terminal', async () => {
    const a = await archiveOf(changedTree({ 'include/linux/bin.h': 'a\0\x01\n', 'include/linux/esc.h': 'x\n' }));
    const b = await archiveOf(
      changedTree({ 'include/linux/bin.h': 'b\0\x01\n', 'include/linux/esc.h': '\x1b[31m\xff\n' }),
    );
    const { text } = await differ(a, b);
    assert.match(text, /bin\.h changed \(no text\)$/m);
    assert.match(text, /^\+\\x1b\[31m\\xff$/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\xff]/);
  });

  it('tells a control character from its escape spelled out, and leaves lines without any as they are', async () => {
    const spelled = ['#define E "\\x1b"', '#define R a\\r', '#define T\tt \\u{202e}'];
    const real = ['#define E "\x1b"', '#define R a\r', '#define T\tt \xe2\x80\xae', '\\\x1b\\x1b'];
    const files = (lines: readonly string[]) => ({ 'include/linux/esc.h': lines.map(line => `${line}\n`).join('') });
    const [a, b] = [await archiveOf(changedTree(files(spelled))), await archiveOf(changedTree(files(real)))];
    const { report, lines } = await differ(a, b);
    const [header, ...shown] = report.contents.files[0]?.diff ?? [];
    assert.equal(header, '@@ -1,3 +1,4 @@');
    assert.deepEqual(
      shown.filter(line => line.startsWith('-')),
      spelled.map(line => `-${line}`),
    );
    const remark = shown.at(-1) ?? '';
    assert.match(remark, /^\\ Escaped in the 4 lines above: /);
    const escaped = ['+#define E "\\x1b"', '+#define R a\\r', '+#define T\tt \\u{202e}', '+\\\\\\x1b\\\\x1b'];
    assert.deepEqual(shown.slice(3), [...escaped, remark]);
    const at = lines.indexOf(remark);
    assert.deepEqual(lines.slice(at - 4, at + 1), shown.slice(3));
    // A remark is no line of the file: with few lines it stays behind its line.
    const few = await differ(a, b, ['--lines', '5']);
    const one = remark.replace('the 4 lines', 'the line');
    assert.deepEqual(few.report.contents.files[0]?.diff, [header, ...shown.slice(0, 4), one]);
    assert.equal(few.report.contents.files[0]?.linesLeft, 3);
  });

  it('is coloured on a terminal only, and not with NO_COLOR', { skip: unless('script') }, async () => {
    const other = await archiveOf(tree, '--check', 'none');
    const inTerminal = async (env: Record<string, string>): Promise<string> => {
      const command = [process.execPath, PROGRAM, 'diff', await base, other].map(word => `'${word}'`).join(' ');
      const options = { env: { TERM: 'xterm', ...env }, cwd: process.cwd() };
      return (await run('script', ['-qec', command, '/dev/null'], options)).stdout.toString('latin1');
    };
    assert.ok((await inTerminal({})).includes('\x1b[31mDifferent:\x1b['));
    assert.ok((await inTerminal({ CI: 'true' })).includes('\x1b[31mDifferent:\x1b['));
    assert.ok(!(await inTerminal({ TERM: 'dumb' })).includes('\x1b[31m'));
    assert.ok(!(await inTerminal({ NO_COLOR: '1' })).includes('\x1b[31m'));
    assert.ok(!(await differ(await base, other)).text.includes('\x1b'));
  });

  it('takes the manifest that lies beside an archive, where it is of that archive', async () => {
    const [a, b] = [join(work, 'beside-a.tar.xz'), join(work, 'beside-b.tar.xz')];
    renameSync(await archiveOf(tree, '--manifest', `${a}.manifest.json`), a);
    renameSync(await archiveOf(tree, '--lzma2', 'nice=200', '--manifest', `${b}.manifest.json`), b);
    assertCauses(await differ(a, b), SAME_TAR, /--lzma2 nice: 32 -> 200$/);
    cpSync(`${b}.manifest.json`, `${a}.manifest.json`);
    const { stderr, stdout } = await runCli(['diff', a, b]);
    assert.match(stderr, /^Passed over ".*beside-a\.tar\.xz\.manifest\.json": it is of another archive\n$/);
    assert.match(stdout.toString(), /no manifest, so settings as far as it shows them/);
    const expected = /Cannot use manifest ".*": it is of another archive than ".*"$/;
    await runIntoTrouble(['diff', a, b, '-q', '--manifest-a', `${b}.manifest.json`], expected);
  });

  it('passes over what lies beside an archive and is no regular file', { skip: unless('mkfifo') }, async () => {
    const [a, b] = [join(work, 'fifo-a.tar.xz'), join(work, 'fifo-b.tar.xz')];
    for (const path of [a, b]) cpSync(await base, path);
    succeeded(await run('mkfifo', [`${a}.manifest.json`]));
    mkdirSync(`${b}.manifest.json`);
    const { code, stderr } = await runCli(['diff', a, b]);
    const told = [a, b].map(path => `Passed over "${path}.manifest.json": it is no regular file\n`);
    assert.deepEqual([code, stderr], [0, told.join('')]);
  });

  it('answers with its exit code alone when it is asked to be quiet', async () => {
    const other = await archiveOf(tree, '--mtime', '@5');
    for (const [b, code] of [
      [await base, 0],
      [other, 1],
    ] as const) {
      const ended = await runCli(['diff', '-q', await base, b]);
      assert.deepEqual([ended.code, ended.stdout.length, ended.stderr], [code, 0, '']);
    }
  });

  it('cannot compare what is damaged, missing or a pipe', async () => {
    const bad = join(work, 'bad.tar.xz');
    const bytes = readFileSync(await base);
    bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
    writeFileSync(bad, bytes);
    const ended = await runCli(['diff', await base, bad]);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /^kheaders-pack: Bad archive ".*bad\.tar\.xz": /);
    await runIntoTrouble(
      ['diff', await base, join(work, 'missing')],
      /Cannot read ".*missing": no such file or directory$/,
    );
    await runIntoTrouble(['diff', await base, '-'], /expected a file: a comparison reads an archive more than once$/);
    await runIntoTrouble(['diff', await base, await base, '--limit', 'some'], /Invalid value "some" for --limit/);
  });

  it('and verify with a manifest hold no more names than the memory limit has room for', {
    skip: unless('xz'),
  }, async () => {
    // 64 names of 1 MB take 12 KB of .xz.
    const long = Array.from({ length: 64 }, (_, i) => gnuEntry({ name: `./${i}${'n'.repeat(1_000_000)}` }));
    const archive = join(work, 'names.tar.xz');
    writeFileSync(archive, xz(tarOfParts(...long), '-0'));
    const manifest = join(work, 'names.json');
    await archiveOf(tree, '--manifest', manifest);
    const expected = /it needs \d+ bytes of memory, 67108864 are allowed/;
    await runIntoTrouble(['diff', archive, await base, '--memory-limit', '64MiB'], expected);
    await runIntoTrouble(['verify', archive, '--manifest', manifest, '--memory-limit', '64MiB'], expected);
    succeeded(await runCli(['verify', archive, '--memory-limit', '64MiB']));
  });
});

/** The base archive's files packed by GNU tar and xz: in its order, with times, order, files or options changed. */
async function remade(
  late: readonly string[],
  reorder: (names: string[]) => string[] = names => names,
  more: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<string> {
  const place = join(work, `unpacked-${++count}`);
  mkdirSync(place);
  succeeded(await run('tar', ['-xf', await base, '-C', place]));
  writeFiles(place, more);
  succeeded(
    await run('touch', ['-h', '-d', '@0', ...(await namesOf(await base)), ...Object.keys(more)], { cwd: place }),
  );
  for (const path of late) succeeded(await run('touch', ['-d', '@86400', path], { cwd: place }));
  const names = [...reorder(await namesOf(await base)), ...Object.keys(more).map(path => `./${path}`)];
  const list = `${names.join('\n')}\n`;
  const fixed = ['--no-recursion', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rw,go=r,a+X', '--format=gnu'];
  const archive = join(work, `${++count}.tar.xz`);
  succeeded(await run('tar', [...fixed, ...options, '-C', place, '-T', '-', '-cJf', archive], { input: list }));
  return archive;
}
