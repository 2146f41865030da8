import assert from 'node:assert/strict';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ExtractOptions } from 'kheaders-pack';
import { fromLatin1, printable } from '../../../src/bytes/bytePath.js';
import { extractParts, newPlace, type Parts, type Place } from '../../support/hostile.js';
import { scratch } from '../../support/scratch.js';
import { snapshot } from '../../support/snapshot.js';
import { POSIX_MAGIC, paxHeader, record } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { directory, file, hardLink, link } from './entries.js';

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
  ...[{}, { outsideLinks: true }].flatMap(options => [
    { what: `a link to nothing ${JSON.stringify(options)}`, parts: [link('l', '')], reason: /to nothing/, options },
    {
      what: `a NUL in a link's target ${JSON.stringify(options)}`,
      parts: [paxHeader({ linkpath: 'a\0b' }), link('l', 'x')],
      reason: /target's name holds a NUL/,
      options,
    },
    {
      what: `a NUL in a GNU long target ${JSON.stringify(options)}`,
      parts: [record({ name: '././@LongLink', typeflag: 'K', content: 'abc\0def\0' }), link('l', 'x')],
      reason: /target's name holds a NUL/,
      options,
    },
  ]),
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
  {
    what: 'a hard link to a file outside',
    parts: [hardLink('h', '../secret')],
    reason: /no regular file or symbolic link before it/,
  },
  { what: 'a hard link to an absolute path', parts: [hardLink('h', '{root}/secret')], reason: /no regular file/ },
  { what: 'a hard link to what is not there', parts: [hardLink('h', 'f')], reason: /no regular file/ },
  { what: 'a hard link to what comes later', parts: [hardLink('h', 'f'), file('f')], entry: 'h', reason: /no regular/ },
  {
    what: 'a hard link to a link that leads out from where the hard link is',
    parts: [link('a/b/l', '../../x'), hardLink('h', 'a/b/l')],
    reason: /leads out of the target/,
  },
  {
    what: 'a hard link to such a hard link',
    parts: [link('a/b/l', '../../x'), hardLink('a/b/m', './a/b/l'), hardLink('a/n', 'a//b/m')],
    reason: /leads out of the target/,
  },
  {
    what: 'a hard link to a link that leads out once its leading components are gone',
    parts: [link('a/b/c/l', '../x'), hardLink('a/b/h', 'a/b/c/l')],
    reason: /leads out of the target/,
    options: { stripComponents: 2 },
  },
  ...['../../secret', '{root}/secret'].map(target => ({
    what: `a hard link to a link to ${target} that is left out`,
    parts: [link('l', target), hardLink('kept/h', 'l')],
    reason: /leads out of the target|an absolute path/,
    options: { patterns: ['before', 'kept'] },
  })),
  {
    what: 'a hard link to a link that a directory left out has replaced',
    parts: [link('left/l', 'x'), directory('left/l/'), hardLink('kept/h', 'left/l')],
    reason: /no regular file or symbolic link/,
    options: { patterns: ['before', 'kept'] },
  },
  {
    what: 'a file through a hard link to a link that leads out, where such links are made',
    parts: [link('l', '../outside'), hardLink('h', 'l'), file('h/x')],
    reason: /below what .* symbolic link/,
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
    {
      what: `a hard link of mode ${mode.toString(8)}`,
      parts: [file('f'), { ...hardLink('x', 'f'), mode }],
      reason: /sets setuid, setgid or sticky/,
    },
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
  ...[file('a'), directory('a/')].map(part => ({
    what: `a hard link to a link in the place of ${part.name}`,
    parts: [part, link('l', 'b'), hardLink('a', 'l')],
    reason: /made a (?:file|directory)/,
  })),
  {
    what: 'a file in the place of a hard link to a link',
    parts: [link('l', 'b'), hardLink('a', 'l'), file('a')],
    reason: /made a symbolic link/,
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
