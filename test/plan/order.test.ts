import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import type { Order } from '../../src/model/settings.js';
import { entryOf, membersOf } from '../../src/plan/entries.js';
import { noGnuTar } from '../tar/gnuTar.js';
import { membersOf as membersOfTar } from '../tar/walkTar.js';
import { regular, symlink } from './planSamples.js';

const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-order-'));
after(() => rmSync(scratch, { recursive: true }));

/** Names between which a slash, a blank, a dot or a high byte decides. */
const AWKWARD = [
  'a.h',
  'a/b.h',
  'a/b/c.h',
  'a-b/x.h',
  'a.b/x.h',
  'a b/x.h',
  'a+/x.h',
  'a0/x.h',
  'A/x.h',
  'aa.h',
  'a\x01/x.h',
  'a\x01.h',
  'b/\xff.h',
  'b/\xc3\xa4.h',
  'b/z.h',
  'b/a/z.h',
  'b/_.h',
  'b/~.h',
  'b/.hidden.h',
  'c\n/x.h',
  'c\t.h',
  'x.h/y.h',
  'x.h.h',
  'x.hh',
];

function namesIn(paths: readonly string[], order: Order): string[] {
  const files = paths.map(path => regular(path, 1));
  return membersOf(files, order).map(member => entryOf(member, 'none').name);
}

function bytes(path: string): Buffer {
  return Buffer.concat([Buffer.from(`${scratch}/`), Buffer.from(path, 'latin1')]);
}

test("the order gnu is GNU tar's --sort=name", { skip: noGnuTar }, () => {
  for (const path of AWKWARD) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) mkdirSync(bytes(path.slice(0, slash)), { recursive: true });
    writeFileSync(bytes(path), '');
  }
  const options = ['--format=gnu', '--sort=name', '-C', scratch, '-cf', '-', '.'];
  const { stdout } = spawnSync('tar', options, { env: { ...process.env, LC_ALL: 'C', TAR_OPTIONS: '' } });
  const theirs = membersOfTar(stdout).map(member =>
    stdout.toString('latin1', member.start, member.start + 100).replace(/\0.*$/s, ''),
  );
  assert.deepEqual(namesIn(AWKWARD, 'gnu'), theirs);
});

interface Directory {
  readonly files: Set<string>;
  readonly directories: Map<string, Directory>;
}

/** The order's definition, by recursion: a directory, then its files by name, then its directories by name. */
function filesFirst(paths: readonly string[]): string[] {
  const top: Directory = { files: new Set(), directories: new Map() };
  for (const path of paths) {
    const parts = path.split('/');
    const file = parts.pop() ?? '';
    let directory = top;
    for (const part of parts) {
      const inner = directory.directories.get(part) ?? { files: new Set(), directories: new Map() };
      directory.directories.set(part, inner);
      directory = inner;
    }
    directory.files.add(file);
  }
  const list = (prefix: string, directory: Directory): string[] => [
    prefix,
    ...[...directory.files].sort().map(name => prefix + name),
    ...[...directory.directories.keys()].sort().flatMap(name => {
      const inner = directory.directories.get(name);
      return inner === undefined ? [] : list(`${prefix}${name}/`, inner);
    }),
  ];
  return list('./', top);
}

/** The bytes about the slash, and two letters. */
const byte = fc.oneof(fc.integer({ min: 1, max: 0x2e }), fc.constantFrom(0x30, 0x61, 0x62));
const component = fc.array(byte, { minLength: 1, maxLength: 3 }).map(codes => String.fromCharCode(...codes));
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map(parts => `${parts.join('/')}.h`);

test("the order files-first lists a directory's files before its subdirectories, both by name", () => {
  assert.deepEqual(namesIn(AWKWARD, 'files-first'), filesFirst(AWKWARD));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 12 }), paths => {
      fc.pre(!paths.some(one => paths.some(other => other.startsWith(`${one}/`))));
      assert.deepEqual(namesIn(paths, 'files-first'), filesFirst(paths));
    }),
    { numRuns: 500 },
  );
});

test('every order writes each directory once, before what is in it, and the top first', () => {
  const order = fc.constantFrom<Order>('gnu', 'files-first');
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 12 }), order, (paths, chosen) => {
      fc.pre(!paths.some(one => paths.some(other => other.startsWith(`${one}/`))));
      const names = namesIn(paths, chosen);
      assert.equal(names[0], './');
      assert.equal(new Set(names).size, names.length);
      for (const [i, name] of names.entries()) {
        if (i === 0) continue;
        const parent = name.replace(/[^/]+\/?$/, '');
        assert.ok(names.indexOf(parent) < i && names.includes(parent), JSON.stringify(name));
      }
      assert.deepEqual(names.filter(name => !name.endsWith('/')).sort(), paths.map(one => `./${one}`).sort());
    }),
  );
});

test('only headers are stripped, whatever else is in a list', () => {
  const files = [regular('Makefile', 1), regular('a.h', 1), symlink('b.h', 'a.h')];
  const entries = membersOf(files, 'gnu').map(member => entryOf(member, 'kernel'));
  const strips = entries.map(entry => (entry.kind === 'regular' ? entry.source.strip : entry.kind));
  assert.deepEqual(strips, ['directory', 'none', 'kernel', 'symlink']);
  assert.equal(entries[1]?.name, fromLatin1('./Makefile'));
});
