import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ErrorCode, KheadersPackError } from '../../src/errors.js';
import { SOURCE } from '../architecture/sources.js';
import { DOCUMENTS } from './documents.js';

const text = DOCUMENTS.find(({ path }) => path === 'docs/troubleshooting.md')?.text ?? '';
/** Every code, in the order of `ErrorFacts`. */
const codes = [...readFileSync(join(SOURCE, 'errors.ts'), 'utf8').matchAll(/^ {2}(E_\w+): (?:\{|Record)/gm)].map(
  match => match[1] as ErrorCode,
);

describe('docs/troubleshooting.md', () => {
  it('has a section for every error code, and for no other', () => {
    assert.ok(codes.length > 30);
    const sections = [...text.matchAll(/^### (E_\w+)$/gm)].map(match => match[1] ?? '');
    assert.deepEqual(sections.toSorted(), codes.toSorted());
  });

  for (const code of codes) {
    it(`has the message of ${code} as it is, and says something of it`, () => {
      const [, rest = ''] = text.split(`### ${code}\n`);
      const [section = ''] = rest.split(/\n##/);
      // Each fact under its own name, in capitals.
      const facts = new Proxy({}, { get: (_, name) => String(name).toUpperCase() });
      const { message } = new KheadersPackError(code, facts as never);
      assert.ok(section.includes(`\`${message}\``), message);
      const said = section.replace(`\`${message}\``, '').trim();
      assert.ok(said.length > 20, code);
    });
  }
});
