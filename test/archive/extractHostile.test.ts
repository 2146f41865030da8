import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExtractOptions, extract } from 'kheaders-pack';
import { fromLatin1, printable } from '../../src/bytes/bytePath.js';
import { runCli } from '../support/cli.js';
import { extractBytes, extractParts, newPlace, type Parts, type Place, xz } from '../support/hostile.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';
import { snapshot } from '../support/snapshot.js';
import { gnuEntry, POSIX_MAGIC, paxHeader, type RawEntry, record, tarOfParts } from '../support/tarBuilder.js';
import { unless } from '../support/tools.js';

const work = scratch({ after });
const skip = unless('xz');

/** A tar that has to be refused at one entry; `{root}` in names stands for the directory around the target. */
interface Hostile {
  readonly what: string;
  readonly parts: Parts;
  /** The entry refused, printable; the last part's name where it is not given. */
  readonly entry?: string;
  readonly reason: RegExp;
  readonly options?: Partial<ExtractOptions>;
  /** What is in the target before. */
  readonly prepare?: (place: Place) => void;
}

const LONG_NAME = 'n'.repeat(256);
const LONG_PATH = 'directory/'.repeat(420);

const NAMES: readonly Hostile[] = [
  { what: 'an absolute name', parts: [{ name: '{root}/secret' }], reason: /absolute path/ },
  { what: 'an absolute name behind a slash more', parts: [{ name: '//{root}/secret' }], reason: /absolute path/ },
  ...['../secret', '..', './..', 'a/../../secret', 'a/..', 'a/../b', './/../secret', 'a/b/..'].map(name => ({
    what: `the name ${name}`,
    parts: [{ name }],
    reason: /holds "\.\."/,
  })),
  { what: 'a directory named ../outside/', parts: [{ name: '../outside/', typeflag: '5' }], reason: /holds "\.\."/ },
  {
    what: 'a prefix that leads up',
    parts: [{ name: 'secret', prefix: 'a/../..', magic: POSIX_MAGIC }],
    entry: 'a/../../secret',
    reason: /holds "\.\."/,
  },
  {
    what: 'a pax name that leads up',
    parts: [paxHeader({ path: '../x' }), { name: 'x' }],
    entry: '../x',
    reason: /"\.\."/,
  },
  { what: 'a NUL in a pax name', parts: [paxHeader({ path: 'a\0b' }), { name: 'x' }], entry: 'a\\x00b', reason: /NUL/ },
  {
    what: 'a NUL in a GNU long name',
    parts: [record({ name: '././@LongLink', typeflag: 'L', content: 'a\0/../b\0' }), { name: 'x' }],
    entry: 'a\\x00/../b',
    reason: /NUL/,
  },
  { what: 'an empty name', parts: [{ name: '' }], reason: /no name/ },
  { what: 'a file named .', parts: [{ name: '.' }], reason: /that of the target/ },
  { what: 'a link named ./.', parts: [{ name: './.', typeflag: '2', linkname: 'x' }], reason: /that of the target/ },
  { what: 'a name of 256 bytes', parts: [{ name: LONG_NAME }], reason: /too long/ },
  { what: 'a path of 4,200 bytes', parts: [{ name: LONG_PATH }], reason: /too long/ },
];

const link = (name: string, linkname: string): RawEntry => ({ name, linkname, typeflag: '2' });
const hardLink = (name: string, linkname: string): RawEntry => ({ name, linkname, typeflag: '1' });
const file = (name: string): RawEntry => ({ name, content: 'hostile' });
const directory = (name: string): RawEntry => ({ name, typeflag: '5', mode: 0o755 });

const LINKS: readonly Hostile[] = [
  { what: 'a link to an absolute path', parts: [link('l', '{root}/outside')], reason: /an absolute path/ },
  ...[
    ['l', '..'],
    ['l', '../outside'],
    ['l', './../outside'],
    ['l', './/..//outside'],
    ['a/l', '../../outside'],
    ['a/b/l', '../../../outside'],
  ].map(([name = '', target = '']) => ({
    what: `the link ${name} -> ${target}`,
    parts: [link(name, target)],
    reason: /leads out of the target/,
  })),
  {
    what: 'a link that goes up behind another link',
    parts: [directory('a/b/c/'), link('a/b/c/up', '../..'), link('l', 'a/b/c/up/../../outside')],
    reason: /goes up again behind a name/,
  },
  { what: 'a link to nothing', parts: [link('l', '')], reason: /to nothing/ },
  {
    what: "a NUL in a link's target",
    parts: [paxHeader({ linkpath: 'a\0b' }), link('l', 'x')],
    reason: /target's name holds a NUL/,
  },
  {
    what: 'a link that leads out once its leading components are gone',
    parts: [link('a/b/l', '../x')],
    reason: /leads out of the target/,
    options: { stripComponents: 2 },
  },
  { what: 'a file through a link', parts: [link('l', 'd'), file('l/x')], reason: /below what .* symbolic link/ },
  {
    what: 'a file through a link to here',
    parts: [link('l', '.'), file('l/x')],
    reason: /below what .* symbolic link/,
  },
  {
    what: 'a directory through a link',
    parts: [link('l', 'd'), directory('l/x/')],
    reason: /below what .* symbolic link/,
  },
  {
    what: 'a file through a link that leads out, where such links are made',
    parts: [link('l', '../outside'), file('l/x')],
    reason: /below what .* symbolic link/,
    options: { outsideLinks: true },
  },
  {
    what: 'a file through two links, where such links are made',
    parts: [link('k', '..'), link('l', 'k/outside'), file('l/deep/x')],
    reason: /below what .* symbolic link/,
    options: { outsideLinks: true },
  },
  {
    what: 'a file through a link that was there',
    parts: [file('l/x')],
    reason: /"{root}\/target\/l" is a symbolic link/,
    prepare: place => symlinkSync('../outside', join(place.target, 'l')),
  },
  {
    what: 'a directory in the place of a link that was there',
    parts: [directory('l/')],
    reason: /is a symbolic link/,
    prepare: place => symlinkSync('../outside', join(place.target, 'l')),
  },
  {
    what: 'a file below a file that was there',
    parts: [file('f/x')],
    reason: /is a file, and/,
    prepare: place => writeFileSync(join(place.target, 'f'), ''),
  },
  { what: 'a hard link to a file outside', parts: [hardLink('h', '../secret')], reason: /no regular file before it/ },
  { what: 'a hard link to an absolute path', parts: [hardLink('h', '{root}/secret')], reason: /no regular file/ },
  { what: 'a hard link to what is not there', parts: [hardLink('h', 'f')], reason: /no regular file/ },
  { what: 'a hard link to what comes later', parts: [hardLink('h', 'f'), file('f')], entry: 'h', reason: /no regular/ },
  { what: 'a hard link to a link', parts: [link('l', 'f'), hardLink('h', 'l')], reason: /no regular file/ },
  {
    what: 'a hard link to a link that leads out, where such links are made',
    parts: [link('l', '../secret'), hardLink('h', 'l')],
    reason: /no regular file/,
    options: { outsideLinks: true },
  },
  { what: 'a hard link to a directory', parts: [directory('d/'), hardLink('h', 'd')], reason: /no regular file/ },
  {
    what: 'a hard link to a file that was there',
    parts: [hardLink('h', 'f')],
    reason: /no regular file/,
    prepare: place => writeFileSync(join(place.target, 'f'), 'f'),
  },
];

const KINDS: readonly Hostile[] = [
  { what: 'a character device', parts: [{ name: 'x', typeflag: '3' }], reason: /a character device/ },
  { what: 'a block device', parts: [{ name: 'x', typeflag: '4' }], reason: /a block device/ },
  { what: 'a FIFO', parts: [{ name: 'x', typeflag: '6' }], reason: /a FIFO/ },
  { what: 'a sparse file', parts: [{ name: 'x', typeflag: 'S' }], reason: /sparse file, which is not supported/ },
  { what: 'a part of a file', parts: [{ name: 'x', typeflag: 'M' }], reason: /in another volume/ },
  { what: 'an old list of long names', parts: [{ name: 'x', typeflag: 'N' }], reason: /unknown type "N"/ },
  { what: 'an unknown typeflag', parts: [{ name: 'x', typeflag: 'Z' }], reason: /unknown type "Z"/ },
  ...[0o4755, 0o2755, 0o1755, 0o6755].flatMap(mode => [
    {
      what: `a file of mode ${mode.toString(8)}`,
      parts: [{ name: 'x', mode }],
      reason: /sets setuid, setgid or sticky/,
    },
    { what: `a directory of mode ${mode.toString(8)}`, parts: [{ name: 'x/', typeflag: '5', mode }], reason: /sticky/ },
  ]),
];

const DUPLICATES: readonly Hostile[] = [
  { what: 'a link in the place of a directory', parts: [directory('a/'), link('a', 'b')], reason: /made a directory/ },
  {
    what: 'a link in the place of a directory implied',
    parts: [file('a/x'), link('a', 'b')],
    reason: /made a directory/,
  },
  {
    what: 'a directory in the place of a link',
    parts: [link('a', 'b'), directory('a/')],
    reason: /made a symbolic link/,
  },
  { what: 'a file in the place of a directory', parts: [directory('a/'), file('a')], reason: /made a directory/ },
  { what: 'a directory in the place of a file', parts: [file('a'), directory('a/')], reason: /made a file/ },
  { what: 'a link in the place of a file', parts: [file('a'), link('a', 'b')], reason: /made a file/ },
  { what: 'a file in the place of a link', parts: [link('a', 'b'), file('a')], reason: /made a symbolic link/ },
  {
    what: 'a hard link in the place of a directory',
    parts: [file('f'), directory('a/'), hardLink('a', 'f')],
    reason: /made a directory/,
  },
  { what: 'a file below a file', parts: [file('a'), file('a/b')], reason: /below what an earlier entry made a file/ },
  { what: 'a file deep below a file', parts: [file('a'), file('a/b/c')], reason: /below what .* a file/ },
];

const COLLISIONS: readonly Hostile[] = (
  [
    ['xt_CONNMARK.h', 'xt_connmark.h'],
    ['caf\xc3\xa9', 'cafe\xcc\x81'],
    ['\xef\xac\x81', 'fi'],
    ['stra\xc3\x9fe', 'STRASSE'],
    ['a\xe2\x80\x8bb', 'ab'],
    ['\xff\xe9A', '\xff\xe9a'],
  ] as const
).map(([first, second]) => ({
  what: `${JSON.stringify(second)} beside ${JSON.stringify(first)}, with --portable`,
  parts: [{ name: first }, { name: second }],
  reason: /the same where case or normalisation do not count/,
  options: { portable: true },
}));

const MORE_COLLISIONS: readonly Hostile[] = [
  {
    what: 'a file in a directory that is another one in capitals, with --portable',
    parts: [file('a/x'), file('A/y')],
    reason: /the same where case/,
    options: { portable: true },
  },
  {
    what: 'a file through a link in capitals, with --portable',
    parts: [link('A', 'b'), file('a/x')],
    reason: /the same where case/,
    options: { portable: true },
  },
];

async function assertRefused(hostile: Hostile): Promise<void> {
  const place = newPlace(work);
  const rooted = (text: string): string => text.replaceAll('{root}', place.root);
  const parts = hostile.parts.map(part =>
    Buffer.isBuffer(part) ? part : { ...part, name: rooted(part.name), linkname: rooted(part.linkname ?? '') },
  );
  hostile.prepare?.(place);
  const before = place.surroundings();
  const written: string[] = [];
  const onWritten = ({ path }: { path: string }): unknown => written.push(path);
  const error = await extractParts(place, [file('before'), ...parts, file('behind')], {
    ...hostile.options,
    onWritten,
  });
  assert.equal(error?.code, 'E_UNSAFE_ENTRY', error?.stack);
  const last = parts.at(-1);
  const entry = hostile.entry ?? (last === undefined || Buffer.isBuffer(last) ? '' : printable(fromLatin1(last.name)));
  assert.ok(error !== null && 'entry' in error.facts);
  assert.equal(error.facts.entry, entry);
  assert.match(String(error?.message), new RegExp(rooted(hostile.reason.source)));
  assert.deepEqual(place.surroundings(), before);
  // What came before the entry is there and was told of, nothing behind it is, and no temporary file.
  if (hostile.options?.stripComponents === undefined) assert.equal(written[0], 'before');
  assert.ok(!existsSync(join(place.target, 'behind')) && !written.includes('behind'));
  assert.ok(Object.keys(snapshot(place.target)).every(path => !path.includes('.tmp_')));
}

for (const [group, cases] of Object.entries({
  'names that lead out, or nowhere': NAMES,
  'links that lead out, and what is put through links': LINKS,
  'kinds and modes that no header has': KINDS,
  'entries that take the place of others': DUPLICATES,
  'names that some file systems take for one': [...COLLISIONS, ...MORE_COLLISIONS],
})) {
  describe(`refused by name, with nothing changed around the target: ${group}:`, { skip }, () => {
    for (const hostile of cases) it(hostile.what, () => assertRefused(hostile));
  });
}

describe('what was there before', { skip }, () => {
  async function assertExtracted(place: Place, parts: Parts): Promise<void> {
    const before = place.surroundings();
    assert.equal(await extractParts(place, parts), null);
    assert.deepEqual(place.surroundings(), before);
  }

  it('as a link is replaced, and never written through', async () => {
    const place = newPlace(work);
    for (const name of ['a', 'b', 'c']) symlinkSync('../secret', join(place.target, name));
    symlinkSync('../outside', join(place.target, 'd'));
    await assertExtracted(place, [file('a'), link('b', 'a'), hardLink('c', 'a'), file('d')]);
    assert.equal(readFileSync(join(place.target, 'a'), 'utf8'), 'hostile');
    assert.ok(lstatSync(join(place.target, 'd')).isFile());
    assertHoldsOnly(place.target, ['a', 'b', 'c', 'd']);
  });

  it('as another name of a file outside is replaced, and the file outside keeps its content', async () => {
    const place = newPlace(work);
    linkSync(place.secret, join(place.target, 'a'));
    const { ino } = lstatSync(place.secret);
    assert.equal(await extractParts(place, [file('a')]), null);
    assert.equal(readFileSync(place.secret, 'utf8'), 'secret');
    assert.notEqual(lstatSync(join(place.target, 'a')).ino, ino);
  });

  it('as a directory is never replaced', async () => {
    const place = newPlace(work);
    mkdirSync(join(place.target, 'a'));
    for (const part of [file('a'), link('a', 'b')]) {
      const error = await extractParts(place, [part]);
      assert.equal(error?.code, 'E_WRITE');
      assert.match(String(error?.message), /target\/a": is a directory/);
      assertHoldsOnly(place.target, ['a']);
    }
  });

  it('as a directory keeps its permission bits, and the target its time too', async () => {
    const place = newPlace(work);
    mkdirSync(join(place.target, 'a'), 0o700);
    assert.equal(
      await extractParts(place, [
        { ...directory('./'), mode: 0o777, mtime: 5 },
        { ...directory('a/'), mode: 0o777 },
      ]),
      null,
    );
    assert.equal(lstatSync(join(place.target, 'a')).mode & 0o777, 0o700);
    assert.equal(lstatSync(place.target).mode & 0o777, 0o755);
    assert.notEqual(lstatSync(place.target).mtimeMs, 5000);
  });
});

describe('taken, because it does no harm:', { skip }, () => {
  const taken = async (parts: Parts, options: Partial<ExtractOptions> = {}): Promise<string> => {
    const place = newPlace(work);
    const error = await extractParts(place, parts, options);
    assert.equal(error, null, error?.message);
    return place.target;
  };

  it('links that stay inside, dangling ones and loops too', async () => {
    await taken([
      directory('a/b/'),
      link('a/b/l', '../../x'),
      link('a/l', '..'),
      link('loop', 'loop'),
      link('m', './n/o'),
    ]);
    await taken([link('d', 'a/./b'), link('a/../b', 'x')].slice(0, 1));
  });

  it('a link that leads out, where it is asked for', async () => {
    const target = await taken([link('l', '/etc/passwd')], { outsideLinks: true });
    assert.ok(lstatSync(join(target, 'l')).isSymbolicLink());
  });

  it('a name of 255 bytes, names of dots, names that differ in case', async () => {
    const target = await taken([file('n'.repeat(255)), file('...'), file('.. '), file('a'), file('A')]);
    assert.equal(readdirSync(target).length, 5);
  });

  it('a file, a link or a directory twice, a file linked to itself, and a file in a contiguous area', async () => {
    const first = { name: 'a', content: 'first' };
    const target = await taken([
      first,
      hardLink('h', 'a'),
      { name: 'a', content: 'second' },
      hardLink('a', './a'),
      link('l', 'a'),
      link('l', 'h'),
      directory('d/'),
      directory('./d'),
      { name: 'c', typeflag: '7', content: 'c' },
    ]);
    assert.equal(readFileSync(join(target, 'a'), 'utf8'), 'second');
    assert.equal(readFileSync(join(target, 'h'), 'utf8'), 'first');
    assert.equal(readFileSync(join(target, 'c'), 'utf8'), 'c');
  });

  it('a label, which is passed over with a notice', async () => {
    const notices: string[] = [];
    const target = await taken([{ name: 'backup', typeflag: 'V' }, file('a')], {
      onNotice: text => notices.push(text),
    });
    assertHoldsOnly(target, ['a']);
    assert.deepEqual(notices, ['Passed over the label "backup", which is no file']);
  });
});

describe('while files come in', { skip }, () => {
  /** Extracts a tar whose second part comes only when something was done about the target. */
  async function extractWith(place: Place, first: Parts, act: () => void, second: Parts): Promise<unknown> {
    const begin = Buffer.concat(first.map(part => (Buffer.isBuffer(part) ? part : gnuEntry(part))));
    const done = deferred();
    const bytes = async function* (): AsyncGenerator<Buffer, void, undefined> {
      yield xz(begin);
      // A reader may hold a few Blocks before it hands over the first.
      for (let i = 0; i < 10; i++) yield xz(gnuEntry(file(`filler${i}`)));
      await done.promise;
      act();
      yield xz(tarOfParts(...second));
    };
    let left = first.length;
    const onWritten = (): void => {
      left--;
      if (left === 0) done.resolve();
    };
    const archive = Readable.from(bytes());
    return extract({ archive, directory: place.target, jobs: 1, onWritten }).catch((error: unknown) => error);
  }

  function deferred(): { promise: Promise<void>; resolve: () => void } {
    let resolve = (): void => undefined;
    const promise = new Promise<void>(settle => {
      resolve = settle;
    });
    return { promise, resolve };
  }

  it('the target may be swapped for a link: files go where the target went', async () => {
    const place = newPlace(work);
    const moved = join(place.root, 'moved');
    const before = snapshot(place.outside);
    await extractWith(
      place,
      [file('first'), file('d/first')],
      () => {
        renameSync(place.target, moved);
        symlinkSync('outside', place.target);
      },
      [file('second'), file('d/second'), directory('file/'), file('new/x')],
    );
    assert.deepEqual(snapshot(place.outside), before);
    const names = readdirSync(moved).filter(name => !name.startsWith('filler'));
    assert.deepEqual(names.sort(), ['d', 'file', 'first', 'new', 'second']);
    assert.deepEqual(readdirSync(join(moved, 'd')).sort(), ['first', 'second']);
  });

  it('a directory may be swapped for a link: files go where it went, or are refused', async () => {
    const place = newPlace(work);
    const before = place.surroundings();
    const swap = (): void => {
      renameSync(join(place.target, 'd'), join(place.target, 'moved'));
      symlinkSync('../outside', join(place.target, 'd'));
    };
    const others = Array.from({ length: 70 }, (_, i) => file(`other${i}/x`));
    await extractWith(place, [file('d/first')], swap, [file('d/second'), ...others, file('d/third')]);
    assert.deepEqual(place.surroundings(), before);
    assert.deepEqual(readdirSync(join(place.target, 'moved')).sort(), ['first', 'second']);
  });
});

describe('any list of entries', { skip }, () => {
  const component = fc.constantFrom('a', 'b', 'c', '..', '.', '', 'target', 'outside', 'secret', 'file');
  const path = fc.array(component, { minLength: 1, maxLength: 5 }).map(components => components.join('/'));
  const entry = fc.record({
    name: path,
    typeflag: fc.constantFrom('0', '0', '1', '2', '2', '5'),
    linkname: fc.oneof(path, fc.constant('')),
    mode: fc.constantFrom(0o644, 0o755, 0o000),
  });
  const before = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('link', 'file', 'directory')), {
    maxLength: 2,
  });

  it('changes nothing around the target, and leaves no link there that leads out', async () => {
    let extracted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), before, async (entries, present) => {
        const place = newPlace(work);
        const own = new Set<string>();
        for (const [name, kind] of present) {
          const at = join(place.target, name);
          if (existsSync(at) || lstatSync(at, { throwIfNoEntry: false }) !== undefined) continue;
          if (kind === 'link') {
            symlinkSync('../outside', at);
            own.add(name);
          } else if (kind === 'file') writeFileSync(at, 'there');
          else mkdirSync(at);
        }
        const around = place.surroundings();
        const parts = entries.map(each => (each.typeflag === '0' ? { ...each, content: 'hostile' } : each));
        const error = await extractParts(place, parts);
        if (error === null) extracted++;
        else assert.ok(['E_UNSAFE_ENTRY', 'E_WRITE', 'E_BAD_TAR'].includes(error.code), error.stack);
        assert.deepEqual(place.surroundings(), around);
        for (const [name, is] of Object.entries(snapshot(place.target, { modes: false }))) {
          assert.ok(!name.includes('.tmp_'), name);
          if (is.startsWith('link to') && !(own.has(name) && is === 'link to ../outside')) assertInside(place, name);
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(extracted > 0, 'every list was refused: that shows nothing of what is extracted');
  });

  function assertInside(place: Place, name: string): void {
    let resolved: string;
    try {
      resolved = realpathSync(join(place.target, name));
    } catch {
      return;
    }
    // A link of this run may lead to one that was there before, which is the user's own.
    const target = realpathSync(place.target);
    const isOwn = resolved.startsWith(realpathSync(place.outside)) && existsSync(place.outside);
    assert.ok(resolved === target || resolved.startsWith(`${target}/`) || isOwn, `${name} leads to ${resolved}`);
  }
});

describe('on the command line', { skip }, () => {
  const parts = [file('a/first'), { name: 'a/l\n', typeflag: '2', linkname: 'first' }, file('../secret'), file('last')];

  it('a refusal is exit code 2, names the entry, and lists what was written before', async () => {
    const place = newPlace(work);
    const archive = join(place.root, 'x.tar.xz');
    writeFileSync(archive, xz(tarOfParts(...parts)));
    const { code, stdout, stderr } = await runCli(['extract', archive, '-C', place.target]);
    assert.equal(code, 2);
    assert.equal(stdout.length, 0);
    assert.deepEqual(stderr.trimEnd().split('\n'), [
      'Written before the failure, 2 entries:',
      '  a/first',
      '  a/l\\n',
      `kheaders-pack: Refused to extract "../secret" of "${archive}": its name holds ".."`,
    ]);
    assertHoldsOnly(place.target, ['a']);
  });

  it('and with --json as data', async () => {
    const place = newPlace(work);
    const input = xz(tarOfParts(...parts));
    const { code, stdout } = await runCli(['extract', '-', '-C', place.target, '--json', '-q'], { input });
    assert.equal(code, 2);
    const { schema, error, written } = JSON.parse(stdout.toString());
    assert.equal(schema, 'kheaders-pack/extract-failure/1');
    assert.deepEqual([error.code, error.facts.entry], ['E_UNSAFE_ENTRY', '../secret']);
    assert.deepEqual(written, [
      { kind: 'regular', path: 'a/first' },
      { kind: 'symlink', path: 'a/l\n' },
    ]);
  });

  it('a damaged tar is exit code 1, with what came before the damage extracted', async () => {
    const place = newPlace(work);
    const input = xz(Buffer.concat([gnuEntry(file('a')), Buffer.from('no header'.padEnd(512))]));
    const { code, stderr } = await runCli(['extract', '-', '-C', place.target], { input });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /Written before the failure, 1 entries:\n {2}a\n.*Damaged tar in "standard input": no entry header/,
    );
    assertHoldsOnly(place.target, ['a']);
  });
});

it('extractBytes of what is no archive is an error, and writes nothing', { skip }, async () => {
  const place = newPlace(work);
  assert.equal((await extractBytes(place, Buffer.from('no archive at all'.repeat(10))))?.code, 'E_BAD_XZ');
  assertHoldsOnly(place.target, []);
});
