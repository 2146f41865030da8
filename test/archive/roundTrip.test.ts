import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { pack } from 'kheaders-pack';
import { namesOf, succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { kernelTree, type Made } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { unless } from '../support/tools.js';

/** Byte strings that names are made of: what sorts around the slash, what is not UTF-8, what needs quoting, long ones. */
const PIECES = [
  'a',
  'b',
  'B',
  '-',
  '.',
  '+',
  ' ',
  '\n',
  '\t',
  '\\',
  '"',
  '*',
  '\x01',
  '\x7f',
  '\xff',
  '\xc3\xa9',
  '0',
  'n'.repeat(101),
];
const NAME_MAX = 250;

const name = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 })
  .map(pieces => pieces.join('').slice(0, NAME_MAX))
  .filter(text => text !== '.' && text !== '..');
const path = fc
  .tuple(fc.array(name, { maxLength: 4 }), name)
  .map(([directories, base]) => [...directories, `${base}.h`].join('/'));
const made: fc.Arbitrary<Made> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', '\n', '#define A 1\n', '/* kept */\n', '\0\xff', 'x'.repeat(512)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 3000 }).map(bytes => Buffer.from(bytes)) },
  { weight: 2, arbitrary: fc.array(name, { minLength: 1, maxLength: 3 }).map(parts => ({ linkTo: parts.join('/') })) },
);
const files = fc
  .array(fc.tuple(fc.constantFrom('include', 'arch/x86/include'), path, made), { minLength: 1, maxLength: 25 })
  .map(chosen => withoutClashes(chosen.map(([top, inside, what]) => [`${top}/${inside}`, what])));

/** The files that can be in one tree: no path twice, and none below another. */
function withoutClashes(chosen: readonly (readonly [string, Made])[]): Record<string, Made> {
  const kept: Record<string, Made> = {};
  for (const [at, what] of chosen) {
    const clashes = (other: string): boolean =>
      other === at || other.startsWith(`${at}/`) || at.startsWith(`${other}/`);
    if (!Object.keys(kept).some(clashes)) kept[at] = what;
  }
  return kept;
}

const work = scratch({ after });
let trees = 0;

/** A tree of these files and nothing else that is archived. */
function newTree(headers: Readonly<Record<string, Made>>): string {
  trees++;
  return kernelTree(join(work, `tree-${trees}`), headers);
}

async function unpacked(archive: string): Promise<Record<string, string>> {
  const into = `${archive}.unpacked`;
  succeeded(await run('sh', ['-c', 'mkdir "$1" && tar -xf "$2" -C "$1"', 'sh', into, archive]));
  return snapshot(into, { modes: false });
}

/** What of a hand-made tree is archived: all but the files at its top. */
function archived(tree: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(tree, { modes: false })).filter(([at]) => at !== 'Makefile' && at !== '.config'),
  );
}

/** The names that GNU tar gives the same tree. */
async function gnuNames(tree: string): Promise<string[]> {
  const tar = `${tree}.tar`;
  const left = ['--exclude=./Makefile', '--exclude=./.config'];
  succeeded(await run('tar', ['--sort=name', ...left, '-cf', tar, '-C', tree, '.'], { env: { LC_ALL: 'C' } }));
  return namesOf(tar);
}

describe('an archive unpacked again', { skip: unless('tar', 'xz', 'sh') }, () => {
  it('is the tree that was packed, whatever names, contents and links it has', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom('4KiB', '4MiB'), fc.boolean(), async (headers, blockSize, dedup) => {
        const tree = newTree(headers);
        const archive = `${tree}.tar.xz`;
        await pack({
          trees: [tree],
          strip: 'none',
          order: 'gnu',
          output: archive,
          blockSize,
          dedup,
          preset: '0',
          jobs: 1,
        });
        assert.deepEqual(await unpacked(archive), archived(tree));
        assert.deepEqual(await namesOf(archive), await gnuNames(tree));
      }),
      { numRuns: 25 },
    );
  });

  it('has paths of 100, 101, 255, 256 and over 1000 bytes, as files and as link targets', async () => {
    const directory = `include/${'d'.repeat(200)}/`;
    const of = (length: number): string => `${'include/'.padEnd(length - './'.length - '.h'.length, 'n')}.h`;
    const far = `${`include/${'deep/'.repeat(200)}`}x.h`;
    const headers: Record<string, Made> = { [far]: 'far\n' };
    for (const length of [99, 100, 101, 102, 200]) headers[of(length)] = `${length}\n`;
    for (const length of [253, 254, 255, 256, 257, 300]) {
      headers[`${directory}${'n'.repeat(length - directory.length - './'.length - '.h'.length)}.h`] = `${length}\n`;
    }
    for (const length of [99, 100, 101, 255, 256, 1000])
      headers[`include/link-${length}.h`] = { linkTo: 't'.repeat(length) };
    const tree = newTree(headers);
    await pack({ trees: [tree], strip: 'none', order: 'gnu', output: `${tree}.tar.xz`, preset: '0', jobs: 1 });
    assert.deepEqual(await unpacked(`${tree}.tar.xz`), archived(tree));
    const lengths = new Set((await namesOf(`${tree}.tar.xz`)).map(({ length }) => length));
    for (const length of [99, 100, 101, 102, 255, 256, 257]) assert.ok(lengths.has(length), String(length));
  });

  it("keeps GNU tar's order around the slash: a directory stands where its bare name does", async () => {
    const sources = ['a', 'a-b', 'a.b', 'a0', 'A', 'a+'].flatMap(stem => [`${stem}.h`, `${stem}/x.h`, `${stem}/y/z.h`]);
    const tree = newTree(Object.fromEntries(sources.map(source => [`include/${source}`, `${source}\n`])));
    await pack({ trees: [tree], order: 'gnu', output: `${tree}.tar.xz`, preset: '0', jobs: 1 });
    const names = await namesOf(`${tree}.tar.xz`);
    assert.deepEqual(names, await gnuNames(tree));
    const inside = names.filter(text => /^\.\/include\/a(\/|-b\/|\.h)$/.test(text));
    assert.deepEqual(inside, ['./include/a/', './include/a-b/', './include/a.h']);
  });

  it('has the files of a directory before its subdirectories with --order files-first, and the same files', async () => {
    const tree = newTree({
      'include/a/x.h': 'x\n',
      'include/b.h': 'b\n',
      'include/b/y.h': 'y\n',
      'include/c.h': 'c\n',
    });
    await pack({ trees: [tree], order: 'files-first', output: `${tree}.tar.xz`, preset: '0', jobs: 1 });
    const inside = (await namesOf(`${tree}.tar.xz`)).filter(text => /^\.\/include\/[abc]/.test(text));
    const expected = ['b.h', 'c.h', 'a/', 'a/x.h', 'b/', 'b/y.h'].map(text => `./include/${text}`);
    assert.deepEqual(inside, expected);
    assert.deepEqual(await unpacked(`${tree}.tar.xz`), archived(tree));
  });
});
