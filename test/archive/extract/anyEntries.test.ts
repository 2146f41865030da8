import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { extractParts, newPlace, type Place } from '../../support/hostile.js';
import { scratch } from '../../support/scratch.js';
import { snapshot } from '../../support/snapshot.js';
import { unless } from '../../support/tools.js';

const work = scratch({ after });
const skip = unless('xz');

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
          if (is.startsWith('link to') && !(own.has(name) && is === 'link to ../outside'))
            assertInside(place, name, own.size > 0);
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(extracted > 0, 'every list was refused: that shows nothing of what is extracted');
  });

  /** @param hasOwn whether a link that was there before may lie on the way: where it leads is the user's business */
  function assertInside(place: Place, name: string, hasOwn: boolean): void {
    const path = join(place.target, name);
    const led = relative(place.target, resolve(dirname(path), readlinkSync(path)));
    assert.ok(!led.startsWith('..'), `${name} says ${led}`);
    if (hasOwn || !existsSync(path)) return;
    const resolved = relative(realpathSync(place.target), realpathSync(path));
    assert.ok(!resolved.startsWith('..'), `${name} leads to ${resolved}`);
  }
});
