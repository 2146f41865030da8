import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StripMode } from '../../../src/model/settings.js';
import { stripperFor } from '../../../src/strip/strip.js';
import { PIECES } from '../../strip/generated.js';
import { rawTokens } from '../../strip/rawTokens.js';
import { substituted } from '../../support/substitution.js';
import { type Comparison, type Disagreement, lineStart, PLAIN, type Target } from '../target.js';

function strip(input: Buffer, mode: StripMode): Buffer {
  const source = Buffer.from(input);
  const apart = Buffer.from(stripperFor(mode)(source, Buffer.alloc(source.length)));
  assert.ok(source.equals(input), `${mode} changes its source`);
  assert.ok(apart.equals(stripperFor(mode)(source, source)), `${mode} in place gives something else`);
  return apart;
}

/** Stripping in place is stripping, twice is once, `tokens` may follow `comments`, and `kernel` is the kernel's substitution. */
function check(input: Buffer): boolean {
  const comments = strip(input, 'comments');
  const tokens = strip(input, 'tokens');
  assert.ok(strip(comments, 'comments').equals(comments), 'comments twice is not once');
  assert.ok(strip(tokens, 'tokens').equals(tokens), 'tokens twice is not once');
  assert.ok(strip(comments, 'tokens').equals(tokens), 'tokens of comments is not tokens');
  assert.ok(strip(input, 'none').equals(input));
  assert.ok(strip(input, 'kernel').equals(substituted(input)), 'kernel is not the substitution');
  return true;
}

const hasClang = spawnSync('clang', ['--version']).status === 0;

/** clang's lexer finds the same tokens before and after. */
function compare(inputs: readonly Buffer[]): Comparison {
  if (!hasClang) return { compared: 0, disagreements: [] };
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-fuzz-'));
  try {
    const names = inputs.flatMap((input, i) =>
      (['none', 'comments', 'tokens'] as const).map(mode => {
        writeFileSync(join(directory, `${i}.${mode}.h`), strip(input, mode));
        return `${i}.${mode}.h`;
      }),
    );
    const tokens = rawTokens(directory, names);
    const disagreements = inputs.flatMap((input, i): Disagreement[] => {
      const [before, ...after] = ['none', 'comments', 'tokens'].map(mode => tokens.get(`${i}.${mode}.h`)?.join('\n'));
      return after.every(each => each === before) ? [] : [{ input, reason: 'clang sees other tokens' }];
    });
    return { compared: inputs.length, disagreements };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const text = (...pieces: readonly string[]): Buffer => Buffer.from(pieces.join(''), 'latin1');

export const stripper: Target = {
  ...PLAIN,
  seeds: [
    text(
      '/* SPDX-License-Identifier: GPL-2.0 */\n#ifndef A\n#define A /* c */ 1 // d\n\n\nint a /* b\n */ (void); \t\n#endif\n',
    ),
    text('#define F(name,fn) name/**/fn\n#include <a//b.h>\n"/* s */" \'"\' L"//"\r\n'),
    text("#error don't\n1'000\n#if __has_include(<a//b>)\n%: define G (x)\\\n  /* c */\nx\n"),
    text(...PIECES),
  ],
  dictionary: PIECES.map(piece => text(piece)),
  align: lineStart,
  sizeMax: 2 ** 11,
  check,
  compare,
};
