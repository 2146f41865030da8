import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { commitAll, openSink, type Sink } from '../../src/archive/sink.js';
import { assertHoldsOnly } from '../support/litter.js';
import { scratch } from '../support/scratch.js';

async function filled(path: string, text: string): Promise<Sink> {
  const sink = await openSink({ kind: 'file', path }, new AbortController().signal);
  await sink.write(Buffer.from(text));
  return sink;
}

describe('outputs that are made final together', () => {
  it('take their places, all of them', async t => {
    const out = scratch(t);
    const [archive, manifest] = [join(out, 'a'), join(out, 'm')];
    writeFileSync(archive, 'old archive');
    await commitAll([await filled(archive, 'new archive'), await filled(manifest, 'new manifest')]);
    assert.equal(readFileSync(archive, 'utf8'), 'new archive');
    assert.equal(readFileSync(manifest, 'utf8'), 'new manifest');
    assertHoldsOnly(out, ['a', 'm']);
  });

  it('leave everything as it was when one of them cannot', async t => {
    const out = scratch(t);
    const [archive, sums, manifest] = [join(out, 'a'), join(out, 's'), join(out, 'm')];
    writeFileSync(archive, 'old archive');
    const inode = statSync(archive).ino;
    const sinks = [await filled(archive, 'new'), await filled(sums, 'new'), await filled(manifest, 'new')];
    // Nothing was there when it was opened; now no file can be renamed to it.
    mkdirSync(manifest);
    await assert.rejects(commitAll(sinks), { code: 'E_WRITE', message: `Cannot write "${manifest}": is a directory` });
    for (const sink of sinks) await sink.discard();
    assert.equal(readFileSync(archive, 'utf8'), 'old archive');
    assert.equal(statSync(archive).ino, inode);
    assertHoldsOnly(out, ['a', 'm']);
  });

  it('are taken back one and all, though one cannot be, and the first error is what is told', async t => {
    const out = scratch(t);
    const [archive, manifest, sums, trace] = [join(out, 'a'), join(out, 'm'), join(out, 's'), join(out, 't')];
    writeFileSync(archive, 'old');
    const stuck = await filled(manifest, 'new');
    const fail = (): never => {
      throw new Error('it cannot be taken back');
    };
    const sinks = [
      await filled(archive, 'new'),
      { ...stuck, place: (old: 'kept' | 'gone') => ({ ...stuck.place(old), undo: fail }) },
      await filled(sums, 'new'),
      await filled(trace, 'new'),
    ];
    mkdirSync(trace);
    await assert.rejects(commitAll(sinks), { code: 'E_WRITE', message: `Cannot write "${trace}": is a directory` });
    for (const sink of sinks) await sink.discard();
    assert.equal(readFileSync(archive, 'utf8'), 'old');
    assertHoldsOnly(out, ['a', 'm', 't']);
  });

  it('leave nothing of the old file behind, and its other names keep it', async t => {
    const out = scratch(t);
    writeFileSync(join(out, 'a'), 'old');
    linkSync(join(out, 'a'), join(out, 'other'));
    await commitAll([await filled(join(out, 'a'), 'new'), await filled(join(out, 'm'), 'new')]);
    assert.equal(readFileSync(join(out, 'other'), 'utf8'), 'old');
    assert.equal(statSync(join(out, 'other')).nlink, 1);
    assertHoldsOnly(out, ['a', 'm', 'other']);
  });
});
