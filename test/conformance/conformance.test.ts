import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { conformanceDocument, SPECIFICATIONS } from './document.js';
import { XZ } from './xz.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Titles of tests as they stand in a file, in each kind of quotes. */
function titlesIn(file: string): Set<string> {
  const text = readFileSync(join(ROOT, 'test', file), 'utf8');
  const calls = text.matchAll(/\b(?:it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
  return new Set([...calls].map(([, single, double]) => (single ?? double ?? '').replace(/\\(.)/g, '$1')));
}

for (const { title, clauses } of SPECIFICATIONS) {
  describe(title, () => {
    it('has a test for every clause, or a reason why there is none', () => {
      for (const { section, clause, tests, note } of clauses) {
        assert.ok(tests.length > 0 || note !== undefined, `${section}: ${clause}`);
      }
    });

    it('names tests that are there', () => {
      for (const { section, tests } of clauses) {
        for (const [file, name] of tests) {
          assert.ok(existsSync(join(ROOT, 'test', file)), `${section}: test/${file}`);
          assert.ok(titlesIn(file).has(name), `${section}: test/${file} has no test "${name}"`);
        }
      }
    });
  });
}

it('no test that is named after a section of the .xz specification is missing in its table', () => {
  const files = new Set(XZ.clauses.flatMap(({ tests }) => tests.map(([file]) => file)));
  const named = new Set(XZ.clauses.flatMap(({ tests }) => tests.map(([file, name]) => `${file}: ${name}`)));
  const missing = [...files].flatMap(file =>
    [...titlesIn(file)].filter(name => /^sections? \d/.test(name)).map(name => `${file}: ${name}`),
  );
  assert.deepEqual(
    missing.filter(name => !named.has(name)),
    [],
  );
});

it('docs/conformance.md is what the tables say', () => {
  assert.equal(readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8'), conformanceDocument());
});
