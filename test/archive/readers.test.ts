import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { generateTree } from '../../corpus/synthetic.js';
import { packed, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { sha256, snapshot } from '../support/snapshot.js';
import { substituted } from '../support/substitution.js';
import { unless } from '../support/tools.js';

/** A program that unpacks, and its command line. */
interface Reader {
  readonly name: string;
  readonly tools: readonly string[];
  readonly command: (archive: string) => readonly [string, ...string[]];
}

const READERS: readonly Reader[] = [
  { name: 'GNU tar', tools: ['tar', 'xz'], command: archive => ['tar', '-xf', archive] },
  { name: 'bsdtar', tools: ['bsdtar'], command: archive => ['bsdtar', '-xf', archive] },
  { name: 'busybox tar', tools: ['busybox'], command: archive => ['busybox', 'tar', '-xJf', archive] },
  {
    name: "Python's tarfile",
    tools: ['python3'],
    command: archive => ['python3', '-c', 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall()', archive],
  },
];

const CHECKS = { none: 'None', crc32: 'CRC32', crc64: 'CRC64', sha256: 'SHA-256' } as const;

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 200, seed: 4 });
const QUICK = ['--preset', '0', '--block-size', '64KiB', '--jobs', '2'];

/** What an archive of `tree` has to unpack to: its selection with the modes that GNU tar's --mode gives. */
function expected(strip: (bytes: Buffer) => Buffer): Record<string, string> {
  const wanted: Record<string, string> = {};
  for (const [path, what] of Object.entries(snapshot(tree))) {
    const isSelected = /^(include|arch\/x86\/include)\/.*\.h$/.test(path) && !what.startsWith('directory');
    if (!isSelected) continue;
    wanted[path] = what.startsWith('link') ? what : `file 644 ${sha256(strip(readFileSync(join(tree, path))))}`;
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) wanted[parent] = 'directory 755';
  }
  return wanted;
}

/** The archive of `tree` with these options, made once for all readers. */
function archiveWith(...options: readonly string[]): Promise<string> {
  const archive = join(work, `${options.join(' ')}.tar.xz`);
  const made = archives.get(archive) ?? packed([tree, ...QUICK, ...options], archive).then(() => archive);
  archives.set(archive, made);
  return made;
}
const archives = new Map<string, Promise<string>>();

/** An archive unpacked by a reader, the umask out of the way. */
async function unpacked(reader: Reader, archive: string): Promise<string> {
  const into = join(work, `${reader.name} ${sha256(archive).slice(0, 8)}`);
  mkdirSync(into);
  const [command, ...args] = reader.command(archive);
  succeeded(await run('sh', ['-c', 'umask 000; exec "$@"', 'sh', command, ...args], { cwd: into }));
  return into;
}

for (const reader of READERS) {
  const skip = unless(...reader.tools);

  describe(`${reader.name} unpacks`, { skip }, () => {
    for (const check of Object.keys(CHECKS)) {
      it(`an archive with --check ${check}: the files, links and modes of the stripped tree`, async () => {
        const archive = await archiveWith('--strip', 'kernel', '--check', check);
        assert.deepEqual(snapshot(await unpacked(reader, archive)), expected(substituted));
      });
    }

    it('the very bytes of the tree with --strip none, with duplicates as hard links to one file', async () => {
      const archive = await archiveWith('--strip', 'none');
      const into = await unpacked(reader, archive);
      const wanted = expected(bytes => bytes);
      assert.deepEqual(snapshot(into), wanted);
      const inodesOf = (group: readonly string[]): number[] => group.map(path => statSync(join(into, path)).ino);
      const groups = duplicates(wanted);
      assert.notEqual(groups.length, 0);
      for (const group of groups) assert.equal(new Set(inodesOf(group)).size, 1, group.join(' '));
    });

    it('a tree with --no-dedup into as many files', async () => {
      const archive = await archiveWith('--strip', 'none', '--no-dedup');
      const into = await unpacked(reader, archive);
      assert.deepEqual(
        snapshot(into),
        expected(bytes => bytes),
      );
      for (const path of duplicates(snapshot(into)).flat()) assert.equal(statSync(join(into, path)).nlink, 1, path);
    });
  });
}

/** Paths of regular files grouped by equal content of at least one byte, groups of two and more. */
function duplicates(tree: Record<string, string>): string[][] {
  const empty = sha256('');
  const groups = new Map<string, string[]>();
  for (const [path, what] of Object.entries(tree)) {
    if (what.startsWith('file') && !what.endsWith(empty)) groups.set(what, [...(groups.get(what) ?? []), path]);
  }
  return [...groups.values()].filter(group => group.length > 1);
}

describe('xz accepts the archive', { skip: unless('xz') }, () => {
  for (const [check, name] of Object.entries(CHECKS)) {
    it(`with --check ${check}: -t passes, and -lvv shows one Stream, that Check, and both sizes in each Block Header`, async () => {
      const archive = await archiveWith('--strip', 'kernel', '--check', check);
      succeeded(await run('xz', ['-t', archive]));
      const { stdout } = succeeded(await run('xz', ['-lvv', '--robot', archive]));
      const rows = stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map(line => line.split('\t'));
      const [file] = rows.filter(([kind]) => kind === 'file');
      const blocks = rows.filter(([kind]) => kind === 'block');
      assert.equal(file?.[1], '1');
      assert.equal(file?.[6], name);
      assert.equal(file?.[2], String(blocks.length));
      assert.ok(blocks.length > 10);
      // The last column but four is the Block Header's flags: c and u where it has Compressed and Uncompressed Size.
      for (const block of blocks) assert.equal(block[12], 'cu');
    });
  }

  it('with a filter of LZMA2 alone and a dictionary no larger than a Block', async () => {
    const archive = join(work, 'xz-filter.tar.xz');
    await packed([tree, '--block-size', '64KiB', '--jobs', '2'], archive);
    const { stdout } = succeeded(await run('xz', ['-lvv', '--robot', archive]));
    const blocks = stdout
      .toString()
      .split('\n')
      .filter(line => line.startsWith('block\t'));
    assert.notEqual(blocks.length, 0);
    for (const block of blocks) assert.match(block, /\t--lzma2=dict=64KiB$/);
  });
});
