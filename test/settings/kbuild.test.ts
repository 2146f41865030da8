import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type KbuildOptions, type KbuildSettings, resolveKbuild } from '../../src/settings/kbuild.js';
import { plant, scratchDirectory, TOP_MAKEFILE } from '../tree/scratch.js';
import { environment } from './settingsSamples.js';

const scratch = scratchDirectory('kbuild');
const source = plant(join(scratch, 'linux'), { Makefile: TOP_MAKEFILE, 'arch/x86/include/a.h': '' });
const object = join(scratch, 'object');
mkdirSync(object);
const TARGET = 'kernel/kheaders_data.tar.xz';

function resolve(
  variables: Record<string, string> = {},
  options: Partial<KbuildOptions> = {},
  workingDirectory = source,
): KbuildSettings {
  const exported = { srctree: '.', SRCARCH: 'x86', ...variables };
  const where = environment({ variables: exported, workingDirectory, parallelism: 4 });
  return resolveKbuild({ target: TARGET, ...options }, where);
}

describe("kbuild's environment", () => {
  it('says which trees are packed: the working directory is the object tree', () => {
    assert.deepEqual(resolve().pack.execution.trees, [{ sourceTree: source, objectTree: null }]);
    const outside = { srctree: '../linux', building_out_of_srctree: '1' };
    const { target, stateFile, pack } = resolve(outside, {}, object);
    assert.deepEqual(pack.execution.trees, [{ sourceTree: source, objectTree: object }]);
    assert.deepEqual([target, stateFile], [join(object, TARGET), join(object, 'kernel/kheaders.md5')]);
  });

  it('says the architecture and the time stamp', () => {
    const { content } = resolve({ KBUILD_BUILD_TIMESTAMP: '@5' }).pack;
    assert.deepEqual([content.kernels, content.mtime], [[{ name: '', srcarch: 'x86' }], 5]);
    assert.throws(() => resolve({ SRCARCH: 'arm64' }), { code: 'E_ARCH' });
  });

  it("says what is printed: make's -s, and V=2 alone or with 1", () => {
    const { isSilent, isExplained } = resolve({ quiet: 'quiet_', KBUILD_VERBOSE: '1' });
    assert.deepEqual([isSilent, isExplained], [false, false]);
    assert.equal(resolve({ quiet: 'silent_' }).isSilent, true);
    assert.equal(resolve({ KBUILD_VERBOSE: '2' }).isExplained, true);
    assert.equal(resolve({ KBUILD_VERBOSE: '12' }).isExplained, true);
  });
});

describe('the jobs', () => {
  const jobs = (makeflags: string, options: Partial<KbuildOptions> = {}): [number, string | null] => {
    const { pack, jobserver } = resolve({ MAKEFLAGS: makeflags }, options);
    return [pack.execution.jobs, jobserver];
  };

  it("are make's, but no more than there are processors", () => {
    assert.deepEqual(jobs(''), [1, null]);
    assert.deepEqual(jobs(' -j3 --jobserver-auth=3,4'), [3, null]);
    assert.deepEqual(jobs(' -j64 --jobserver-auth=fifo:/f'), [4, '/f']);
    assert.deepEqual(jobs(' -j'), [4, null]);
    assert.deepEqual(jobs(' -j0'), [1, null]);
  });

  it('are settled by --jobs, and then the jobserver is not asked', () => {
    assert.deepEqual(jobs(' -j2 --jobserver-auth=fifo:/f', { jobs: '16' }), [16, null]);
    assert.throws(() => jobs('', { jobs: 'many' }), { code: 'E_OPTION_VALUE' });
  });
});

describe('the contents', () => {
  it('are those of --compat, item by item, unless an option says otherwise', () => {
    const { strip, order, dedup, selection } = resolve().pack.content;
    assert.deepEqual([strip, order, dedup, selection.profile], ['kernel', 'gnu', false, 'headers']);
    const other = resolve({}, { strip: 'tokens', dedup: true }).pack.content;
    assert.deepEqual([other.strip, other.order, other.dedup], ['tokens', 'gnu', true]);
  });

  it("begin with pack's defaults where compat is declined", () => {
    const { strip, order, dedup } = resolve({}, { compat: false }).pack.content;
    assert.deepEqual([strip, order, dedup], ['comments', 'files-first', true]);
  });
});

describe('the lists of newer kernels', () => {
  const lists = { source: 'kernel/srclist', object: 'kernel/objlist', timestamp: '@9' };

  it('come with the prefix of the source list, the time stamp and the dependency file', () => {
    const files = { 'kernel/srclist': './include/a.h\n./include/b.h\n', 'kernel/objlist': 'include/generated/c.h\n' };
    plant(source, files);
    const settings = resolve({}, { lists });
    assert.deepEqual(settings.lists, {
      source: ['./include/a.h', './include/b.h'],
      sourcePrefix: './',
      object: ['include/generated/c.h'],
      dependencyFile: join(source, 'kernel/.kheaders_data.tar.xz.d'),
    });
    assert.equal(settings.pack.content.mtime, 9);
    const empty = resolve({ KBUILD_BUILD_TIMESTAMP: '@5' }, { lists: { ...lists, timestamp: '' } });
    assert.equal(empty.pack.content.mtime, 5);
  });

  it('leave nothing else to choose', () => {
    for (const options of [{ profile: 'all' }, { include: ['a.h'] }, { exclude: ['a.h'] }]) {
      assert.throws(() => resolve({}, { lists, ...options }), { code: 'E_OPTION_CONFLICT' });
    }
  });

  it('have to be there', () => {
    assert.throws(() => resolve({}, { lists: { ...lists, source: 'none' } }), { code: 'E_READ' });
    assert.throws(() => resolve({}, { lists: { ...lists, object: '-' } }), { code: 'E_OPTION_VALUE' });
  });
});
