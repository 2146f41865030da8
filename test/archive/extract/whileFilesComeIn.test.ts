import assert from 'node:assert/strict';
import { readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { extract } from 'kheaders-pack';
import { newPlace, type Parts, type Place, xz } from '../../support/hostile.js';
import { scratch } from '../../support/scratch.js';
import { snapshot } from '../../support/snapshot.js';
import { gnuEntry, tarOfParts } from '../../support/tarBuilder.js';
import { unless } from '../../support/tools.js';
import { directory, file } from './entries.js';

const work = scratch({ after });
const skip = unless('xz');

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
