import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { headersBelow } from '../../corpus/tokenProof/headers.js';
import { stripped } from '../../corpus/tokenProof/stripped.js';
import { availableTrees } from '../../corpus/trees.js';
import { headerText } from './generated.js';
import { rawTokens } from './rawTokens.js';

/** Compilers that we did not write see the same before and after. The proof over whole trees is `corpus/tokenProof.ts`. */

const HEADERS = 300;
const PIECES = 14;
const SAMPLED = 200;
const MARK = 'case_mark_';

function without(tool: string): string | false {
  return spawnSync(tool, ['--version']).status === 0 ? false : `${tool} is not on the PATH`;
}

function inScratch<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'kheaders-pack-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Pieces that gcc finds the header of, or does without. */
const KNOWN_INCLUDE = /#include <a\/[/*]b\.h>\n|#if __has_include/g;

/** gcc 12 gives up ("confused by earlier errors") on `__has_include` outside a directive, and at once on a header
 * that is missing, as `%:` and `include` before a string may ask for. */
function isDigestible(text: string): boolean {
  const rest = text.replaceAll(KNOWN_INCLUDE, ' ');
  if (rest.includes('include') && /#|%:/.test(text)) return false;
  if (!text.includes('__has_include')) return true;
  const isMisplaced = (line: string): boolean =>
    line.includes('__has_include') && !line.startsWith('#if __has_include');
  return !text.includes('\\') && !text.split('\n').some(isMisplaced);
}

/** What gcc's preprocessor makes of each header. White space before a token shows as one blank or none. */
function preprocess(options: readonly string[], sources: readonly Uint8Array[]): string[] {
  return inScratch(directory => {
    mkdirSync(join(directory, 'a'));
    writeFileSync(join(directory, 'a', 'b.h'), 'plain_b\n');
    writeFileSync(join(directory, 'a', '*b.h'), 'star_b\n');
    for (const [i, source] of sources.entries()) writeFileSync(join(directory, `${i}.h`), source);
    writeFileSync(join(directory, 'all.c'), sources.map((_, i) => `${MARK}${i}\n#include "${i}.h"\n`).join(''));
    const { stdout } = spawnSync('gcc', [...options, '-E', '-P', '-w', '-I.', 'all.c'], {
      cwd: directory,
      encoding: 'latin1',
      maxBuffer: 2 ** 28,
    });
    const lines = stdout.split('\n').map(line => line.replace(/[ \t\r\v\f]+/g, ' ').trimEnd());
    const cases = lines
      .filter(line => line !== '')
      .join('\n')
      .split(MARK)
      .slice(1);
    return cases.map(text => text.trim());
  });
}

for (const options of [['-xc', '-std=gnu11'], ['-xc', '-std=gnu89'], ['-xassembler-with-cpp']]) {
  test(`gcc ${options.join(' ')} preprocesses generated headers alike`, { skip: without('gcc') }, () => {
    const texts = fc.sample(headerText(PIECES).filter(isDigestible), HEADERS);
    const sources = texts.map(text => Buffer.from(text, 'latin1'));
    const expected = preprocess(options, sources);
    assert.equal(expected.length, HEADERS);
    for (const mode of ['comments', 'tokens'] as const) {
      const actual = preprocess(
        options,
        sources.map(source => stripped(source, mode)),
      );
      for (const [i, source] of sources.entries()) {
        assert.equal(actual[i], expected[i], `${mode} of ${JSON.stringify(source.toString('latin1'))}`);
      }
    }
  });
}

test('this comparison notices what gen_kheaders.sh damages', { skip: without('gcc') }, () => {
  const source = Buffer.from('name/**/fn "a /* b */"\n');
  assert.deepEqual(preprocess(['-xc'], [source]), ['0\nname fn "a /* b */"']);
  assert.deepEqual(preprocess(['-xc'], [stripped(source, 'kernel')]), ['0\nnamefn "a "']);
});

test('clang lexes generated headers alike', { skip: without('clang') }, () => {
  const texts = fc.sample(headerText(PIECES), HEADERS).filter(text => !text.includes('<a/'));
  compareRawTokens(texts.map(text => Buffer.from(text, 'latin1')));
});

const headerTrees = availableTrees().filter(({ name }) => name.startsWith('linux-headers-'));
if (headerTrees.length === 0) {
  test('clang lexes a sample of real headers alike', { skip: 'no real header tree (npm run corpus)' }, () => undefined);
}
for (const tree of headerTrees) {
  test(`clang lexes a sample of the headers of ${tree.name} alike`, { skip: without('clang') }, () => {
    const names = [...headersBelow(tree.source)].sort();
    const step = Math.ceil(names.length / SAMPLED);
    compareRawTokens(names.filter((_, i) => i % step === 0).map(name => readFileSync(join(tree.source, name))));
  });
}

function compareRawTokens(sources: readonly Buffer[]): void {
  inScratch(directory => {
    const nameOf = (mode: string, i: number): string => `${mode}-${i}.h`;
    const modes = ['none', 'comments', 'tokens'] as const;
    for (const mode of modes) {
      for (const [i, source] of sources.entries()) {
        writeFileSync(join(directory, nameOf(mode, i)), stripped(source, mode));
      }
    }
    const names = modes.flatMap(mode => sources.map((_, i) => nameOf(mode, i)));
    const tokens = rawTokens(directory, names);
    assert.ok([...tokens.values()].flat().length > sources.length, 'clang printed tokens');
    for (const [i, source] of sources.entries()) {
      const expected = tokens.get(nameOf('none', i)) ?? [];
      for (const mode of modes) {
        const actual = tokens.get(nameOf(mode, i)) ?? [];
        const at = expected.findIndex((token, k) => token !== actual[k]);
        const claim = `${mode} of ${JSON.stringify(source.toString('latin1').slice(0, 200))}`;
        assert.equal(actual[at], expected[at], claim);
        assert.equal(actual.length, expected.length, claim);
      }
    }
  });
}
