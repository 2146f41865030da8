import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlannedEntry } from '../../src/model/plan.js';
import { makePlan } from '../../src/plan/plan.js';
import { CONTENT, regular, symlink } from './planSamples.js';

const short = (entry: PlannedEntry): string =>
  'target' in entry ? `${entry.kind} ${entry.name} ${entry.target}` : `${entry.kind} ${entry.name}`;

test('equal files become hard links to the first of them, by its full name', () => {
  const files = [regular('c.h', 5, 'x'), regular('a/b.h', 5, 'x'), regular('b.h', 5, 'y'), symlink('l.h', 'c.h')];
  assert.deepEqual(makePlan(files, CONTENT).entries.map(short), [
    'directory ./',
    'directory ./a/',
    'regular ./a/b.h',
    'regular ./b.h',
    'hardlink ./c.h ./a/b.h',
    'symlink ./l.h c.h',
  ]);
});

test('empty files and symbolic links stay what they are', () => {
  const files = [regular('a.h', 0, 'e'), regular('b.h', 0, 'e'), symlink('c.h', 'x'), symlink('d.h', 'x')];
  const kinds = makePlan(files, CONTENT).entries.map(entry => entry.kind);
  assert.deepEqual(kinds, ['directory', 'regular', 'regular', 'symlink', 'symlink']);
});

test('without dedup nothing is linked', () => {
  const files = [regular('a.h', 5, 'x'), regular('b.h', 5, 'x')];
  const kinds = makePlan(files, { ...CONTENT, dedup: false }).entries.map(entry => entry.kind);
  assert.deepEqual(kinds, ['directory', 'regular', 'regular']);
});

test('each content is stored once, and every hard link leads to an earlier member that holds it', () => {
  const contents = fc.array(fc.nat(4), { minLength: 1, maxLength: 20 });
  const order = fc.constantFrom<'gnu' | 'files-first'>('gnu', 'files-first');
  fc.assert(
    fc.property(contents, order, (all, chosen) => {
      const files = all.map((content, i) => regular(`${i % 3}/${i}.h`, content, `content ${content}`));
      const { entries } = makePlan(files, { ...CONTENT, order: chosen });
      const contentOf = new Map(files.map(({ file }, i) => [`./${file.path}`, all[i]]));
      const stored = new Map<string, number | undefined>();
      for (const { kind, name, ...rest } of entries) {
        if (kind === 'regular') stored.set(name, contentOf.get(name));
        if (kind === 'hardlink' && 'target' in rest) assert.equal(stored.get(rest.target), contentOf.get(name));
      }
      const nonEmpty = [...stored.values()].filter(content => content !== 0);
      assert.equal(new Set(nonEmpty).size, nonEmpty.length);
      assert.equal(entries.filter(entry => entry.kind !== 'directory').length, all.length);
    }),
  );
});
