import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ListedEntry, Manifest, Progress } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { cat } from '../../src/archive/reading/cat.js';
import { noMember } from '../../src/archive/reading/noMember.js';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import type { CatOptions } from '../../src/settings/list.js';
import { endOfArchiveSize } from '../../src/tar/entryHeader.js';
import { CHECKS } from '../../src/xz/check.js';
import { packed, succeeded } from '../support/archive.js';
import { type ChildOptions, run, runCli } from '../support/cli.js';
import { xz } from '../support/hostile.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { scratch } from '../support/scratch.js';
import { type RawEntry, tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';
import { type BlockParts, padded, storedBlock, stream } from '../xz/buildXz.js';

const work = scratch({ after });
const QUICK = ['--preset', '0', '--block-size', '16KiB', '--jobs', '2'];

const tree = join(work, 'tree');
const twin = join(work, 'twin');
for (const root of [tree, twin]) {
  generateTree(root, { headers: 150, seed: 8 });
  kernelTree(root, {
    'include/linux/large.h': noise(100_000, 1),
    'include/linux/a/x.h': 'x\n',
    'include/linux/a-b.h': 'a-b\n',
    'include/linux/a.h': 'a\n',
    'include/linux/same.h': 'a\n',
    'include/linux/link.h': { linkTo: 'a.h' },
    'include/linux/caf\xe9\n.h': 'odd\n',
  });
}

async function byUs(archive: string, members: readonly string[], options: ChildOptions = {}): Promise<Buffer> {
  const { stdout, stderr } = succeeded(await runCli(['cat', archive, ...members], options));
  assert.equal(stderr, '');
  return stdout;
}

async function byTar(archive: string, members: readonly string[]): Promise<Buffer> {
  return succeeded(await run('tar', ['-xOf', archive, ...members])).stdout;
}

describe('a member is what tar -xO gives, in an archive of order', { skip: unless('tar', 'xz') }, () => {
  for (const order of ['gnu', 'files-first', 'versions']) {
    it(order, async () => {
      const archive = join(work, `${order}.tar.xz`);
      const trees = order === 'versions' ? [`one=${tree}`, `two=${twin}`] : [tree];
      await packed([...trees, ...QUICK, '--no-dedup', '--order', order], archive);
      const { entries } = JSON.parse(succeeded(await runCli(['list', archive, '--json'])).stdout.toString());
      const regular = (entries as ListedEntry[]).filter(({ kind }) => kind === 'regular');
      const names = regular.map(({ path }) => path).filter(path => /^[ -~]*$/.test(path));
      const chosen = names.filter((name, i) => i % 31 === 0 || /large|\/a[/.-]/.test(name));
      assert.ok(chosen.length >= 6);
      for (const name of chosen) {
        assert.deepEqual(await byUs(archive, [name.slice('./'.length)]), await byTar(archive, [name]), name);
      }
      const some = chosen.slice(0, 4);
      assert.deepEqual(await byUs(archive, [...some].reverse()), await byTar(archive, some));
      const input = readFileSync(archive);
      assert.deepEqual(await byUs('-', some, { input }), await byTar(archive, some));
    });
  }

  it('that nobody sorted, of few Blocks and of many', async () => {
    const parts = [9, 3, 7, 1, 8, 2].map(i => ({ name: `./n${i}`, content: noise(20_000, i) }));
    for (const options of [['-T1'], ['-T2', '--block-size=4096']]) {
      const archive = join(work, 'unsorted.tar.xz');
      writeFileSync(archive, xz(tarOfParts(...parts), ...options));
      for (const { name, content } of parts) assert.equal((await byUs(archive, [name])).toString(), content);
    }
  });
});

/** Entries cut into Blocks, and a Block for the zeros behind them, as many as we write. */
function endingAsOurs(blocks: readonly (readonly RawEntry[])[]): Buffer {
  const contents = blocks.map(parts => tarOfParts(...parts).subarray(0, -1024));
  const tar = Buffer.concat(contents);
  const zeros = Buffer.alloc(endOfArchiveSize(tar.length));
  return xz(Buffer.concat([tar, zeros]), '-T1', `--block-list=${contents.map(({ length }) => length).join(',')},0`);
}

it('of two members of one name the first is printed, which a Block may end with and the next begin with', {
  skip: unless('xz', 'tar'),
}, async () => {
  const names = [0, 1, 2, 3, 4, 4, 5, 6].map(i => `./n${i}`);
  const parts = names.map((name, i) => ({ name, content: `${i}${noise(i === 7 ? 9000 : 1000, i)}` }));
  // A Block for each, but for the first of the two, which lies in one with the entry before. One behind the largest would
  // not be asked what it begins with.
  const blocks = [parts.slice(0, 3), parts.slice(3, 5), ...parts.slice(5).map(part => [part])];
  const archive = join(work, 'two.tar.xz');
  writeFileSync(archive, endingAsOurs(blocks));
  for (const source of [archive, '-']) {
    const printed = await byUs(source, ['n4'], source === '-' ? { input: readFileSync(archive) } : {});
    assert.equal(printed.toString('latin1', 0, 1), '4', source);
  }
});

it('of two members of one name the first is printed, though the Blocks behind it begin as if all were sorted', {
  skip: unless('xz', 'tar'),
}, async () => {
  // As `tar -r` leaves it; the last but one is the largest.
  const blocks = ['b c d d1', 'e f', 'g h', 'm n', 'y z', 'a0 z'].map((line, i) =>
    line.split(' ').map(name => ({ name, content: `${i}${noise(i === 4 ? 3000 : 1000, i)}` })),
  );
  const archive = join(work, 'appended.tar.xz');
  writeFileSync(archive, endingAsOurs(blocks));
  for (const source of [archive, '-']) {
    const printed = await byUs(source, ['z'], source === '-' ? { input: readFileSync(archive) } : {});
    assert.equal(printed.toString('latin1', 0, 1), '4', source);
  }
});

/** What `cat` prints, and how many bytes of Blocks it decodes for it. */
async function counted(options: CatOptions): Promise<{ readonly printed: Buffer; readonly decoded: number }> {
  const pieces: Uint8Array[] = [];
  let decoded = 0;
  // Each range that is read counts from its own start.
  let before = 0;
  const onProgress = ({ bytes }: Progress): void => {
    decoded += bytes - (bytes > before ? before : 0);
    before = bytes;
  };
  await cat({ ...options, onProgress }, async piece => void pieces.push(piece));
  return { printed: Buffer.concat(pieces), decoded };
}

describe('a Block is decoded once for the members that it holds', { skip: unless('xz', 'tar') }, () => {
  /** What one piece holds at most, in bytes: behind a Block's end, or of one that is looked at. */
  const PIECE = 2 ** 18;
  const archive = join(work, 'once.tar.xz');

  it('where the archive is searched from its start, which ends behind the last of them', async () => {
    const parts = Array.from({ length: 40 }, (_, i) => ({ name: `./n${10 + i}`, content: noise(60_000, i) }));
    const names = parts.map(({ name }) => name);
    writeFileSync(archive, xz(tarOfParts(...parts), '-T2', '--block-size=1MiB'));
    for (const [members, blocks] of [
      [names.slice(0, 15), 1],
      [names.slice(3, 20), 2],
      [names, 3],
    ] as const) {
      const { printed, decoded } = await counted({ archive, members, jobs: 1 });
      assert.deepEqual(printed, await byTar(archive, members));
      assert.ok(decoded <= blocks * 2 ** 20 + PIECE, `${decoded} of ${blocks}`);
    }
  });

  it('where the order of the entries or a manifest says where they are', async () => {
    const root = join(work, 'once');
    const files = Array.from({ length: 30 }, (_, i) => [`include/linux/n${10 + i}.h`, noise(150_000 + 4000 * i, i)]);
    kernelTree(root, Object.fromEntries(files));
    const manifest = join(work, 'once.json');
    await packed([root, ...QUICK, '--block-size', '1MiB', '--manifest', manifest], archive);
    const { blocks, entries } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
    assert.ok(blocks.length > 4);
    const headers = entries.filter(({ path }) => path.startsWith('./include/linux/n'));
    for (const chosen of [[7], [7, 8, 9], [3, 22], [29, 0], [...headers.keys()]]) {
      const some = headers.filter((_, i) => chosen.includes(i));
      const members = some.map(({ path }) => path);
      const holding = new Set(some.map(({ block }) => block));
      // What begins a Block may be the second of its name, and the first in the Block before.
      const beside = some.filter(({ offset, block }) => offset === blocks[block]?.uncompressedOffset);
      const asked = new Set([...holding, ...beside.map(({ block }) => block - 1)]);
      const expected = await byTar(archive, members);
      for (const [options, needed, probes] of [
        [{ manifest }, holding, 0],
        [{}, asked, Math.ceil(Math.log2(blocks.length)) * holding.size],
      ] as const) {
        const { printed, decoded } = await counted({ archive, members: [...members].reverse(), jobs: 1, ...options });
        assert.deepEqual(printed, expected);
        const size = blocks.reduce((sum, { uncompressedSize }, i) => sum + (needed.has(i) ? uncompressedSize : 0), 0);
        assert.ok(decoded <= size + PIECE * probes, `${decoded} of ${size}`);
      }
    }
  });

  it('and to its end, where its Check is, if it is too large to be held', async () => {
    const root = join(work, 'large');
    kernelTree(
      root,
      Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`include/n${10 + i}.h`, noise(2 ** 20, i)])),
    );
    const manifest = join(work, 'large.json');
    await packed([root, ...QUICK, '--block-size', '16MiB', '--manifest', manifest], archive);
    const { blocks } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
    const largest = blocks.reduce((a, b) => (a.uncompressedSize > b.uncompressedSize ? a : b));
    const damaged = readFileSync(archive);
    const checkAt = largest.offset + largest.unpaddedSize - 1;
    damaged[checkAt] = (damaged[checkAt] as number) ^ 1;
    const bad = join(work, 'large-damaged.tar.xz');
    writeFileSync(bad, damaged);
    const member = 'include/n12.h';
    for (const options of [[], ['--manifest', manifest]].map(each => [...each, '--memory-limit', '30MiB'])) {
      assert.deepEqual(await byUs(archive, [member, ...options]), await byTar(archive, [`./${member}`]));
      const { code, stdout, stderr } = await runCli(['cat', bad, member, ...options]);
      assert.deepEqual([code, stdout.length], [1, 0]);
      assert.match(stderr, /the Check of a Block does not match its contents/);
    }
  });

  it('and once more for contents that are too large to be held', async () => {
    const large = [1, 2, 3].map(i => ({ name: `./large${i}`, content: Buffer.alloc(15 * 2 ** 20, noise(1000, i)) }));
    writeFileSync(archive, xz(tarOfParts(...large), '-0'));
    const members = large.map(({ name }) => name);
    assert.ok((await byUs(archive, members)).equals(await byTar(archive, members)));
  });
});

it('what is in a tar that is a member itself is no member', { skip: unless('tar', 'xz') }, async () => {
  // Blocks that begin inside the inner tar begin with entry headers of that.
  const inner = Array.from({ length: 64 }, (_, i) => ({ name: `./m/inner${10 + i}.h`, content: noise(3000, i) }));
  const tar = join(work, 'outer.tar');
  const members = ['./a.h', './b.h', './m/big.tar', './z.h'];
  const contents = ['a', 'b', tarOfParts(...inner), noise(9000, 99)];
  writeFileSync(tar, tarOfParts(...members.map((name, i) => ({ name, content: contents[i] ?? '' }))));
  const archive = join(work, 'outer.tar.xz');
  await packed(['--from-tar', tar, ...QUICK], archive);
  for (const i of [10, 30, 42, 60, 73]) {
    await runIntoTrouble(['cat', archive, `m/inner${i}.h`], /Cannot find "m\/inner\d+\.h" in/);
  }
  for (const name of members) assert.deepEqual(await byUs(archive, [name]), await byTar(archive, [name]), name);
});

describe('in an archive that is cut as ours are not, a member is what who extracts it finds', {
  skip: unless('xz', 'tar'),
}, () => {
  const entry = (name: string, content = noise(1000, name.length)): RawEntry => ({ name, content });
  /** Each Block's bytes, the last with the zeros at the end. */
  const inBlocks = (...blocks: readonly Buffer[]): Buffer =>
    xz(Buffer.concat(blocks), '-T1', `--block-list=${blocks.map(({ length }) => length).join(',')}`);
  const headless = (...parts: RawEntry[]): Buffer => tarOfParts(...parts).subarray(0, -1024);

  it('though a Block begins with an entry of a tar that is a member', async () => {
    const inner = headless(entry('./bb/p.h'), entry('./bb/secret.h', 'forged'));
    const outer = headless({ name: './b.tar', content: Buffer.concat([Buffer.alloc(1024, 'x'), inner]) });
    const archive = join(work, 'forged.tar.xz');
    const blocks = [
      headless(entry('./a.h'), entry('./a2.h')),
      outer.subarray(0, 512 + 1024),
      outer.subarray(512 + 1024),
      headless(entry('./bb/secret.h', 'genuine'), entry('./c.h')),
      tarOfParts(entry('./d.h', noise(20_000, 4))),
    ];
    writeFileSync(archive, inBlocks(...blocks));
    assert.equal((await byUs(archive, ['bb/secret.h'])).toString(), 'genuine');
    assert.deepEqual(await byUs(archive, ['b.tar']), await byTar(archive, ['./b.tar']));
  });

  it('though a hard link leads to what was added later', async () => {
    const link = { name: './e.h', typeflag: '1', linkname: './b.h' };
    const last = tarOfParts(entry('./d.h'), entry('./b.h', 'new'), link);
    const archive = join(work, 'added.tar.xz');
    const blocks = [headless(entry('./a.h')), headless(entry('./b.h', 'old')), headless(entry('./c.h')), last];
    writeFileSync(archive, inBlocks(...blocks));
    assert.equal((await byUs(archive, ['e.h'])).toString(), 'new');
  });
});

describe('a member', { skip: unless('xz') }, () => {
  const archive = join(work, 'k.tar.xz');
  before(() => packed([tree, ...QUICK, '--manifest', join(work, 'manifest.json')], archive));

  it('that is a hard link is its content; from a pipe it is said to be one', async () => {
    const links = succeeded(await runCli(['list', archive])).stdout.toString();
    assert.match(links, /^h.*same\.h link to \.\/include\/linux\/a\.h$/m);
    assert.equal((await byUs(archive, ['include/linux/same.h'])).toString(), 'a\n');
    const input = readFileSync(archive);
    const expected =
      /Cannot print "include\/linux\/same\.h" .*it is a hard link to "\.\/include\/linux\/a\.h", which went by/;
    await runIntoTrouble(['cat', '-', 'include/linux/same.h'], expected, { input });
  });

  it('that is a hard link is what its target was when it was made', async () => {
    const twice = join(work, 'replaced.tar.xz');
    const link = (name: string): RawEntry => ({ name, typeflag: '1', linkname: './a' });
    const parts: RawEntry[] = [
      { name: './a', content: 'old\n' },
      link('./b'),
      { name: 'a', content: 'new\n' },
      link('./c'),
    ];
    writeFileSync(twice, xz(tarOfParts(...parts, { name: './d', typeflag: '1', linkname: './b' })));
    for (const [member, content] of [
      ['b', 'old\n'],
      ['c', 'new\n'],
      ['d', 'old\n'],
      ['a', 'old\n'],
    ] as const) {
      assert.equal((await byUs(twice, [member])).toString(), content, member);
    }
    assert.equal((await byUs(twice, ['c', 'b'])).toString(), 'old\nnew\n');
    const early = join(work, 'early.tar.xz');
    writeFileSync(early, xz(tarOfParts(link('./b'), { name: './a', content: 'later\n' })));
    await runIntoTrouble(['cat', early, 'b'], /Cannot find "a" in/);
  });

  it('that is named twice is printed once', async () => {
    const members = ['include/linux/a.h', 'include/linux/a-b.h', './include/linux/a.h', 'include/linux/a.h'];
    const input = readFileSync(archive);
    for (const [source, options] of [[archive, {}] as const, ['-', { input }] as const]) {
      const lines = (await byUs(source, members, options)).toString().split('\n');
      assert.deepEqual(lines.sort(), ['', 'a', 'a-b'], source);
    }
  });

  it('that is a symbolic link or a directory is said to be one', async () => {
    for (const [member, expected] of [
      ['include/linux/link.h', /Cannot print "include\/linux\/link\.h" of ".*": it is a symbolic link to "a\.h"/],
      ['./', /Cannot print "\." of ".*": it is a directory/],
      ['./include/linux', /Cannot print "include\/linux" of ".*": it is a directory/],
    ] as const) {
      await runIntoTrouble(['cat', archive, member], expected);
      await runIntoTrouble(['cat', '-', member], expected, { input: readFileSync(archive) });
    }
  });

  it('that is not there is exit code 2, and of a file nothing else is printed', async () => {
    await runIntoTrouble(
      ['cat', archive, 'include/linux/a.h', 'no/such.h'],
      /Cannot find "no\/such\.h" in ".*k\.tar\.xz"/,
    );
    const { code, stdout } = await runCli(['cat', '-', 'include/linux/a.h', 'no/such.h'], {
      input: readFileSync(archive),
    });
    assert.deepEqual([code, stdout.toString()], [2, 'a\n']);
  });

  it('has a name: an empty one is a variable that was not set', async () => {
    const expected = /Invalid value "" for MEMBER: expected a value that is not empty$/;
    for (const members of [[''], ['include/linux/a.h', '']])
      await runIntoTrouble(['cat', archive, ...members], expected);
  });

  it('that is not there by that name is offered by its whole name, where few end in it', async () => {
    const manifest = ['--manifest', join(work, 'manifest.json')];
    for (const [member, hint] of [
      ['linux/a.h', 'did you mean "include/linux/a.h"?'],
      ['./linux//a-b.h', 'did you mean "include/linux/a-b.h"?'],
      ['x.h', 'did you mean "include/linux/a/x.h"?'],
      ['caf\xe9\n.h', 'kheaders-pack list shows what is there'],
      ['include/linux/a.', 'kheaders-pack list shows what is there'],
    ] as const) {
      const expected = new RegExp(`Cannot find ".*" in ".*" \\(${hint.replace('?', '\\?')}\\)$`);
      await runIntoTrouble(['cat', archive, member], expected);
      await runIntoTrouble(['cat', archive, member, ...manifest], expected);
      await runIntoTrouble(['cat', '-', member], expected, { input: readFileSync(archive) });
    }
  });

  it('is offered no more than three times', () => {
    const names = ['a/x.h', 'b/x.h', 'c/x.h', 'd/x.h'].map(fromLatin1);
    const hints = [3, 4].map(count => noMember({ name: 'k' }, 'x.h', names.slice(0, count)).facts.hint);
    assert.deepEqual(hints, ['did you mean "a/x.h" or "b/x.h" or "c/x.h"?', 'kheaders-pack list shows what is there']);
  });

  it('is found by a manifest, and a manifest of another archive is refused', async () => {
    const listing = JSON.parse(succeeded(await runCli(['list', archive, '--json'])).stdout.toString());
    const path = join(work, 'manifest.json');
    for (const name of ['include/linux/large.h', 'include/linux/same.h', listing.entries.at(-1).path]) {
      assert.deepEqual(await byUs(archive, [name, '--manifest', path]), await byUs(archive, [name]));
    }
    await runIntoTrouble(['cat', archive, 'no.h', '--manifest', path], /Cannot find "no\.h"/);
    const other = join(work, 'other.tar.xz');
    await packed([tree, ...QUICK, '--exclude', 'a-b.h'], other);
    await runIntoTrouble(
      ['cat', other, 'include/linux/large.h', '--manifest', path],
      /Cannot use manifest ".*": ".*other\.tar\.xz" has no "\.\/include\/linux\/large\.h" at byte \d+ of its tar/,
    );
  });

  it('is printed from a pipe with a manifest, and not with what is none', async () => {
    const input = readFileSync(archive);
    const path = join(work, 'manifest.json');
    const { stdout } = succeeded(await runCli(['cat', '-', 'include/linux/large.h', '--manifest', path], { input }));
    assert.ok(stdout.equals(await byUs(archive, ['include/linux/large.h'])));
    for (const [other, expected] of [
      [join(work, 'none.json'), /Cannot read ".*none\.json": no such file or directory$/],
      [archive, /Cannot use manifest ".*": it is no JSON$/],
    ] as const) {
      await runIntoTrouble(['cat', '-', 'include/linux/large.h', '--manifest', other], expected, { input });
    }
  });

  it('of a damaged archive is never printed: the Block in which its header ends is checked as well', async () => {
    const tar = tarOfParts({ name: 'a', content: 'a' }, { name: 'b', content: 'b' });
    // The header of b is in the first Block, its content in the second.
    const blocks = [tar.subarray(0, 1536), tar.subarray(1536)].map(each =>
      storedBlock(each, CHECKS.crc64.compute(each)),
    );
    const archive = stream(CHECKS.crc64.id, blocks as BlockParts[]);
    const path = join(work, 'header.tar.xz');
    writeFileSync(path, archive);
    assert.equal((await byUs(path, ['b'])).toString(), 'b');
    const checkAt = 12 + padded(Buffer.concat([blocks[0]?.header as Buffer, blocks[0]?.data as Buffer])).length;
    archive[checkAt] = (archive[checkAt] as number) ^ 1;
    writeFileSync(path, archive);
    const { code, stdout, stderr } = await runCli(['cat', path, 'b']);
    assert.deepEqual([code, stdout.toString()], [1, '']);
    assert.match(stderr, /the Check of a Block does not match its contents/);
  });

  it('of a damaged archive is never printed wrong: the Block that holds it is checked', async () => {
    const bytes = readFileSync(archive);
    const expected = await byUs(archive, ['include/linux/large.h']);
    let found = 0;
    for (let at = 100; at < bytes.length; at += Math.floor(bytes.length / 25)) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      const path = join(work, 'damaged.tar.xz');
      writeFileSync(path, damaged);
      const { code, stdout } = await runCli(['cat', path, 'include/linux/large.h']);
      if (code === 0) assert.deepEqual(stdout, expected);
      else found++;
    }
    assert.ok(found > 0);
  });
});
