import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fromLatin1 } from '../../src/bytes/bytePath.js';
import type { SelectionSettings, TreePair } from '../../src/model/settings.js';
import { selectFiles } from '../../src/tree/select.js';
import { plant, scratchDirectory } from './scratch.js';

const scratch = scratchDirectory('select');
const sourceTree = plant(join(scratch, 'linux'), {
  'include/linux/a.h': 'source',
  'include/linux/b.h': 'source',
  'include/linux/b.c': '',
  'include/generated/utsversion.h': '',
  'arch/x86/include/asm/x.h': '',
  'arch/arm64/include/asm/y.h': '',
  'drivers/d.h': '',
  Makefile: '',
});
const objectTree = plant(join(sourceTree, 'out'), {
  'include/generated/autoconf.h': '',
  'include/generated/utsversion.h': '',
  'include/linux/b.h': 'object',
  'arch/x86/include/generated/g.h': '',
});
const alone: TreePair = { sourceTree, objectTree: null };
const pair: TreePair = { sourceTree, objectTree };
const HEADERS: SelectionSettings = { profile: 'headers', symvers: false, listed: null, include: [], exclude: [] };

const select = (trees: TreePair, change: Partial<SelectionSettings>, srcarch = 'x86'): string[] =>
  [...selectFiles(trees, srcarch, { ...HEADERS, ...change }).keys()].sort();

describe('profile headers', () => {
  it('is the headers of include and of the architecture, without utsversion.h', () => {
    const expected = ['arch/x86/include/asm/x.h', 'include/linux/a.h', 'include/linux/b.h'];
    assert.deepEqual(select(alone, {}), expected);
    assert.deepEqual(select(alone, {}, 'arm64')[0], 'arch/arm64/include/asm/y.h');
  });

  it("lays the object tree's headers over the source tree's", () => {
    const files = selectFiles(pair, 'x86', HEADERS);
    assert.deepEqual([...files.keys()].sort(), [
      'arch/x86/include/asm/x.h',
      'arch/x86/include/generated/g.h',
      'include/generated/autoconf.h',
      'include/linux/a.h',
      'include/linux/b.h',
    ]);
    assert.equal(files.get(fromLatin1('include/linux/b.h'))?.location, join(objectTree, 'include/linux/b.h'));
    assert.equal(files.get(fromLatin1('include/linux/a.h'))?.location, join(sourceTree, 'include/linux/a.h'));
  });

  it('is narrowed by include and exclude', () => {
    assert.deepEqual(select(pair, { include: ['include/linux'], exclude: ['b.h'] }), ['include/linux/a.h']);
  });

  it('without any header is an error that says where and what was looked for', () => {
    assert.throws(() => select(alone, { exclude: ['*'] }), {
      code: 'E_NO_HEADERS',
      message: /arch\/x86, after --include and --exclude/,
    });
  });
});

describe('profile all', () => {
  it('is every header of the tree, an object tree inside it counted once, by its own paths', () => {
    assert.deepEqual(select(pair, { profile: 'all' }), [
      'arch/arm64/include/asm/y.h',
      'arch/x86/include/asm/x.h',
      'arch/x86/include/generated/g.h',
      'drivers/d.h',
      'include/generated/autoconf.h',
      'include/linux/a.h',
      'include/linux/b.h',
    ]);
  });
});

describe('a list of files', () => {
  const list = (...paths: string[]): Partial<SelectionSettings> => ({
    listed: paths.map(fromLatin1),
  });

  it('is taken as it is, headers or not, wherever the path is counted from', () => {
    const given = list('Makefile', './include//linux/a.h', `${sourceTree}/drivers/d.h`);
    assert.deepEqual(select(alone, given), ['Makefile', 'drivers/d.h', 'include/linux/a.h']);
  });

  it('takes the object tree before the source tree', () => {
    const path = fromLatin1('include/linux/b.h');
    const files = selectFiles(pair, 'x86', { ...HEADERS, ...list(path) });
    assert.equal(files.get(path)?.location, join(objectTree, path));
  });

  it('must not name what is missing, a directory, a path outside the trees, or one that climbs', () => {
    const table = { 'none.h': /in no tree/, include: /directory/, '/etc/passwd': /outside/, 'a/../b.h': /"\.\."/ };
    for (const [path, message] of Object.entries(table)) {
      assert.throws(() => select(pair, list(path)), { code: 'E_LISTED_PATH', message });
    }
  });
});

describe('two trees that disagree', () => {
  it('on whether a path is a file or a directory are an error that names it', () => {
    const objects = plant(join(scratch, 'objects'), { 'include/linux/a.h/inner.h': '' });
    assert.throws(() => select({ sourceTree, objectTree: objects }, {}), {
      code: 'E_OVERLAY',
      message: /include\/linux\/a\.h/,
    });
  });
});
