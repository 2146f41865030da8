import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Piece } from '../../src/bytes/piece.js';
import type { TarEntry } from '../../src/model/tarEntry.js';
import { decodeHeader } from '../../src/tar/decodeHeader.js';
import { readTar } from '../../src/tar/readTar.js';
import { succeeded } from '../support/archive.js';
import { run } from '../support/cli.js';
import { scratch } from '../support/scratch.js';
import { unless } from '../support/tools.js';
import { firstHeader, gnuTar, noGnuTar } from './gnuTar.js';

/** What GNU tar writes in each format, read: the fields that only that format has, and the values at its limits. */
const work = scratch({ after });

async function entriesOf(tar: Buffer): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  const bytes = async function* () {
    yield tar;
  };
  for await (const { entry } of readTar(bytes(), 'a.tar')) entries.push(entry);
  return entries;
}

async function only(tar: Buffer): Promise<TarEntry> {
  const [entry, ...others] = await entriesOf(tar);
  assert.ok(entry !== undefined && others.length === 0);
  return entry;
}

function file(name: string, content = 'x\n'): string {
  mkdirSync(join(work, name, '..'), { recursive: true });
  writeFileSync(join(work, name), content);
  return name;
}

const FORMATS = ['v7', 'oldgnu', 'gnu', 'ustar', 'posix'] as const;
const READS_AS = { v7: 'v7', oldgnu: 'gnu', gnu: 'gnu', ustar: 'ustar', posix: 'pax' } as const;

describe('GNU tar, --format=', { skip: noGnuTar }, () => {
  it('v7, oldgnu, gnu, ustar and posix: kinds, modes, owners, times, sizes and targets of links', async () => {
    file('kinds/a.h', 'abc');
    linkSync(join(work, 'kinds/a.h'), join(work, 'kinds/b.h'));
    symlinkSync('a.h', join(work, 'kinds/l'));
    utimesSync(join(work, 'kinds/a.h'), 1_700_000_000, 1_700_000_000);
    const names = ['kinds', 'kinds/a.h', 'kinds/b.h', 'kinds/l'];
    for (const format of FORMATS) {
      const tar = gnuTar(work, names, [`--format=${format}`, '--owner=:1001', '--group=:1002', '--mode=0750']);
      const entries = await entriesOf(tar);
      assert.deepEqual(
        entries.map(({ name, typeflag, size, linkname }) => [name, typeflag, size, linkname]),
        [
          ['kinds/', '5', 0, ''],
          ['kinds/a.h', '0', 3, ''],
          ['kinds/b.h', '1', 0, 'kinds/a.h'],
          ['kinds/l', '2', 0, 'a.h'],
        ],
        format,
      );
      for (const { mode, uid, gid } of entries) assert.deepEqual([mode, uid, gid], [0o750, 1001, 1002], format);
      assert.equal(entries[1]?.mtime, 1_700_000_000, format);
      assert.deepEqual(new Set(entries.map(entry => entry.format)), new Set([READS_AS[format]]), format);
    }
  });

  it('v7: no owner by name, and a directory by the slash behind its name', async () => {
    mkdirSync(join(work, 'v7dir'));
    const tar = gnuTar(work, ['v7dir'], ['--format=v7', '--owner=root:0', '--group=root:0']);
    assert.equal(tar.toString('latin1', 156, 157), '5');
    // As the oldest programs wrote it.
    tar[156] = 0;
    tar.write(`${(0o12345).toString(8)}`, 148);
    const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const { name, typeflag, uname, gname } = await only(tar);
    assert.deepEqual([name, typeflag, uname, gname], ['v7dir/', '5', '', '']);
  });

  it('oldgnu, gnu, ustar and posix: owners by name', async () => {
    file('named');
    for (const format of FORMATS.slice(1)) {
      const tar = gnuTar(work, ['named'], [`--format=${format}`, '--owner=someone:7', '--group=some:8']);
      const { uname, gname, uid, gid } = await only(tar);
      assert.deepEqual([uname, gname, uid, gid], ['someone', 'some', 7, 8], format);
    }
  });

  it('gnu and oldgnu: names and targets over 100 bytes, in L and K entries', async () => {
    const [long, target] = ['n'.repeat(200), 't/'.repeat(90)];
    file(long);
    symlinkSync(target, join(work, 'far'));
    symlinkSync(target, join(work, `${long}.l`));
    for (const format of ['gnu', 'oldgnu']) {
      const entries = await entriesOf(gnuTar(work, [long, 'far', `${long}.l`], [`--format=${format}`]));
      assert.deepEqual(
        entries.map(({ name, linkname }) => [name, linkname]),
        [
          [long, ''],
          ['far', target],
          [`${long}.l`, target],
        ],
      );
    }
  });

  it('ustar: names over 100 bytes, in prefix and name', async () => {
    const name = file(`${'p'.repeat(100)}/${'q'.repeat(50)}/${'n'.repeat(95)}`);
    const tar = gnuTar(work, [name], ['--format=ustar']);
    assert.notEqual(tar[345], 0);
    assert.equal((await only(tar)).name, name);
  });

  it('posix: names and targets of any length and of any bytes of UTF-8, times to the nanosecond', async () => {
    const name = `caf\xc3\xa9/${'n'.repeat(250)}`;
    file(Buffer.from(name, 'latin1').toString('utf8'));
    symlinkSync('t/'.repeat(400), join(work, 'pax-far'));
    const entries = await entriesOf(gnuTar(work, [name, 'pax-far'], ['--format=posix', '--mtime=@1700000000.75']));
    assert.deepEqual(
      entries.map(each => [each.name, each.linkname, each.mtime, each.format]),
      [
        [name, '', 1_700_000_000.75, 'pax'],
        ['pax-far', 't/'.repeat(400), 1_700_000_000.75, 'pax'],
      ],
    );
  });

  it('posix: a global header holds for all entries behind it', async () => {
    file('global');
    const tar = gnuTar(
      work,
      ['global'],
      ['--format=posix', '--pax-option=mtime=12345,comment=text,uname=paxer,delete=?time'],
    );
    assert.equal(tar.toString('latin1', 156, 157), 'g');
    const { mtime, uname } = await only(tar);
    assert.deepEqual([mtime, uname], [12_345, 'paxer']);
  });

  it("posix: what is asked for with := is the entry's own", async () => {
    file('own');
    const tar = gnuTar(work, ['own'], ['--format=posix', '--pax-option=mtime:=54321.9,uid:=4000000000,path:=other']);
    const { name, mtime, uid } = await only(tar);
    assert.deepEqual([name, mtime, uid], ['other', 54_321.9, 4_000_000_000]);
  });

  it('gnu and oldgnu: numbers that octal digits cannot say, in base-256: sizes from 8 GiB, owners, times before 1970', () => {
    for (const format of ['gnu', 'oldgnu']) {
      const name = file(`large.${format}`, '');
      for (const size of [8 ** 11 - 1, 8 ** 11, 2 ** 40 + 1]) {
        truncateSync(join(work, name), size);
        const options = [`--format=${format}`, '--owner=:3000000', '--group=:2097151', '--mtime=@-5'];
        const header = decodeHeader(new Piece(firstHeader(work, name, options)), 0, 0);
        assert.deepEqual([header.size, header.uid, header.gid, header.mtime], [size, 3_000_000, 2_097_151, -5]);
      }
    }
  });

  it('posix: sizes from 8 GiB and large owners, in pax records', async () => {
    const name = file('large.pax', '');
    truncateSync(join(work, name), 8 ** 11);
    const args = ['--format=posix', '--owner=:3000000', '-C', work, '-cf', '-', name];
    const { stdout } = await run('sh', ['-c', 'tar "$@" | head -c 1536', 'sh', ...args]);
    assert.equal(stdout.length, 1536);
    await assert.rejects(only(stdout), (error: Error) => {
      assert.match(error.message, /it ends inside the 8589934592 bytes of "large\.pax"/);
      return true;
    });
  });

  it('a FIFO and a contiguous file keep their typeflags', { skip: unless('mkfifo') }, async () => {
    succeeded(await run('mkfifo', [join(work, 'fifo')]));
    for (const format of ['gnu', 'ustar', 'posix']) {
      const { typeflag, size } = await only(gnuTar(work, ['fifo'], [`--format=${format}`]));
      assert.deepEqual([typeflag, size], ['6', 0]);
    }
  });

  it('the second volume of two begins with an entry of typeflag M, the rest of a file', async () => {
    const volumes = [1, 2].map(i => join(work, `volume-${i}.tar`));
    const name = file('split', 'x'.repeat(15_000));
    const script = `tar --format=gnu -C "$1" -cM -L 10 -f "$2" -f "$3" "$4"`;
    succeeded(await run('sh', ['-c', script, 'sh', work, ...volumes, name], { input: '' }));
    const { stdout } = succeeded(await run('cat', [volumes[1] ?? '']));
    const [rest] = await entriesOf(stdout);
    assert.deepEqual([rest?.typeflag, rest?.name], ['M', name]);
    assert.ok((rest?.size ?? 0) > 0 && (rest?.size ?? 0) < 15_000);
  });
});
