import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { BytePath } from '../../src/bytes/bytePath.js';
import { type Change, findChange, isSurelyUnchanged, stampAt } from '../../src/kbuild/change.js';
import { fingerprintReader } from '../../src/kbuild/fingerprint.js';
import { fileList, newState, readState, type State, writeState } from '../../src/kbuild/state.js';
import type { SelectedFile } from '../../src/model/plan.js';
import { selectFiles, selectStamps } from '../../src/tree/select.js';
import { sha256 } from '../support/snapshot.js';
import { plant, scratchDirectory } from '../tree/scratch.js';

const scratch = scratchDirectory('change');
const SELECTION = { profile: 'all', symvers: false, listed: null, include: [], exclude: [] } as const;
/** Milliseconds after the files changed: long enough for stamps to be trusted. */
const LONG_AFTER = 3_600_000;

let round = 0;
let tree = '';
let target = '';

beforeEach(() => {
  const work = join(scratch, String(++round));
  tree = plant(join(work, 'tree'), { 'a.h': '#define A 1 /* one */\n', 'b.h': '#define B 1\n', 'l.h': '-> a.h' });
  target = join(work, 'archive');
  writeFileSync(target, 'the archive');
});

const found = (): Map<BytePath, SelectedFile> => selectFiles({ sourceTree: tree, objectTree: null }, '', SELECTION);
const stamps = (): Map<BytePath, string> => selectStamps({ sourceTree: tree, objectTree: null }, '', SELECTION);
const reader = fingerprintReader({ strip: 'kernel' });
let readings: string[] = [];
const read = (file: SelectedFile): string => {
  readings.push(file.path);
  return reader(file);
};

/** What a run records that took its stamps so many milliseconds from now. */
function record(later: number): State {
  const files = Array.from(found(), ([path, file]) => {
    return [path, { stamp: file.stamp, fingerprint: reader(file) }] as const;
  });
  const recorded = { stamp: stampAt(target) ?? '', digest: sha256('the archive') };
  return newState({ settings: 'settings', taken: Date.now() + later, target: recorded }, new Map(files));
}

function isSure(state: State): boolean {
  return isSurelyUnchanged(state, { settings: 'settings', target }, fileList(stamps()));
}

function find(state: State | null, settings = 'settings'): Promise<Change> {
  readings = [];
  return findChange(state, { settings, target }, found(), read);
}

/** Looks for a change both ways: nothing that has changed may look sure. */
async function reasonOf(state: State): Promise<string | null> {
  const change = await find(state);
  if (change.isChanged) assert.equal(isSure(state), false);
  return change.isChanged ? change.reason : null;
}

describe('nothing changed', () => {
  it('is seen from the stamps alone, and then no content is read', async () => {
    const state = record(LONG_AFTER);
    assert.equal(isSure(state), true);
    assert.equal(await reasonOf(state), null);
    assert.deepEqual(readings, []);
  });

  it('is not sure where the stamps were taken just after the change: then the contents are read', async () => {
    const state = record(0);
    assert.equal(isSure(state), false);
    assert.equal(await reasonOf(state), null);
    assert.deepEqual(readings.sort(), ['a.h', 'b.h', 'l.h']);
  });

  it('is what a new mtime, a new inode or a changed comment comes to', async () => {
    const state = record(LONG_AFTER);
    utimesSync(join(tree, 'b.h'), 1, 1);
    rmSync(join(tree, 'a.h'));
    writeFileSync(join(tree, 'a.h'), '#define A 1 /* another comment */\n');
    assert.equal(isSure(state), false);
    assert.equal(await reasonOf(state), null);
    assert.deepEqual(readings.sort(), ['a.h', 'b.h']);
  });

  // Every build made the archive again where the target is a link, and said that it was missing.
  it('is seen through a symbolic link to the target, which is followed when it is written', async () => {
    const link = `${target}.link`;
    symlinkSync(target, link);
    target = link;
    const state = record(LONG_AFTER);
    assert.equal(isSure(state), true);
    assert.equal(await reasonOf(state), null);
  });

  it('is recorded anew with the stamps of now, which are then trusted', async () => {
    const state = record(LONG_AFTER);
    utimesSync(join(tree, 'b.h'), 1, 1);
    const change = await find(state);
    assert.ok(!change.isChanged);
    const again = newState({ ...state.summary, taken: Date.now() + LONG_AFTER }, change.files);
    assert.equal(isSure(again), true);
  });
});

describe('a change is found and named:', () => {
  const CHANGES: Readonly<Record<string, readonly [reason: string, make: () => void]>> = {
    'another content': ['a.h', () => appendFileSync(join(tree, 'a.h'), '#define MORE\n')],
    'another content of the same size with its mtime set back': [
      'b.h',
      () => {
        writeFileSync(join(tree, 'b.h'), '#define B 2\n');
        utimesSync(join(tree, 'b.h'), 1, 1);
      },
    ],
    'a new file': ['c.h', () => writeFileSync(join(tree, 'c.h'), '')],
    'a file that is gone': ['b.h gone', () => rmSync(join(tree, 'b.h'))],
    'a file in place of another': [
      'b.h gone',
      () => {
        rmSync(join(tree, 'b.h'));
        writeFileSync(join(tree, 'c.h'), '');
      },
    ],
    'a link that leads elsewhere': [
      'l.h',
      () => {
        rmSync(join(tree, 'l.h'));
        symlinkSync('b.h', join(tree, 'l.h'));
      },
    ],
    'a file in place of a link': [
      'l.h',
      () => {
        rmSync(join(tree, 'l.h'));
        writeFileSync(join(tree, 'l.h'), '#define A 1 /* one */\n');
      },
    ],
    'a target that is missing': ['target missing', () => rmSync(target)],
    'a directory in place of the target': [
      'target missing',
      () => {
        rmSync(target);
        mkdirSync(target);
      },
    ],
    'a link into itself in place of the target': [
      'target missing',
      () => {
        rmSync(target);
        symlinkSync(target, target);
      },
    ],
    'a target with another content': ['target changed', () => writeFileSync(target, 'the Archive')],
  };
  for (const [what, [reason, make]] of Object.entries(CHANGES)) {
    it(what, async () => {
      const state = record(LONG_AFTER);
      make();
      assert.equal(await reasonOf(state), reason);
    });
  }

  it('a change that left the same stamp, because it came right after the other', async () => {
    const state = record(0);
    // As if the file had changed between the stamp and the next tick of the file system's clock.
    const before = found();
    writeFileSync(join(tree, 'b.h'), '#define B 2\n');
    const change = await findChange(state, { settings: 'settings', target }, before, read);
    assert.deepEqual(change, { isChanged: true, reason: 'b.h' });
  });

  it('other settings, and no record at all', async () => {
    assert.deepEqual(await find(record(LONG_AFTER), 'others'), { isChanged: true, reason: 'other settings' });
    assert.deepEqual(await find(null), { isChanged: true, reason: 'no record of the last run' });
  });
});

describe('the record of a run', () => {
  it('reads as it was written, whatever the names', async () => {
    plant(tree, { 'a\nb.h': '', 'c d.h': '', 'é.h': '', '1 2 3 4 5.h': '' });
    const state = record(LONG_AFTER);
    const path = `${target}.state`;
    writeState(path, state);
    assert.deepEqual(readState(path), state);
    assert.equal(await reasonOf(readState(path) ?? assert.fail('it is there')), null);
    assert.deepEqual(readings, []);
  });

  it("is none where it is missing, damaged or the kernel script's", () => {
    const path = `${target}.state`;
    assert.equal(readState(path), null);
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e\n';
    for (const text of ['', '\n', '{', '{}\n', 'null\n', md5.repeat(3), '\0\0\0\0']) {
      writeFileSync(path, text);
      assert.equal(readState(path), null, JSON.stringify(text));
    }
  });

  // A state without a target ended the build with an internal error; one with a text for a time looked up to date.
  it('is none where its summary lacks something, or has it of another kind', () => {
    const path = `${target}.state`;
    const { summary, list, fingerprints } = record(LONG_AFTER);
    const written = (value: unknown): State | null => {
      writeFileSync(path, `${JSON.stringify(value)}\n${list}\0${fingerprints}`, 'latin1');
      return readState(path);
    };
    assert.notEqual(written(summary), null);
    for (const key of Object.keys(summary)) {
      for (const value of [undefined, null, [], { stamp: 1 }])
        assert.equal(written({ ...summary, [key]: value }), null);
    }
    assert.equal(written({ ...summary, taken: 'x' }), null);
  });

  it('that lost its end in a crash means packing again', async () => {
    const path = `${target}.state`;
    const state = record(LONG_AFTER);
    writeState(path, state);
    const size = JSON.stringify(state.summary).length + 1;
    for (const kept of [size + state.list.length + 1, size + state.list.length, size + 10, size]) {
      truncateSync(path, kept);
      const damaged = readState(path);
      assert.ok(damaged !== null);
      utimesSync(join(tree, 'a.h'), 1, 1);
      assert.notEqual(await reasonOf(damaged), null, `${kept} bytes`);
    }
  });
});
