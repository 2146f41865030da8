import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import { selectLists } from '../../src/tree/selectLists.js';
import { plant, scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('lists');
const sourceTree = plant(join(scratch, 'source'), {
  'include/a.h': 'source',
  'include/both.h': 'source',
  'include/link.h': '-> a.h',
  'include/generated/stale.h': 'left from an earlier build in the source tree',
});
const objectTree = plant(join(scratch, 'object'), { 'include/both.h': 'object', 'include/generated/g.h': 'object' });
const pair = { sourceTree, objectTree };
const paths = (...list: string[]) => list.map(fromLatin1);

test('what the lists name is taken as they stand: nothing more, links as links, the object tree over the source tree', () => {
  const lists = {
    source: paths('include/a.h', './include/both.h', 'include/link.h'),
    object: paths('include/both.h', 'include/generated/g.h'),
  };
  const found = Array.from(selectLists(pair, lists).values(), file => [file.path, file.location, file.kind]);
  assert.deepEqual(found, [
    ['include/a.h', join(sourceTree, 'include/a.h'), 'regular'],
    ['include/both.h', join(objectTree, 'include/both.h'), 'regular'],
    ['include/link.h', join(sourceTree, 'include/link.h'), 'symlink'],
    ['include/generated/g.h', join(objectTree, 'include/generated/g.h'), 'regular'],
  ]);
});

test("a path of the source list is the source tree's, even when the object tree has one of that name", () => {
  const lists = { source: paths('include/both.h'), object: [] };
  assert.equal([...selectLists(pair, lists).values()][0]?.location, join(sourceTree, 'include/both.h'));
});

test('without an object tree both lists speak of the source tree', () => {
  const lists = { source: [], object: paths('include/a.h') };
  const found = selectLists({ sourceTree, objectTree: null }, lists);
  assert.equal([...found.values()][0]?.location, join(sourceTree, 'include/a.h'));
});

test('what cannot be taken is an error that names it', () => {
  const refused = (path: string, code: string): void =>
    assert.throws(() => selectLists(pair, { source: paths(path), object: [] }), { code }, path);
  refused('include/none.h', 'E_READ');
  refused('include', 'E_NOT_REGULAR');
  refused('../outside.h', 'E_LISTED_PATH');
  refused('/etc/passwd', 'E_LISTED_PATH');
  assert.throws(() => selectLists(pair, { source: [], object: [] }), { code: 'E_NO_HEADERS' });
});
