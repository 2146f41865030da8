import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { stripKernel } from '../../src/strip/kernel.js';
import { stripperFor } from '../../src/strip/strip.js';

const SUBSTITUTION = 's/\\/\\*((?!SPDX).)*?\\*\\///smg';

/** What gen_kheaders.sh's perl makes of many sources at once: records of a length in bytes, a line feed, the bytes. */
const RECORDS = `binmode STDIN; binmode STDOUT; undef $/; my $all = <STDIN>; my $at = 0;
while ($at < length $all) {
  my $eol = index($all, "\\n", $at); my $n = substr($all, $at, $eol - $at); $at = $eol + 1;
  $_ = substr($all, $at, $n); $at += $n; ${SUBSTITUTION}; print length($_), "\\n", $_;
}`;

const perl = spawnSync('perl', ['-e', '1']).status === 0 ? false : 'perl is not on the PATH';

function perlStrip(sources: readonly Buffer[]): Buffer[] {
  const input = Buffer.concat(sources.flatMap(source => [Buffer.from(`${source.length}\n`), source]));
  const { stdout, status } = spawnSync('perl', ['-e', RECORDS], { input, maxBuffer: 2 ** 28 });
  assert.equal(status, 0);
  const results: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const eol = stdout.indexOf(0x0a, at);
    const length = Number(stdout.subarray(at, eol).toString());
    results.push(stdout.subarray(eol + 1, eol + 1 + length));
    at = eol + 1 + length;
  }
  return results;
}

/** Strips into another buffer and in place, which have to agree. */
function stripped(source: Buffer): Buffer {
  const apart = stripKernel(source, Buffer.alloc(source.length));
  const place = Buffer.from(source);
  assert.deepEqual(Buffer.from(stripKernel(place, place)), Buffer.from(apart));
  return Buffer.from(apart);
}

function strip(text: string): string {
  return stripped(Buffer.from(text, 'latin1')).toString('latin1');
}

test('kernel mode removes block comments and nothing else', () => {
  assert.equal(strip('int a; /* one */\n\n/* two\n */int b; // three\n'), 'int a; \n\nint b; // three\n');
});

test('kernel mode keeps a comment that holds SPDX, and looks for the next one inside it', () => {
  assert.equal(strip('/* SPDX-License-Identifier: GPL-2.0 */\n'), '/* SPDX-License-Identifier: GPL-2.0 */\n');
  assert.equal(strip('/* SPDX /* gone */ left */'), '/* SPDX  left */');
  assert.equal(strip('/* gone *//* SPDX */'), '/* SPDX */');
});

test('kernel mode reads slash-star-slash as an open comment, as the substitution does', () => {
  assert.equal(strip('a /*/ b */ c'), 'a  c');
  assert.equal(strip('a /* no end'), 'a /* no end');
});

test('kernel mode damages literals and glue exactly as gen_kheaders.sh does', () => {
  assert.equal(strip('"\\n\\t/* set */"'), '"\\n\\t"');
  assert.equal(strip('name/**/fn'), 'namefn');
});

test('none is the identity', () => {
  const source = Buffer.from('/* x */\0\xff', 'latin1');
  assert.deepEqual(Buffer.from(stripperFor('none')(source, Buffer.alloc(source.length))), source);
});

test('kernel mode agrees with perl on generated input', { skip: perl }, () => {
  const piece = fc.constantFrom('/*', '*/', '/', '*', 'SPDX', 'SPD', 'X', '\n', '"', 'a', ' ', '\0', '\xff', '//');
  const source = fc.array(piece, { maxLength: 30 }).map(pieces => Buffer.from(pieces.join(''), 'latin1'));
  fc.assert(
    fc.property(fc.array(source, { minLength: 500, maxLength: 500 }), sources => {
      const expected = perlStrip(sources);
      for (const [i, bytes] of sources.entries()) {
        assert.deepEqual(stripped(bytes), expected[i]);
      }
    }),
    { numRuns: 20 },
  );
});

test('kernel mode agrees with perl on a comment longer than any quantifier limit', { skip: perl }, () => {
  const source = Buffer.from(`a /*${'x\n'.repeat(200_000)}*/ b`);
  assert.deepEqual(stripped(source), perlStrip([source])[0]);
});
