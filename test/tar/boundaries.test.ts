import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { fromUtf8 } from '../../src/bytes/bytePath.js';
import { type Boundary, BoundaryFinder } from '../../src/tar/boundaries.js';
import { PIXZ_INDEX } from '../support/tarBuilder.js';
import { CONTRACT, gnuTar, noGnuTar } from './gnuTar.js';
import { membersOf } from './walkTar.js';

const scratch = mkdtempSync(join(tmpdir(), 'kheaders-pack-boundaries-'));
after(() => rmSync(scratch, { recursive: true }));

const SHORT = ['.', 'd', 'd/empty.h', 'd/one.h', 'd/link.h', 'large.h', 'last.h'];
const LONG = ['n'.repeat(101), 'n'.repeat(250), 'long-target.h', fromUtf8('größe.h')];
const ALL = [...SHORT.slice(0, 5), ...LONG, ...SHORT.slice(5)];
/** A pax header states names in UTF-8, so it has no room for this one. */
const NOT_UTF8 = '\xff.h';

before(() => {
  mkdirSync(join(scratch, 'd'));
  writeFileSync(join(scratch, 'd/empty.h'), '');
  writeFileSync(join(scratch, 'd/one.h'), 'x');
  symlinkSync('one.h', join(scratch, 'd/link.h'));
  writeFileSync(join(scratch, 'large.h'), Buffer.alloc(30_000, 'large '));
  writeFileSync(join(scratch, 'last.h'), Buffer.alloc(512, 'y'));
  symlinkSync('t'.repeat(200), join(scratch, 'long-target.h'));
  for (const name of ['n'.repeat(101), 'n'.repeat(250)]) writeFileSync(join(scratch, name), name);
  for (const name of [fromUtf8('größe.h'), NOT_UTF8]) {
    writeFileSync(Buffer.concat([Buffer.from(`${scratch}/`), Buffer.from(name, 'latin1')]), 'bytes');
  }
});

const FORMATS: readonly [string, readonly string[], readonly string[]][] = [
  ['gnu', ['--format=gnu', ...CONTRACT], [...ALL, NOT_UTF8]],
  ['pax', ['--format=pax', ...CONTRACT, '--mtime=@1.5'], ALL],
  ['pax with a global header', ['--format=pax', ...CONTRACT, '--pax-option=comment=nothing'], ALL],
  ['ustar', ['--format=ustar', ...CONTRACT], SHORT],
  ['v7', ['--format=v7', ...CONTRACT], SHORT],
];

async function find(tar: Buffer, sizes: () => number): Promise<Boundary[]> {
  const finder = new BoundaryFinder();
  const found: Boundary[] = [];
  for (let at = 0; at < tar.length; ) {
    const end = at + sizes();
    finder.push(tar.subarray(at, end));
    found.push(...finder.take());
    at = end;
  }
  finder.finish();
  found.push(...finder.take());
  return found;
}

for (const [format, options, names] of FORMATS) {
  describe(`boundaries in a tar of format ${format}`, { skip: noGnuTar }, () => {
    const tar = (): Buffer => gnuTar(scratch, names, options);
    const expected = (bytes: Buffer): number[] => membersOf(bytes).map(member => member.end - member.start);

    it('are where each member with its long names and extended headers ends', async () => {
      const bytes = tar();
      const found = await find(bytes, () => bytes.length);
      assert.deepEqual(
        found.map(boundary => boundary.size),
        expected(bytes),
      );
      assert.deepEqual(
        found.map(boundary => boundary.name.replace(/^\.?\/?(.*?)\/?$/, '$1')),
        names.map(name => (name === '.' ? '' : name)),
      );
    });

    it('are the same however the bytes come', async () => {
      const bytes = tar();
      const whole = await find(bytes, () => bytes.length);
      assert.deepEqual(await find(bytes, () => 1), whole);
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 10_000 })), async sizes => {
          assert.deepEqual(await find(bytes, () => sizes.next().value ?? 1), whole);
        }),
        { numRuns: 25 },
      );
    });
  });
}

describe('bytes that are no whole tar', { skip: noGnuTar }, () => {
  const fails = (bytes: Buffer): Promise<void> => assert.rejects(find(bytes, () => 1000));

  it('are refused when the tar ends inside a header or a content', async () => {
    const tar = gnuTar(scratch, ALL, ['--format=gnu', ...CONTRACT]);
    const large = membersOf(tar).find(member => member.end - member.start > 30_000);
    assert.ok(large !== undefined);
    await fails(tar.subarray(0, 700));
    await fails(tar.subarray(0, large.start + 5000));
  });

  it('are refused when a checksum does not hold', async () => {
    const tar = gnuTar(scratch, SHORT, ['--format=gnu', ...CONTRACT]);
    tar.write('!', 0);
    await fails(tar);
  });

  it('are refused when they are text', async () => {
    await fails(Buffer.alloc(20_000, '#define X 1\n'));
  });

  it('are refused when anything but zeros and a whole index of pixz follows the end, however they come', async () => {
    const tar = gnuTar(scratch, SHORT, ['--format=gnu', ...CONTRACT]);
    const whole = await find(tar, () => tar.length);
    const behind = (...parts: Buffer[]): Buffer => Buffer.concat([tar, ...parts]);
    for (const size of [1, 1000, 10 * tar.length]) {
      for (const good of [behind(Buffer.alloc(5000)), behind(PIXZ_INDEX), behind(Buffer.alloc(512), PIXZ_INDEX)]) {
        assert.deepEqual(await find(good, () => size), whole);
      }
      for (const bad of [
        behind(tar),
        behind(Buffer.from('x')),
        behind(PIXZ_INDEX.subarray(0, -1)),
        behind(PIXZ_INDEX, PIXZ_INDEX),
      ]) {
        const refused = find(bad, () => size);
        await assert.rejects(refused, { offset: tar.length, message: /^other bytes than zeros/ });
      }
    }
  });
});
