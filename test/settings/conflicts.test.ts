import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireCompatible } from '../../src/settings/conflicts.js';
import type { PackOptions } from '../../src/settings/options.js';

const refused: readonly [PackOptions, first: string, second: string][] = [
  [{ fromTar: 'a.tar', trees: ['linux'] }, '--from-tar', 'TREE'],
  [{ fromTar: 'a.tar', objtree: 'out' }, '--from-tar', '--objtree'],
  [{ fromTar: 'a.tar', arch: 'x86' }, '--from-tar', '--arch'],
  [{ fromTar: 'a.tar', profile: 'headers' }, '--from-tar', '--profile'],
  [{ fromTar: 'a.tar', strip: 'none' }, '--from-tar', '--strip'],
  [{ fromTar: 'a.tar', compat: true }, '--from-tar', '--compat'],
  [{ fromTar: 'a.tar', order: 'gnu' }, '--from-tar', '--order'],
  [{ fromTar: 'a.tar', dedup: true }, '--from-tar', '--no-dedup'],
  [{ fromTar: 'a.tar', dedup: false }, '--from-tar', '--no-dedup'],
  [{ fromTar: 'a.tar', mtime: '@0' }, '--from-tar', '--mtime'],
  [{ fromTar: 'a.tar', include: ['x'] }, '--from-tar', '--include'],
  [{ fromTar: 'a.tar', exclude: ['x'] }, '--from-tar', '--exclude'],
  [{ fromTar: 'a.tar', filesFrom: 'list' }, '--from-tar', '--files-from'],
  [{ compat: true, profile: 'all' }, '--compat', '--profile all'],
  [{ compat: true, strip: 'none' }, '--compat', '--strip none'],
  [{ compat: true, order: 'files-first' }, '--compat', '--order files-first'],
  [{ compat: true, include: ['x'] }, '--compat', '--include'],
  [{ compat: true, exclude: ['x'] }, '--compat', '--exclude'],
  [{ compat: true, filesFrom: 'list' }, '--compat', '--files-from'],
  [{ compat: true, dedup: true }, '--compat', 'dedup'],
  [{ filesFrom: 'list', profile: 'all' }, '--files-from', '--profile'],
  [{ filesFrom: 'list', arch: 'x86' }, '--files-from', '--arch'],
  [{ nul: true }, '--null', 'no --files-from'],
  [{ profile: 'all', arch: 'x86' }, '--profile all', '--arch'],
  [{ trees: ['a', 'b'], objtree: 'out' }, 'several TREEs', '--objtree'],
  [{ trees: ['a', 'b'], filesFrom: 'list' }, 'several TREEs', '--files-from'],
  [{ trees: ['a', 'b'], compat: true }, 'several TREEs', '--compat'],
];

const accepted: readonly PackOptions[] = [
  {},
  { compat: true },
  { compat: true, profile: 'headers', strip: 'kernel', order: 'gnu', dedup: false, mtime: '@0', arch: 'arm64' },
  { fromTar: 'a.tar', preset: '9', blockSize: '1MiB', check: 'crc32', include: [], exclude: [], compat: false },
  { filesFrom: 'list', nul: true, include: ['x'], strip: 'none', trees: ['linux'] },
  { profile: 'all', dedup: false },
];

test('options that contradict each other are refused, and both are named', () => {
  for (const [options, first, second] of refused) {
    assert.throws(
      () => requireCompatible(options),
      (error: { code?: string; facts?: { first: string; second: string } }) => {
        assert.equal(error.code, 'E_OPTION_CONFLICT');
        assert.deepEqual([error.facts?.first, error.facts?.second], [first, second]);
        return true;
      },
      JSON.stringify(options),
    );
  }
});

test('options that go together are accepted', () => {
  for (const options of accepted) assert.doesNotThrow(() => requireCompatible(options), JSON.stringify(options));
});
