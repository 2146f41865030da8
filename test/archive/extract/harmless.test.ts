import assert from 'node:assert/strict';
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ExtractOptions } from 'kheaders-pack';
import { fromLatin1, printable } from '../../../src/bytes/bytePath.js';
import { extractParts, newPlace, type Parts, type Place } from '../../support/hostile.js';
import { assertHoldsOnly } from '../../support/litter.js';
import { scratch } from '../../support/scratch.js';
import { paxHeader } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { directory, file, hardLink, link } from './entries.js';

const work = scratch({ after });
const skip = unless('xz');

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
    for (const name of ['backup', '/dev/sda backup', '../backup', 'a\0b', 'n'.repeat(300), '.']) {
      const notices: string[] = [];
      const target = await taken([paxHeader({ path: name }), { name: 'x', typeflag: 'V' }, file('a')], {
        onNotice: text => notices.push(text),
      });
      assertHoldsOnly(target, ['a']);
      assert.deepEqual(notices, [`Passed over the label "${printable(fromLatin1(name))}", which is no file`]);
    }
  });

  it('a label that is not asked for, without a word', async () => {
    const notices: string[] = [];
    const options = { patterns: ['a'], onNotice: (text: string) => notices.push(text) };
    assertHoldsOnly(await taken([{ name: '/b', typeflag: 'V' }, file('a')], options), ['a']);
    assert.deepEqual(notices, []);
  });
});
