import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stripComments } from '../../src/strip/comments.js';
import type { Blanks } from '../../src/strip/ordinary.js';
import { headerText } from './generated.js';

/** Strips into another buffer and in place, which have to agree. */
function strip(text: string, blanks: Blanks): string {
  const source = Buffer.from(text, 'latin1');
  const apart = stripComments(source, Buffer.alloc(source.length), blanks);
  assert.equal(source.toString('latin1'), text, 'the source stays as it was');
  const inPlace = stripComments(source, source, blanks);
  assert.deepEqual(Buffer.from(inPlace), Buffer.from(apart));
  return Buffer.from(apart).toString('latin1');
}

/** A claim, a source, what `comments` makes of it, and what `tokens` makes of it where that is something else. */
type Case = readonly [claim: string, source: string, comments: string, tokens?: string];

function check(cases: readonly Case[]): void {
  for (const [claim, source, comments, tokens = comments] of cases) {
    assert.equal(strip(source, 'keep'), comments, `comments: ${claim}`);
    assert.equal(strip(source, 'collapse'), tokens, `tokens: ${claim}`);
  }
}

/** A claim and a source that has to stay as it is in both modes. */
function checkUntouched(cases: readonly (readonly [claim: string, source: string])[]): void {
  check(cases.map(([claim, source]) => [claim, source, source]));
}

test('comments become one space, or nothing beside white space', () => {
  check([
    ['between tokens', 'a/* c */b\n', 'a b\n'],
    ['with blanks before', 'a /* c */b\n', 'a b\n'],
    ['with blanks after', 'a/* c */ b\n', 'a b\n'],
    ['with blanks on both sides', 'a /* c */ b\n', 'a  b\n', 'a b\n'],
    ['two in a row', 'a/* c *//* d */b\n', 'a b\n'],
    ['at the start of a line', '/* c */a\n', ' a\n'],
    ['at the end of a line', 'a; /* c */\n', 'a;\n'],
    ['a line comment', 'a; // c /* d\nb\n', 'a;\nb\n'],
    ['slash-star-slash is open', 'a /*/ b */ c\n', 'a  c\n', 'a c\n'],
    ['stars and slashes', '/***/a/****/b/* / * */c // */\n', ' a b c\n'],
    ['division', 'a / b /c\n', 'a / b /c\n'],
    ['an object-like macro stays one', '#define F/* c */(x)\n', '#define F (x)\n'],
  ]);
});

test('lines without content go as a whole', () => {
  check([
    ['empty lines', '\n\na\n\n\nb\n', 'a\nb\n'],
    ['blank lines', ' \t\na\n \f\n', 'a\n'],
    ['comment lines', '/* one */\n// two\n/*\n * three\n */\na\n', 'a\n'],
    ['trailing blanks', 'a \t\nb  \n', 'a\nb\n'],
    ['everything', '/* c */', ''],
    ['nothing', '', ''],
  ]);
});

test('a comment over several lines joins them, as it does for a preprocessor', () => {
  check([
    ['between tokens', 'a /* c\n d */ b\n', 'a  b\n', 'a b\n'],
    ['in a directive', '#define A /* c\n d */ b\n', '#define A  b\n', '#define A b\n'],
    ['before a directive', '/* c\n */ # define A\n', ' # define A\n'],
    ['before a line end', 'a /* c\n */\nb\n', 'a\nb\n'],
  ]);
});

test('line continuations stay, and a line after one never goes', () => {
  check([
    ['an empty last line', '#define A \\\n\nint x;\n', '#define A \\\n\nint x;\n'],
    ['a last line of a comment', '#define A \\\n  /* c */\nx\n', '#define A \\\n\nx\n'],
    ['comments around', '#define A /* c */ \\\n/* d */ b\n', '#define A  \\\n b\n', '#define A \\\n b\n'],
    ['blanks after the backslash', 'a \\  \n  b\n', 'a \\  \n  b\n', 'a \\  \n b\n'],
    ['CR LF', '#define A \\\r\n\r\nb\r\n\r\n', '#define A \\\r\n\r\nb\r\n'],
    ['inside a line comment', 'a // c \\\n still\nb\n', 'a\nb\n'],
    ['inside a line comment, CR LF', 'a // c \\\r\n still\r\nb\r\n', 'a\r\nb\r\n'],
    ['between slash and star', 'a/\\\n* c *\\\n/b\n', 'a b\n'],
    ['between slash and star, CR LF', 'a/\\\r\n* c *\\\r\n/b\r\n', 'a b\r\n'],
    ['between slash and slash', 'a /\\\n/ c\nb\n', 'a\nb\n'],
    ['between slash and something else', 'a /\\\nb\n', 'a /\\\nb\n'],
  ]);
});

test('literals are copied with all that looks like a comment, a blank or a line in them', () => {
  checkUntouched([
    ['a string', '"/* a   b */ // c"\n'],
    ['a prefixed string', 'L"//" u8"/*" U"*/"\n'],
    ['a character', "'\"' '/*' L'\\''\n"],
    ['escapes', '"\\"/*" "\\\\" "//"\n'],
    ['a continuation in a string', '"a  \\\n  \\\n\n'],
    ['a continuation between an escape and its byte', '"\\\\\n"//"\n'],
  ]);
  check([
    ['a string that ends in a backslash', '"\\\\" // c\n', '"\\\\"\n'],
    ['asm.h of x86', '"\\n\\t/* output */" /* c */\n', '"\\n\\t/* output */"\n'],
  ]);
});

test('an empty comment that pastes in traditional preprocessing stays', () => {
  checkUntouched([
    ['glue.h of arm', '#define ____glue(name,fn)\tname/**/fn\n'.replace('\t', ' ')],
    ['several', 'a/**//**/b\n'],
  ]);
  check([
    ['beside white space', 'a /**/b/**/ c /**/\n', 'a b c\n'],
    ['beside another comment', 'a/**//* c */b/* c *//**/c\n', 'a b c\n'],
  ]);
});

test('comments that hold SPDX stay whole', () => {
  checkUntouched([
    ['a block comment', '/* SPDX-License-Identifier: GPL-2.0 */\n'],
    ['a line comment', '// SPDX-License-Identifier: GPL-2.0  \n'],
    ['over several lines', '/*\n * SPDX-License-Identifier: MIT  \n\n * /* inner\n */\n'],
    ['before a header name', '/* SPDX */ #include <a//b.h>\n'],
  ]);
  check([
    ['only those', '/* c */ /* SPDX */ /* d */ a // SPDX\n', ' /* SPDX */  a // SPDX\n', ' /* SPDX */ a // SPDX\n'],
    ['in a string', 'a /* c */ "SPDX"\n', 'a  "SPDX"\n', 'a "SPDX"\n'],
  ]);
});

test('header names hold no comments', () => {
  check([
    ['slashes', '#include <a//b.h>\n/* c */x\n', '#include <a//b.h>\n x\n'],
    ['a plain name and a comment', '#include <a/b.h> /* c */\n', '#include <a/b.h>\n'],
    [
      'include_next',
      '# include_next /* c */ <a//b.h>\nx\n',
      '# include_next  <a//b.h>\nx\n',
      '# include_next <a//b.h>\nx\n',
    ],
    ['digraphs', '%: include <a//b.h>\n// c\n', '%: include <a//b.h>\n'],
    ['a split directive name', '#inc\\\nlude <a//b.h>\n// c\n', '#inc\\\nlude <a//b.h>\n'],
    ['after a byte order mark', '\xef\xbb\xbf#include <a//b.h>\n', '\xef\xbb\xbf#include <a//b.h>\n'],
    ['quoted', '#include "a//b.h" // c\n', '#include "a//b.h"\n'],
    ['__has_include', '#if __has_include(<a//b.h>)\n// c\n', '#if __has_include(<a//b.h>)\n'],
    ['no header name', '#if a <b//c>\n', '#if a <b\n'],
    ['no directive', 'x #include <a//b.h>\n', 'x #include <a\n'],
  ]);
});

test('a lone quote opens no literal across lines', () => {
  check([
    ['in #error', "#error don't  /* c */  x\n/* d */ y\n", "#error don't  /* c */  x\n y\n"],
    ['in assembler text', "\t; don't  do\n/* c */\tmov\n", "\t; don't  do\n\tmov\n", " ; don't  do\n mov\n"],
    ['a double quote in a directive', '#warning 5" disk\n/* c */x\n', '#warning 5" disk\n x\n'],
    ['a digit separator', "1'000 + 1 // c\nx // c\n", "1'000 + 1 // c\nx\n"],
  ]);
});

test('the rest of the file stays where its reading is open', () => {
  const rest = ' /* c */\n\n  x // d  \n';
  checkUntouched([
    ['an unterminated comment', `a /* b\n\n  x // d  \n`],
    ['an unterminated string', `a "b${rest}`],
    ['a lone quote before a comment over lines', `#error don't /* c\n */${rest}`],
    ['a raw string', `R"(${rest})"${rest}`],
    ['a stray backslash that a comment keeps from the line end', `a \\${rest}`],
    ['an escape in the name of an include', `#include "a\\" /* "\n*/${rest}`],
  ]);
  check([['only the rest', 'x /* c */\n\ny /* b\n', 'x\ny /* b\n']]);
});

test('a file stays whole where compilers part on its lines', () => {
  checkUntouched([
    ['a carriage return alone', 'a // c\rb /* c */\n\n'],
    ['a NUL behind a backslash', 'a // c \\\0\nb /* c */\n\n'],
    ['a trigraph for a backslash', 'a // c ??/\nb /* c */\n\n'],
    ['a byte order mark that would come first', '/* c */\n\xef\xbb\xbfa\n'],
  ]);
});

test('CR LF, NUL, bytes that are not UTF-8 and a missing line end survive', () => {
  check([
    ['CR LF', 'a /* c */\r\n\r\n// d\r\nb \r\n', 'a\r\nb\r\n'],
    ['NUL', 'a\0/* c */b\n\0\n', 'a\0 b\n\0\n'],
    ['latin1', 'a\xff/* \xfe */\xe9\n', 'a\xff \xe9\n'],
    ['no line end', 'a /* c */', 'a'],
    ['no line end behind a comment line', 'a\n// c', 'a\n'],
    ['a backslash at the end', 'a \\  ', 'a \\  ', 'a \\ '],
  ]);
});

test('tokens makes one space of every run of blanks outside literals', () => {
  check([
    ['inside a line', 'a \t b\n', 'a \t b\n', 'a b\n'],
    ['at the start', '\t\ta\n', '\t\ta\n', ' a\n'],
    [
      'in a directive',
      '#\tdefine  A\t\t(x)  \\\n\t\tb\n',
      '#\tdefine  A\t\t(x)  \\\n\t\tb\n',
      '# define A (x) \\\n b\n',
    ],
    ['not where there is none', '#define A(x)\n', '#define A(x)\n'],
  ]);
});

test('stripping twice is stripping once', () => {
  fc.assert(
    fc.property(headerText(20), text => {
      for (const blanks of ['keep', 'collapse'] as const) {
        const once = strip(text, blanks);
        assert.equal(strip(once, blanks), once);
      }
    }),
    { numRuns: 5000 },
  );
});

test('tokens of comments is tokens', () => {
  fc.assert(
    fc.property(headerText(20), text => {
      assert.equal(strip(strip(text, 'keep'), 'collapse'), strip(text, 'collapse'));
    }),
    { numRuns: 5000 },
  );
});

test('a view into a larger buffer is read within its bounds', () => {
  const buffer = Buffer.from('/* a /* b */c SPDX');
  const view = buffer.subarray(5, 13);
  assert.equal(Buffer.from(stripComments(view, Buffer.alloc(8), 'keep')).toString(), ' c');
});

test('time grows with the input, not with its square', () => {
  const repeats = 40_000;
  const texts = [
    '/*',
    '/**/',
    "'",
    '"',
    '#',
    '# ',
    ' #',
    '\\',
    '\\ ',
    '<',
    '#include <',
    '__has_include(<',
    '\\\n',
    '*\\\n',
    "1'",
    'R"',
    '??/',
    '\0',
  ];
  for (const text of texts) {
    const source = Buffer.from(`${' '.repeat(repeats)}${text.repeat(repeats)}`);
    const start = process.cpuUsage();
    const out = Buffer.alloc(source.length);
    stripComments(source, out, 'keep');
    stripComments(source, out, 'collapse');
    const { user } = process.cpuUsage(start);
    assert.ok(user < 2_000_000, `${user} us on ${JSON.stringify(text)}`);
  }
});
