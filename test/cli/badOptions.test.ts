import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { kernelTree } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { runIntoTrouble } from '../support/trouble.js';

const work = scratch({ after });
const tree = kernelTree(join(work, 'tree'));

/** Command lines, and what the one line on standard error has to say. */
type Table = readonly (readonly [args: string, expected: RegExp])[];

async function assertRefused(table: Table): Promise<void> {
  for (const [args, expected] of table) {
    const words = args.split(' ').map(word => (word === "''" ? '' : word.replace(/\bTREE$/, tree)));
    await runIntoTrouble(words, expected, { cwd: tree });
  }
  assertHoldsOnly(tree, ['.config', 'Makefile', 'arch', 'include']);
}

const VALUES: Readonly<Record<string, Table>> = {
  '--jobs': [
    ['--jobs 0', /Invalid value "0" for --jobs: expected a whole number from 1 to 512/],
    ['-j -1', /"-1" for --jobs/],
    ['-j 1.5', /"1.5" for --jobs/],
    ['-j many', /"many" for --jobs/],
    ['-j 513', /"513" for --jobs/],
    ["-j ''", /"" for --jobs/],
    ['-j', /argument missing/],
  ],
  '--block-size': [
    [
      '--block-size 0',
      /Invalid value "0" for --block-size: expected a size from 4.0 KiB to 64.0 MiB with --codec radix/,
    ],
    ['--block-size 65MiB', /"65MiB" for --block-size/],
    ['--block-size 2GiB --codec liblzma', /expected a size from 4.0 KiB to 1.00 GiB with --codec liblzma/],
    ['--block-size 4095', /"4095" for --block-size/],
    ['--block-size 2GiB', /"2GiB" for --block-size/],
    ['--block-size big', /"big" for --block-size/],
    ['--block-size 4XiB', /"4XiB" for --block-size/],
    ['--block-size 99999999999999999999', /for --block-size/],
  ],
  '--preset': [
    ['--preset 10', /Invalid value "10" for --preset: expected 0 to 9, or 0e to 9e/],
    ['--preset e', /"e" for --preset/],
    ['--preset 6x', /"6x" for --preset/],
    ["--preset ''", /"" for --preset/],
  ],
  '--lzma2': [
    ['--lzma2 lc=5', /Invalid value "5" for --lzma2 lc=: expected a whole number from 0 to 4/],
    ['--lzma2 lc=3,lp=2', /lc \+ lp of at most 4/],
    ['--lzma2 lc=3 --lzma2 lp=2', /lc \+ lp of at most 4/],
    ['--lzma2 pb=-1', /"-1" for --lzma2 pb=/],
    ['--lzma2 mode=slow', /"slow" for --lzma2 mode=: expected one of fast, normal, max/],
    ['--lzma2 mf=bt5', /"bt5" for --lzma2 mf=/],
    ['--lzma2 nice=1', /"1" for --lzma2 nice=/],
    ['--lzma2 nice=274', /"274" for --lzma2 nice=/],
    ['--lzma2 nice=3,mf=bt4 --codec liblzma', /at least 4 with mf=bt4/],
    ['--lzma2 mf=bt4', /"bt4" for --lzma2 mf=: expected radix, or --codec liblzma beside it/],
    ['--lzma2 depth=9', /"9" for --lzma2 depth=: expected 0, or --codec liblzma beside it/],
    ['--lzma2 depth=deep', /"deep" for --lzma2 depth=/],
    ['--lzma2 dict=1KiB', /"1KiB" for --lzma2 dict=/],
    ['--lzma2 dict=128MiB', /at most 64MiB, or --codec liblzma and --allow-large-dictionary/],
    ['--lzma2 dict=128MiB --codec liblzma', /at most 64MiB, which is what busybox reads, or --allow-large-dictionary/],
    ['--lzma2 dict=2GiB --allow-large-dictionary', /"2GiB" for --lzma2 dict=/],
    ['--lzma2 nonsense', /Invalid value "nonsense" for --lzma2: expected KEY=VALUE with KEY one of/],
    ['--lzma2 level=3', /Invalid value "level=3" for --lzma2/],
    ['--lzma2 preset=12', /"12" for --lzma2 preset=/],
  ],
  'options that take one of a few words': [
    ['--check md5', /Invalid value "md5" for --check: expected one of crc64, crc32, sha256, none/],
    ['--strip all', /Invalid value "all" for --strip: expected one of .*none/],
    ['--order random', /Invalid value "random" for --order: expected one of files-first, gnu, versions/],
    ['--profile some', /Invalid value "some" for --profile: expected one of headers, modules, all/],
    ['--codec zip', /Cannot run codec "zip": expected one of radix, liblzma/],
    ['--codec toString', /Cannot run codec "toString"/],
    ['--arch vax', /Cannot use architecture "vax": expected one of x86 \(choose with --arch\)/],
    ['--arch ..', /Cannot use architecture "\.\."/],
  ],
  '--mtime': [
    ['--mtime yesterday', /Cannot read the time stamp "yesterday" of --mtime: it has none of the accepted forms/],
    ['--mtime now', /"now" of --mtime/],
    ['--mtime 1700000000', /"1700000000" of --mtime/],
    ['--mtime @-1', /"@-1" of --mtime/],
    ['--mtime @8589934592', /outside 0 to 8589934591/],
    ['--mtime 2023-02-29', /no such day/],
  ],
  'the command line itself': [
    ['--frobnicate', /unknown option '--frobnicate'/],
    ['-x', /unknown option '-x'/],
    ['lsit', /Cannot use tree "lsit": no such directory, and no command either \(did you mean list\?\)/],
    ['nonsense', /Cannot use tree "nonsense": .* no command either \(kheaders-pack --help lists those\)/],
    ['pack lsit', /Cannot use tree ".*lsit": no such file or directory$/m],
    ['TREE TREE', /both are named "tree"/],
    ['.bad=TREE', /Invalid value ".bad" for a kernel's name/],
    [`${'k'.repeat(256)}=TREE`, /Invalid value "k+" for a kernel's name: expected at most 255 letters/],
    ['a=TREE b=TREE --objtree TREE', /Cannot use several TREEs with --objtree/],
    ['a=TREE b=TREE --compat', /Cannot use several TREEs with --compat/],
    ['--json=', /Invalid value "" for --json/],
    ...['--output', '--objtree', '--mtime', '--exclude', '--files-from'].map(
      option => [`${option} ''`, new RegExp(`Invalid value "" for ${option}: expected a value that`)] as const,
    ),
    ["''", /Invalid value "" for TREE/],
    ["extract k -C ''", /Invalid value "" for --directory/],
    ["verify k --manifest ''", /Invalid value "" for --manifest/],
    ["verify ''", /Invalid value "" for ARCHIVE/],
    ...['extract k', 'cache clear', 'diff k k', 'list k'].map(
      line => [`${line} --version`, /unknown option '--version'/] as const,
    ),
    ['--objtree', /argument missing/],
    ['pack --output', /argument missing/],
  ],
};

const CONFLICTS: Readonly<Record<string, Table>> = {
  '--compat with what contradicts it': [
    ['--compat --strip none', /Cannot use --compat with --strip none: it needs kernel/],
    ['--compat --profile all', /Cannot use --compat with --profile all: it needs headers/],
    ['--compat --order files-first', /Cannot use --compat with --order files-first: it needs gnu/],
    ['--compat --include *.h', /Cannot use --compat with --include/],
    ['--compat --exclude *.h', /Cannot use --compat with --exclude/],
    ['--compat --files-from list', /Cannot use --compat with --files-from/],
  ],
  '--from-tar with what concerns trees': [
    ['--from-tar a.tar TREE', /Cannot use --from-tar with TREE: the bytes of an existing tar are preserved/],
    ...['objtree .', 'arch x86', 'profile all', 'strip none', 'order gnu', 'mtime @1', 'files-from list'].map(
      option => [`--from-tar a.tar --${option}`, new RegExp(`--from-tar with --${option.split(' ')[0]}`)] as const,
    ),
    ...['compat', 'no-dedup', 'include=x', 'exclude=x'].map(
      option => [`--from-tar a.tar --${option}`, new RegExp(`--from-tar with --${option.split('=')[0]}`)] as const,
    ),
    ['--from-tar a.tar --dry-run', /Cannot use --from-tar with --dry-run/],
  ],
  'two uses of standard output, or of one file': [
    ['-o - --json', /Cannot use --json with -o -: both would use standard output \(use --json=FILE\)/],
    ['--json -o -', /Cannot use --json with -o -/],
    ['--json=- -o -', /Cannot use --json with -o -/],
    [
      '--json=k.json -o ./k.json',
      /Cannot use --json=k\.json with -o \.\/k\.json: both would be written to the same file/,
    ],
    ['--json=kheaders.tar.xz', /Cannot use --json=kheaders\.tar\.xz with -o kheaders\.tar\.xz/],
  ],
  'opposites and what makes no sense alone': [
    ['--quiet --verbose', /Cannot use --quiet with --verbose: they ask for opposite things/],
    ['-0', /Cannot use --null with no --files-from/],
    ['--files-from list --profile all', /Cannot use --files-from with --profile/],
    ['--files-from list --arch x86', /Cannot use --files-from with --arch/],
    ['--profile all --arch x86', /Cannot use --profile all with --arch/],
    ['--preset 3 --lzma2 preset=4', /Cannot use --preset with --lzma2 preset=/],
  ],
};

describe('a nonsense value is refused with one line that says what is expected:', () => {
  for (const [name, table] of Object.entries(VALUES)) it(name, () => assertRefused(table));

  it('SOURCE_DATE_EPOCH and KBUILD_BUILD_TIMESTAMP', async () => {
    for (const [env, expected] of [
      [{ SOURCE_DATE_EPOCH: '2023-01-01' }, /"2023-01-01" of SOURCE_DATE_EPOCH: it has to be decimal digits/],
      [{ SOURCE_DATE_EPOCH: '-1' }, /"-1" of SOURCE_DATE_EPOCH/],
      [{ SOURCE_DATE_EPOCH: '99999999999' }, /outside 0 to 8589934591/],
      [{ KBUILD_BUILD_TIMESTAMP: 'today', SOURCE_DATE_EPOCH: '1' }, /"today" of KBUILD_BUILD_TIMESTAMP/],
    ] as const) {
      await runIntoTrouble([tree, '-o', join(work, 'out')], expected, { env });
    }
    assertHoldsOnly(work, ['tree']);
  });
});

describe('options that contradict each other are refused with one line that names both:', () => {
  for (const [name, table] of Object.entries(CONFLICTS)) it(name, () => assertRefused(table));
});
