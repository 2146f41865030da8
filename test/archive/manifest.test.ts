import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { type Manifest, pack, parseManifest } from 'kheaders-pack';
import { generateTree } from '../../corpus/synthetic.js';
import { canonicalJson } from '../../src/bytes/canonicalJson.js';
import { namesOf, succeeded, tarOf } from '../support/archive.js';
import { PROGRAM, run, runCli } from '../support/cli.js';
import { kernelTree, noise } from '../support/kernelTree.js';
import { assertHoldsOnly } from '../support/litter.js';
import { preload } from '../support/preload/preload.js';
import { scratch } from '../support/scratch.js';
import { sha256 } from '../support/snapshot.js';
import { ORDINARY, unless, unlessOrdinary } from '../support/tools.js';
import { runIntoTrouble } from '../support/trouble.js';
import { membersOf } from '../tar/walkTar.js';
import { parseStream } from '../xz/parseXz.js';

const work = scratch({ after });
const tree = join(work, 'tree');
generateTree(tree, { headers: 80, seed: 21 });
/** Names that nobody gives to a header, content that a link can stand for, and a file of several Blocks. */
kernelTree(tree, {
  'include/linux/odd \\ \n\r.h': 'odd\n',
  'include/linux/caf\xe9.h': 'latin1\n',
  'include/linux/caf\xc3\xa9.h': 'utf8\n',
  'include/linux/same-1.h': '/* one */ same content\n',
  'include/linux/same-2.h': '/* two */ same content\n',
  'include/linux/large.h': noise(200_000, 3),
  'include/linux/link.h': { linkTo: 'same-1.h' },
  'include/linux/odd-link.h': { linkTo: '\xff.h' },
});
const QUICK = ['--preset', '0', '--block-size', '64KiB', '--arch', 'x86'];
const out = join(work, 'out');
mkdirSync(out);
const archive = join(out, 'k.tar.xz');
const beside = (name: string): string => join(out, name);
const packedOnce = runCli([
  ...[tree, ...QUICK, '-q', '-o', archive],
  ...['--manifest', beside('m.json'), '--sha256sums', beside('sums')],
]);

async function manifest(): Promise<Manifest> {
  succeeded(await packedOnce);
  return parseManifest(readFileSync(beside('m.json'), 'utf8'), 'm.json');
}

const bytesOf = (path: string, base64: string | undefined): string =>
  base64 === undefined ? Buffer.from(path).toString('latin1') : Buffer.from(base64, 'base64').toString('latin1');

describe('the manifest', () => {
  it('states the size and digest of the archive and of each Block, where they are', async () => {
    const { archive: whole, blocks, tar } = await manifest();
    const bytes = readFileSync(archive);
    assert.deepEqual(whole, { size: bytes.length, sha256: sha256(bytes) });
    const parsed = parseStream(bytes);
    assert.ok(blocks.length > 5);
    assert.equal(blocks.length, parsed.blocks.length);
    parsed.blocks.forEach((block, i) => {
      const stated = blocks[i];
      assert.equal(stated?.unpaddedSize, block.headerSize + block.compressedSize + block.check.length);
      assert.equal(stated?.uncompressedSize, block.uncompressedSize);
      const next = blocks[i + 1]?.offset ?? (stated?.offset ?? 0) + Math.ceil((stated?.unpaddedSize ?? 0) / 4) * 4;
      assert.equal(stated?.sha256, sha256(bytes.subarray(stated?.offset, next)));
    });
    assert.equal(tar.size, (await tarOf(archive)).length);
  });

  it('states each entry of the tar in order: name, mode, size, where it begins, and the digest of its content', async () => {
    const { entries, blocks, settings } = await manifest();
    assert.deepEqual(
      entries.map(({ path, pathBase64 }) => bytesOf(path, pathBase64)),
      await namesOf(archive),
    );
    const tar = await tarOf(archive);
    const members = membersOf(tar);
    assert.equal(entries.length, members.length);
    const kinds: Readonly<Record<string, string>> = { 0: 'regular', 1: 'hardlink', 2: 'symlink', 5: 'directory' };
    entries.forEach((entry, i) => {
      const member = members[i];
      assert.ok(member !== undefined);
      assert.equal(entry.offset, member.start);
      assert.equal(entry.kind, kinds[member.typeflag]);
      const block = blocks[entry.block];
      assert.ok(block !== undefined && block.uncompressedOffset <= entry.offset);
      assert.ok(entry.offset < block.uncompressedOffset + block.uncompressedSize);
      const header = tar.subarray(member.end - Math.ceil(entry.size / 512) * 512 - 512);
      assert.equal(entry.mode, Number.parseInt(header.toString('latin1', 100, 107), 8));
      assert.equal(entry.size, Number.parseInt(header.toString('latin1', 124, 135), 8));
      assert.equal(settings.mtime, Number.parseInt(header.toString('latin1', 136, 147), 8));
      if (entry.kind === 'regular') assert.equal(entry.sha256, sha256(header.subarray(512, 512 + entry.size)));
    });
  });

  it('states size and digest of the files as they are on disk, of those that hard links stand for too', async () => {
    const { entries } = await manifest();
    const withSource = entries.filter(entry => entry.sourceSha256 !== undefined);
    assert.deepEqual(
      withSource.map(entry => entry.path),
      entries.filter(entry => entry.kind === 'regular' || entry.kind === 'hardlink').map(entry => entry.path),
    );
    for (const entry of withSource) {
      const path = bytesOf(entry.path, entry.pathBase64);
      const bytes = readFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from(path, 'latin1')]));
      assert.deepEqual([entry.sourceSize, entry.sourceSha256], [bytes.length, sha256(bytes)], entry.path);
    }
    const links = entries.filter(entry => entry.kind === 'hardlink').map(({ path, target }) => [path, target]);
    assert.ok(links.some(link => link.join() === './include/linux/same-2.h,./include/linux/same-1.h'));
  });

  it('is canonical JSON and a newline, and reads back as what it says', async () => {
    const text = readFileSync(beside('m.json'), 'utf8');
    assert.equal(text, `${canonicalJson(await manifest())}\n`);
    assert.match(text, /^\{"archive":\{"sha256":/);
  });

  it('does not depend on jobs, path, readdir order, surroundings or where anything is written', async () => {
    const expected = canonicalJson(await manifest());
    const copy = join(work, 'copy');
    succeeded(await run('cp', ['-a', tree, copy]));
    const env = { ...preload('shuffledReaddir'), SHUFFLE_SEED: '5', TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' };
    const args = [copy, ...QUICK, '--jobs', '3', '-q', '--manifest', '-', '-o', '/dev/null'];
    assert.equal(succeeded(await runCli(args, { env })).stdout.toString(), `${expected}\n`);
    const piped = await runCli([tree, ...QUICK, '-q', '--jobs', '1', '-o', '-', '--manifest', beside('m2.json')]);
    assert.equal(sha256(succeeded(piped).stdout), (await manifest()).archive.sha256);
    assert.equal(readFileSync(beside('m2.json'), 'utf8'), `${expected}\n`);
  });

  it('leaves the archive as it is without one', async () => {
    succeeded(await packedOnce);
    const { stdout } = succeeded(await runCli([tree, ...QUICK, '-q', '-o', '-']));
    assert.equal(sha256(stdout), sha256(readFileSync(archive)));
  });

  it('tells of a bundle, a list of files and --compat what they are', async () => {
    const of = async (...args: string[]): Promise<Manifest> => {
      const ran = await runCli([...args, '--preset', '0', '-q', '-o', '/dev/null', '--manifest', '-']);
      return parseManifest(succeeded(ran).stdout.toString(), 'standard output');
    };
    const bundle = await of(`one=${tree}`, `two=${tree}`, '--arch', 'x86');
    assert.deepEqual(bundle.settings.kernels, [
      { name: 'one', srcarch: 'x86' },
      { name: 'two', srcarch: 'x86' },
    ]);
    const list = join(work, 'list');
    writeFileSync(list, 'include/linux/large.h\n');
    const listed = await of(tree, '--files-from', list);
    assert.equal(listed.settings.listed, true);
    assert.deepEqual(
      listed.entries.filter(({ kind }) => kind === 'regular').map(({ path }) => path),
      ['./include/linux/large.h'],
    );
    const { settings } = await of(tree, '--arch', 'x86', '--compat', '--mtime', '@77');
    assert.deepEqual(
      [settings.strip, settings.order, settings.dedup, settings.mtime, settings.listed],
      ['kernel', 'gnu', false, 77, false],
    );
  });

  it('reaches a writable of the caller', async () => {
    const chunks: Buffer[] = [];
    const writable = new Writable({
      write: (chunk: Buffer, _, done) => {
        chunks.push(chunk);
        done();
      },
    });
    const options = { trees: [tree], arch: 'x86', preset: '0', blockSize: '64KiB' };
    await pack({ ...options, output: beside('library.tar.xz'), manifest: writable });
    assert.equal(Buffer.concat(chunks).toString(), `${canonicalJson(await manifest())}\n`);
  });
});

describe('the list of digests', { skip: unless('sha256sum', 'tar') }, () => {
  it('is checked by sha256sum -c where the archive was unpacked, odd names and hard links included', async () => {
    succeeded(await packedOnce);
    const place = join(work, 'unpacked');
    mkdirSync(place);
    succeeded(await run('tar', ['-xf', archive, '-C', place]));
    const { stdout } = succeeded(await run('sha256sum', ['-c', '--strict', beside('sums')], { cwd: place }));
    const { entries } = await manifest();
    const files = entries.filter(({ kind }) => kind === 'regular' || kind === 'hardlink');
    assert.equal(stdout.toString('latin1').trimEnd().split('\n').length, files.length);
    appendFileSync(join(place, 'include/linux/odd \\ \n\r.h'), 'changed');
    const changed = await run('sha256sum', ['-c', '--quiet', beside('sums')], { cwd: place, env: { LC_ALL: 'C' } });
    assert.equal(changed.code, 1);
    assert.match(changed.stdout.toString('latin1'), /odd .*FAILED/);
  });
});

describe('what is written beside an archive', () => {
  it('cannot be written: the archive stays as it was', async t => {
    const here = scratch(t);
    const old = join(here, 'k.tar.xz');
    writeFileSync(old, 'old');
    const args = [tree, ...QUICK, '-o', old, '--manifest'];
    await runIntoTrouble([...args, join(here, 'missing/m.json')], /Cannot write ".*\/missing\/m\.json": no such file/);
    await runIntoTrouble([...args, '/dev/full'], /Cannot write "\/dev\/full": no space left on device/);
    assert.equal(readFileSync(old, 'utf8'), 'old');
    assertHoldsOnly(here, ['k.tar.xz']);
  });

  it('goes to a reader that went away: nothing is left', { skip: unless('sh', 'head') }, async t => {
    const here = scratch(t);
    const command = 'exec 3>&1; { "$@"; echo $? >&3; } 2>&1 | true';
    const args = [process.execPath, PROGRAM, tree, ...QUICK, '-q', '-o', join(here, 'k'), '--manifest', '-'];
    const { stdout } = await run('sh', ['-c', command, 'sh', ...args]);
    assert.equal(stdout.toString().trim(), '141');
    assertHoldsOnly(here, []);
  });

  it('may not share a place with another output, nor go with what writes nothing', async () => {
    const cases = [
      [
        '-o - --manifest -',
        /Cannot use --manifest - with -o -: both would use standard output \(use --manifest FILE\)/,
      ],
      ['--manifest - --sha256sums -', /Cannot use --sha256sums - with --manifest -: both would use standard output/],
      ['--manifest - --json', /Cannot use --json with --manifest -: both would use standard output/],
      ['-o x --provenance ./x', /Cannot use --provenance \.\/x with -o x: both would be written to the same file/],
      ['--manifest m --json=m', /Cannot use --json=m with --manifest m: both would be written to the same file/],
      ['--manifest kheaders.tar.xz', /both would be written to the same file/],
      ['--dry-run --manifest m', /Cannot use --dry-run with --manifest: it writes nothing/],
      ['--from-tar k.tar --manifest m', /Cannot use --from-tar with --manifest: it tells of the files of a tree/],
    ] as const;
    for (const [args, expected] of cases) {
      const trees = args.includes('--from-tar') ? [] : [tree];
      await runIntoTrouble([...trees, ...args.split(' ')], expected, { cwd: out });
    }
  });

  it('needs a directory that can be written', { skip: unlessOrdinary() }, async t => {
    const here = scratch(t);
    await runIntoTrouble(
      [tree, ...QUICK, '-o', '/dev/null', '--manifest', join(here, 'm')],
      /permission denied/,
      ORDINARY,
    );
  });
});
