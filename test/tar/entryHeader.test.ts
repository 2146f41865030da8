import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import {
  type EntryMetadata,
  endOfArchiveSize,
  entryHeaderSize,
  entrySize,
  MTIME_MAX,
  writeEntryHeaders,
} from '../../src/tar/entryHeader.js';
import { CONTRACT, firstHeader, gnuTar, noGnuTar } from './gnuTar.js';

const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-entry-'));
after(() => rmSync(scratch, { recursive: true }));

const base = { mode: 0o644, size: 0, mtime: 0, linkname: fromLatin1('') } as const;
const LENGTHS = [...Array(300).keys()].map(i => i + 1);

function pathIn(directory: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name, 'latin1')]);
}

/** A directory of its own for a test. */
function fresh(name: string): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  return directory;
}

/** The whole archive as we make it; contents are zeros. */
function ours(entries: readonly EntryMetadata[]): Buffer {
  const size = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  const tar = Buffer.alloc(size + endOfArchiveSize(size));
  let at = 0;
  for (const entry of entries) {
    assert.equal(writeEntryHeaders(entry, tar, at), at + entryHeaderSize(entry));
    at += entrySize(entry);
  }
  return tar;
}

function assertSame(entries: readonly EntryMetadata[], directory: string, mtime: string): void {
  const names = entries.map(entry => entry.name);
  const theirs = gnuTar(directory, names, ['--format=gnu', ...CONTRACT, `--mtime=${mtime}`]);
  assert.deepEqual(ours(entries), theirs);
}

/** A name of this many bytes, each component short enough for a file system, unlike any other. */
function nameOf(length: number, first: string): string {
  const flat = first.padEnd(length, '0123456789');
  return length <= 250 ? flat : `${'d'.repeat(240)}/${flat.slice(241)}`;
}

describe('an entry is, byte for byte, what GNU tar writes', { skip: noGnuTar }, () => {
  it('for names of 1 to 300 bytes', () => {
    const directory = fresh('names');
    const names = LENGTHS.map(length => nameOf(length, 'n'));
    for (const name of names) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), Buffer.alloc(name.length % 3 === 0 ? 0 : name.length * 5));
    }
    const entries = names.map(name => ({
      ...base,
      typeflag: '0' as const,
      name: fromLatin1(name),
      size: name.length % 3 === 0 ? 0 : name.length * 5,
      mtime: 1700000000,
    }));
    assertSame(entries, directory, '@1700000000');
  });

  it('for symbolic links with targets of 1 to 300 bytes', () => {
    const directory = fresh('symlinks');
    const entries = LENGTHS.map(length => ({
      ...base,
      typeflag: '2' as const,
      name: fromLatin1(nameOf(1 + (length % 200), `l${length}.`)),
      linkname: fromLatin1('t/'.repeat(200).slice(0, length)),
    }));
    for (const entry of entries) symlinkSync(entry.linkname, join(directory, entry.name));
    assertSame(entries, directory, '@0');
  });

  it('for a symbolic link whose name and target are both long', () => {
    const directory = fresh('both');
    const entry = { ...base, typeflag: '2', name: fromLatin1('n'.repeat(180)), linkname: fromLatin1('t'.repeat(255)) };
    symlinkSync(entry.linkname, join(directory, entry.name));
    assertSame([entry as EntryMetadata], directory, '@0');
  });

  it('for hard links to members with names of 99 to 102, 255 and 256 bytes', () => {
    const directory = fresh('hardlinks');
    const entries = [99, 100, 101, 102, 255, 256].flatMap(length => {
      const name = nameOf(length, `m${length}.`);
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), '');
      linkSync(join(directory, name), join(directory, `z${length}`));
      const member = { ...base, typeflag: '0' as const, name: fromLatin1(name) };
      const link = {
        ...base,
        typeflag: '1' as const,
        name: fromLatin1(`z${length}`),
        linkname: fromLatin1(name),
      };
      return [member, link];
    });
    assertSame(entries, directory, '@0');
  });

  it('for directories, whose slash counts, and for the top', () => {
    const directory = fresh('directories');
    const names = ['.', ...[97, 98, 99, 100, 101, 250].map(length => `./${'d'.repeat(length - 2)}`)];
    for (const name of names) mkdirSync(join(directory, name), { recursive: true });
    const entries = names.map(name => ({
      ...base,
      typeflag: '5' as const,
      mode: 0o755,
      name: fromLatin1(`${name}/`),
    }));
    const theirs = gnuTar(directory, names, ['--format=gnu', ...CONTRACT, '--mtime=@0']);
    assert.deepEqual(ours(entries), theirs);
  });

  it('for names with a newline, blanks, and bytes that are not UTF-8', () => {
    const directory = fresh('bytes');
    const names = [
      'a\nb.h',
      ' leading',
      '-dash',
      '\xff\xfe.h',
      '\xc3\x28',
      `${'\xe4'.repeat(150)}.h`,
      '\\x',
      '"q"',
      '*?[',
    ];
    for (const name of names) writeFileSync(pathIn(directory, name), '');
    const entries = names.map(name => ({ ...base, typeflag: '0' as const, name: fromLatin1(name) }));
    assertSame(entries, directory, '@0');
  });

  it('for the first and the last mtime', () => {
    const directory = fresh('mtimes');
    writeFileSync(join(directory, 'x.h'), '');
    for (const mtime of [0, 1, 2 ** 31, 2 ** 32, MTIME_MAX]) {
      assertSame([{ ...base, typeflag: '0', name: fromLatin1('x.h'), mtime }], directory, `@${mtime}`);
    }
  });

  it('for sizes about 8 GiB, where octal digits end', () => {
    const directory = fresh('sizes');
    for (const size of [2 ** 32, 2 ** 33 - 1, 2 ** 33, 2 ** 33 + 1, 2 ** 35 + 12345]) {
      writeFileSync(join(directory, 'huge.h'), '');
      truncateSync(join(directory, 'huge.h'), size);
      const header = Buffer.alloc(512);
      writeEntryHeaders({ ...base, typeflag: '0', name: fromLatin1('huge.h'), size }, header, 0);
      assert.deepEqual(header, firstHeader(directory, 'huge.h', ['--format=gnu', ...CONTRACT, '--mtime=@0']));
    }
  });
});
