import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ExtractOptions, extract } from 'kheaders-pack';
import { extractParts, newPlace, type Parts, xz } from '../../support/hostile.js';
import { scratch } from '../../support/scratch.js';
import { type RawEntry, tarOfParts } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { directory, hardLink, link } from './entries.js';

const work = scratch({ after });
const skip = unless('xz');

/** Numbers of directories around that of which one is held open no longer. */
const NEARLY_CLOSED = [61, 62, 63, 64, 65, 66];

const file = (name: string, content: string): RawEntry => ({ name, content });

function filesInDirectories(count: number): RawEntry[] {
  return Array.from({ length: count }, (_, i) => file(`d${i}/f`, `content of ${i}`));
}

/** The target, with these parts extracted from a pipe. */
async function extracted(...parts: Parts): Promise<(path: string) => string> {
  const place = newPlace(work);
  assert.equal(await extractParts(place, parts), null);
  return path => readFileSync(join(place.target, path), 'utf8');
}

/** The same from a file, which can be read again for what was left out. */
async function extractedFromFile(parts: Parts, options: Partial<ExtractOptions>): Promise<string> {
  const place = newPlace(work);
  const archive = join(place.root, 'archive.tar.xz');
  writeFileSync(archive, xz(tarOfParts(...parts)));
  await extract({ archive, directory: place.target, jobs: 1, ...options });
  return place.target;
}

describe('a hard link leads to the file that it names', { skip }, () => {
  it('however many directories were opened since that was made', async () => {
    for (const between of NEARLY_CLOSED) {
      const contentOf = await extracted(...filesInDirectories(between), hardLink('new/h', 'd0/f'));
      assert.equal(contentOf('new/h'), 'content of 0', `${between} directories`);
    }
  });

  it('and not to one of the same name in a directory that is opened for the link', async () => {
    for (const between of NEARLY_CLOSED) {
      const files = filesInDirectories(between);
      const contentOf = await extracted(file('p/q/f', 'another'), ...files, hardLink('p/q/h', 'd0/f'));
      assert.equal(contentOf('p/q/h'), 'content of 0', `${between} directories`);
    }
  });

  it('as that was when it was archived, though its first name has other content since', async () => {
    const contentOf = await extracted(
      file('a', 'first'),
      hardLink('b', 'a'),
      hardLink('c', 'a'),
      file('a', 'second'),
      hardLink('d', 'b'),
      file('b', 'third'),
      hardLink('e', 'd'),
      hardLink('f', 'a'),
    );
    const contents = ['a', 'b', 'c', 'd', 'e', 'f'].map(contentOf);
    assert.deepEqual(contents, ['second', 'third', 'first', 'first', 'first', 'second']);
  });

  it('even where nothing that was extracted has that content any more', async () => {
    const parts = [file('a', 'first'), hardLink('left/b', 'a'), file('a', 'second'), hardLink('c', 'left/b')];
    const target = await extractedFromFile(parts, { patterns: ['a', 'c'] });
    assert.deepEqual(
      ['a', 'c'].map(name => readFileSync(join(target, name), 'utf8')),
      ['second', 'first'],
    );
  });
});

describe('a hard link to a symbolic link is one more of the same target', { skip }, () => {
  async function targetsOf(
    names: readonly string[],
    parts: Parts,
    options?: Partial<ExtractOptions>,
  ): Promise<string[]> {
    const place = newPlace(work);
    const before = place.surroundings();
    assert.equal(await extractParts(place, parts, options), null);
    assert.deepEqual(place.surroundings(), before);
    return names.map(name => readlinkSync(join(place.target, name)));
  }

  it('by way of other hard links too, and from another directory', async () => {
    const parts = [directory('d/'), link('d/l', './f'), hardLink('./d/m', 'd//l'), hardLink('n', './d/m')];
    assert.deepEqual(await targetsOf(['d/l', 'd/m', 'n'], parts), ['./f', './f', './f']);
  });

  it('as that was when it was archived', async () => {
    const parts = [link('l', 'a'), hardLink('m', 'l'), link('l', 'b'), hardLink('n', 'l'), hardLink('o', 'm')];
    assert.deepEqual(await targetsOf(['l', 'm', 'n', 'o'], parts), ['b', 'a', 'b', 'a']);
    assert.deepEqual(await targetsOf(['l'], [link('l', 'a'), hardLink('l', './l')]), ['a']);
  });

  it('that is left out, from a pipe too, and whatever of its name was there before', async () => {
    const parts = [
      file('left/l', 'content'),
      link('left/l', 'a'),
      hardLink('left/m', 'left/l'),
      hardLink('kept/n', 'left/m'),
    ];
    assert.deepEqual(await targetsOf(['kept/n'], parts, { patterns: ['kept'] }), ['a']);
  });

  it('that leads out, where such links are made', async () => {
    const parts = [link('l', '../secret'), hardLink('h', 'l')];
    assert.deepEqual(await targetsOf(['h'], parts, { outsideLinks: true }), ['../secret']);
  });

  it('and one to a file that has replaced one left out is a file', async () => {
    const place = newPlace(work);
    const parts = [link('l', 'a'), file('l', 'content'), link('m', 'a'), hardLink('m', 'l'), hardLink('kept/h', 'm')];
    writeFileSync(join(place.root, 'archive.tar.xz'), xz(tarOfParts(...parts)));
    await extract({
      archive: join(place.root, 'archive.tar.xz'),
      directory: place.target,
      patterns: ['kept'],
      jobs: 1,
    });
    assert.ok(lstatSync(join(place.target, 'kept/h')).isFile());
  });
});

it('a copy in place of a hard link never has special permission bits', { skip }, async () => {
  const parts = [file('left/f', 'content'), { ...hardLink('kept/h', 'left/f'), mode: 0o4755 }];
  const refused = extractedFromFile(parts, { patterns: ['kept'] });
  await assert.rejects(refused, { code: 'E_UNSAFE_ENTRY', message: /setuid, setgid or sticky/ });
  const plain = [file('left/f', 'content'), { ...hardLink('kept/h', 'left/f'), mode: 0o755 }];
  const target = await extractedFromFile(plain, { patterns: ['kept'] });
  assert.equal(statSync(join(target, 'kept/h')).mode & 0o7777, 0o755 & ~process.umask());
  assert.ok(!existsSync(join(target, 'left')));
});
