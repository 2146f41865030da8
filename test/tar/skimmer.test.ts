import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { readTar } from '../../src/tar/readTar.js';
import { scratch } from '../support/scratch.js';
import { PIXZ_INDEX, paxHeader, tarOfParts, V7_MAGIC } from '../support/tarBuilder.js';
import { gnuTar, noGnuTar } from './gnuTar.js';
import { type Cuts, countIn, excerptsOf } from './skimmed.js';

const RECORD = 512;
const WHOLE: Cuts = { part: () => 2 ** 30, piece: () => 2 ** 30, isTaken: () => false };

const work = scratch({ after });
mkdirSync(join(work, 'd'));
for (let i = 0; i < 20; i++) writeFileSync(join(work, `d/${i}.h`), `#define A${i}\n`.repeat(97 * i));
writeFileSync(join(work, 'large'), Buffer.alloc(100_001, 'large '));
writeFileSync(join(work, 'zeros'), Buffer.alloc(20_000));
symlinkSync('d/1.h', join(work, 'link'));
const LONG = 'n'.repeat(120);
writeFileSync(join(work, LONG), 'long\n');
const files = Array.from({ length: 20 }, (_, i) => `d/${i}.h`);
const SHORT = ['d', ...files, 'large', 'link', 'zeros', 'd'];
const NAMES = [...SHORT.slice(0, 9), LONG, ...SHORT.slice(9), LONG];

/** Bytes that are handed over of a tar. */
function keptOf(tar: Buffer, cuts: Cuts): number {
  return excerptsOf(tar, cuts).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

async function entriesOf(tar: Buffer): Promise<number> {
  let count = 0;
  for await (const _ of readTar(one(tar), 'a.tar')) count++;
  return count;
}

async function* one<T>(item: T): AsyncGenerator<T, void, undefined> {
  yield item;
}

const cuts: fc.Arbitrary<Cuts> = fc.gen().map(gen => ({
  part: () => RECORD * gen(fc.integer, { min: 1, max: 100 }),
  piece: () => gen(fc.integer, { min: 1, max: 9000 }),
  isTaken: () => gen(fc.boolean),
}));

describe('a tar that is skimmed', { skip: noGnuTar }, () => {
  for (const [format, names] of [
    ['gnu', NAMES],
    ['oldgnu', NAMES],
    ['pax', NAMES],
    ['ustar', SHORT],
  ] as const) {
    it(`of format ${format} has as many entries as when it is read, however it is cut`, async () => {
      const tar = gnuTar(work, names, [`--format=${format}`]);
      const expected = await entriesOf(tar);
      assert.equal(await countIn(excerptsOf(tar, WHOLE)), expected);
      assert.equal(await countIn(excerptsOf(tar, WHOLE, false)), expected);
      await fc.assert(
        fc.asyncProperty(cuts, fc.boolean(), async (cut, isPlain) => {
          assert.equal(await countIn(excerptsOf(tar, cut, isPlain)), expected);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('is handed over but for contents and plain members', () => {
    const plain = gnuTar(work, SHORT, ['--format=gnu']);
    const end = plain.length - (plain.lastIndexOf('d/\0') + RECORD);
    assert.equal(keptOf(plain, WHOLE), RECORD + end, 'the first header and the zeros at the end');
    const withLong = gnuTar(work, [...SHORT, LONG, ...SHORT], ['--format=gnu', '--blocking-factor=1']);
    // The first header, the long name's and itself, the header that it is for, and the end.
    assert.equal(keptOf(withLong, WHOLE), (1 + 3 + 2) * RECORD);
  });

  it('may end with zeros and an index, whole, or it is for another to read', async () => {
    const tar = gnuTar(work, SHORT, ['--format=gnu', '--blocking-factor=1']);
    const expected = await entriesOf(tar);
    const zeros = Buffer.alloc(RECORD);
    assert.equal(await countIn(excerptsOf(Buffer.concat([tar, zeros, zeros]), WHOLE)), expected);
    assert.equal(await countIn(excerptsOf(Buffer.concat([tar, PIXZ_INDEX]), WHOLE)), expected);
    // pixz puts it into a Block of its own.
    const name = Buffer.concat([Buffer.from(`${LONG}\0`), Buffer.alloc(8)]);
    const long = Buffer.concat([PIXZ_INDEX.subarray(0, 8), ...Array(20).fill(name), Buffer.alloc(9)]);
    for (const index of [PIXZ_INDEX, long]) {
      const sizes = [tar.length, index.length];
      const part = (): number => sizes.shift() ?? 0;
      assert.equal(await countIn(excerptsOf(Buffer.concat([tar, index]), { ...WHOLE, part })), expected);
    }
    for (const bad of [tar.subarray(0, -RECORD), tar.subarray(0, -2 * RECORD), Buffer.concat([tar, tar])]) {
      assert.equal(await countIn(excerptsOf(bad, WHOLE)), null);
    }
    const inTheMiddle = Buffer.concat([tar.subarray(0, RECORD), zeros, tar.subarray(RECORD)]);
    assert.equal(await countIn(excerptsOf(inTheMiddle, WHOLE)), null);
  });

  it('of which a part begins with what looks like a member is for another to read, or the same', async () => {
    const inner = gnuTar(work, SHORT, ['--format=gnu']);
    const tar = tarOfParts(
      { name: 'first' },
      { name: 'inner.tar', content: inner.toString('latin1') },
      { name: 'last' },
    );
    let counted = 0;
    for (let part = RECORD; part <= tar.length; part += RECORD) {
      const count = await countIn(excerptsOf(tar, { ...WHOLE, part: () => part }));
      assert.ok(count === null || count === 3, `${part}: ${count}`);
      if (count === 3) counted++;
    }
    assert.ok(counted > 0);
  });

  it('with headers that hold for many, or none that we know, is for another to read', async () => {
    const files = Array.from({ length: 5 }, (_, i) => ({ name: `${i}` }));
    const forAll = (records: Readonly<Record<string, string>>): Buffer => tarOfParts(paxHeader(records, 'g'), ...files);
    assert.equal(await countIn(excerptsOf(forAll({ comment: 'c' }), WHOLE)), files.length);
    assert.equal(await countIn(excerptsOf(forAll({ mtime: '7' }), WHOLE)), null);
    const forOne = tarOfParts(...files, paxHeader({ path: 'p' }), ...files);
    assert.equal(await countIn(excerptsOf(forOne, WHOLE)), 2 * files.length);
    const v7 = Array.from({ length: 9 }, (_, i) => ({ name: `${i}`, magic: V7_MAGIC, content: 'x' }));
    assert.equal(await countIn(excerptsOf(tarOfParts(...v7), WHOLE)), null);
    // Behind one that we know, all is handed over.
    assert.equal(await countIn(excerptsOf(tarOfParts({ name: 'z' }, { name: 'a', magic: V7_MAGIC }), WHOLE)), 2);
  });
});
