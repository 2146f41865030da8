import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { fromLatin1, fromUtf8 } from '../../src/bytes/bytePath.js';
import { pathFilter } from '../../src/tree/patterns.js';

const includes = (pattern: string, path: string): boolean => pathFilter([pattern], [])(fromUtf8(path));

test('patterns match as their rules say', () => {
  const table: [pattern: string, path: string, expected: boolean][] = [
    // Without a slash: any component.
    ['a.h', 'a.h', true],
    ['a.h', 'include/linux/a.h', true],
    ['a.h', 'include/ba.h', false],
    ['linux', 'include/linux/a.h', true],
    ['lin', 'include/linux/a.h', false],
    ['*.h', 'include/x.h', true],
    ['*.h', 'include/x.hh', false],
    ['?.h', 'include/x.h', true],
    ['?.h', 'include/xy.h', false],
    ['.hidden*', 'include/.hidden.h', true],
    ['*', 'include/.hidden.h', true],
    // With a slash: the path from the top.
    ['include/linux', 'include/linux/a/b.h', true],
    ['include/linux/', 'include/linux/a.h', true],
    ['./include/linux', 'include/linux/a.h', true],
    ['linux/a.h', 'include/linux/a.h', false],
    ['/include/linux', 'include/linux/a.h', true],
    ['/linux', 'include/linux/a.h', false],
    ['/*.h', 'a.h', true],
    ['/*.h', 'include/a.h', false],
    ['include//linux/./a.h/', 'include/linux/a.h', true],
    ['./a.h', 'include/a.h', true],
    ['/', 'a.h', true],
    ['include/*.h', 'include/a.h', true],
    ['include/*.h', 'include/linux/a.h', false],
    ['include/*', 'include/linux/a.h', true],
    ['include/**/a.h', 'include/a.h', true],
    ['include/**/a.h', 'include/x/y/a.h', true],
    ['**/asm/*.h', 'arch/x86/include/asm/a.h', true],
    ['**/asm/*.h', 'arch/x86/include/asm/b/a.h', false],
    ['arch/{x86,arm}/include', 'arch/arm/include/a.h', true],
    ['arch/{x86,arm}/include', 'arch/arm64/include/a.h', false],
    ['include/[a-c]*', 'include/b.h', true],
    ['include/[a-c]*', 'include/d.h', false],
    ['[!a].h', 'b.h', true],
    ['[!a].h', 'a.h', false],
    ['[!a].h', '!.h', true],
    ['[^a].h', 'a.h', false],
    ['include/[!a-c]*', 'include/b.h', false],
    ['include/[!a-c]*', 'include/d.h', true],
    ['[[:digit:]].h', '1.h', true],
    ['[![:digit:]].h', '1.h', false],
    ['[[:digit:][:upper:]_-]x', '_x', true],
    ['[[:digit:][:upper:]_-]x', 'ax', false],
    ['[[:constructor:]x', 'cx', true],
    ['a[b[[:digit:]', 'a[b1', false],
    ['a[b[:digit:]', 'a[bd', true],
    ['[a[:digit:]x[b]y', '3y', true],
    ['[]]x', ']x', true],
    ['[!]]x', ']x', false],
    ['[a-]x', '-x', true],
    ['[\\]]x', ']x', true],
    ['a/[!b]c', 'a/b/c', false],
    ['a[!b]c/d', 'a/c/d', false],
    // Two stars are more than one in the place of a component alone.
    ['include/**.h', 'include/a.h', true],
    ['include/**.h', 'include/linux/a.h', false],
    ['include/***/a.h', 'include/x/y/a.h', false],
    ['include/**', 'include/x/y/a.h', true],
    ['include/**', 'include', false],
    ['{include,arch/**}/asm/a.h', 'arch/x86/include/asm/a.h', true],
    ['{**/asm,none}/*.h', 'include/asm/a.h', true],
    ['x{**/asm,none}/*.h', 'x/include/asm/a.h', false],
    ['{a,{b,c}}.h', 'c.h', true],
    ['{a,b.h', '{a,b.h', true],
    ['{a*,b.h', '{ax,b.h', true],
    ['{a*}.h', '{ax}.h', true],
    ['{,a}*.h', 'x.h', true],
    // What shells do not know without being told is itself, and so are ranges in braces.
    ['a{1..3}.h', 'a1.h', false],
    ['a{1..3}*', 'a{1..3}.h', true],
    ['foo(1)*', 'foo(1).h', true],
    ['a|b*', 'a|b.h', true],
    ['a|b*', 'b.h', false],
    ['@(z)*', '@(z).h', true],
    ['!(a)*', 'b', false],
    ['a+(b)*', 'abb', false],
    // The name that it is, and what it means.
    ['{a,b}.h', '{a,b}.h', true],
    ['{a,b}.h', 'include/b.h', true],
    ['include/a[1].h', 'include/a[1].h', true],
    ['include/(x)', 'include/(x)/a.h', true],
    ['a\\*.h', 'a*.h', true],
    ['a\\*.h', 'ab.h', false],
    // The top has everything in it.
    ['.', 'include/a.h', true],
    ['./', 'include/a.h', true],
    ['././/', 'a.h', true],
    ['.', '', true],
    ['./.h', 'a.h', false],
    ['..', 'a.h', false],
    ['', 'a.h', false],
    // A path that begins like another is not inside it.
    ['include/linux', 'include/linux-x/a.h', false],
    // Nothing is negated by a leading mark.
    ['!a.h', 'b.h', false],
    ['größe.h', 'include/größe.h', true],
    // A newline is a byte like others.
    ['*.h', 'include/a\nb.h', true],
    ['include', 'include/a\nb/c.h', true],
    ['b.h', 'include/a\nb.h', false],
  ];
  for (const [pattern, path, expected] of table) assert.equal(includes(pattern, path), expected, `${pattern} ${path}`);
});

test('a name that nearly matches in many ways is read once', () => {
  const name = fromLatin1('_'.repeat(2 ** 20));
  for (const pattern of ['*_*_*_*_*.h', '*_*/*_*.h', '**/_*_*/**/x', '{*_,_*}{*_,_*}{*_,_*}x', '?*_?*_?*[!_]'])
    assert.equal(pathFilter([pattern], [])(name), false, pattern);
  // More positions than are kept.
  const mixed = fromLatin1(Array.from({ length: 2 ** 18 }, (_, i) => 'ab'[((i * i) % 7) & 1]).join(''));
  for (const pattern of [`*a${'?'.repeat(20)}/`, `*${'[ab]'.repeat(100)}c`])
    assert.equal(pathFilter([pattern], [])(mixed), false, pattern);
  const long = fromLatin1('a_/'.repeat(2 ** 18));
  for (const pattern of ['**/*_/**/*_/**/*_/**/x', '*_/*_/**/b/**/*_'])
    assert.equal(pathFilter([pattern], [])(long), false);
});

test('patterns mean what they mean to picomatch, as far as it reads them as shells do', () => {
  const options = { dot: true, nonegate: true, noextglob: true, strictSlashes: true, posix: true, flags: 's' };
  const name = fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', '.a', '*', 'a]', '-');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'));
  const inName = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]', '[a-b]', '\\*', '{a,b}', '{a*,?b}', '.a', '-');
  const component = fc.oneof(
    { weight: 4, arbitrary: fc.array(inName, { minLength: 1, maxLength: 3 }).map(parts => parts.join('')) },
    { weight: 1, arbitrary: fc.constant('**') },
  );
  const pattern = fc
    .array(component, { minLength: 2, maxLength: 4 })
    .map(parts => parts.join('/'))
    // Two stars in one component it does not read as one everywhere.
    .filter(text => !/[^/]\*\*|\*\*[^/]/.test(text));
  fc.assert(
    fc.property(pattern, path, (one, other) => {
      const expected = one === other || other.startsWith(`${one}/`) || picomatch([one, `${one}/**`], options)(other);
      assert.equal(includes(one, other), expected);
    }),
    { numRuns: 3000 },
  );
});

test('a star takes bytes that are not UTF-8', () => {
  assert.ok(pathFilter(['include/*.h'], [])(fromLatin1('include/\xff\xfe.h')));
  assert.ok(pathFilter(['include'], [])(fromLatin1('include/\xff/\xfe.h')));
});

test('more patterns than a manifest may have are refused', () => {
  const most = Array<string>(256).fill('a'.repeat(4096));
  assert.equal(pathFilter([], most)(fromUtf8('b')), true);
  const message = /Invalid value "1048577 characters" for the patterns: expected at most 1048576 in all/;
  assert.throws(() => pathFilter([], [...most, 'a']), { code: 'E_OPTION_VALUE', message });
});

test('letters of different case are different', () => {
  assert.equal(includes('xt_mark.h', 'include/xt_MARK.h'), false);
});

test('exclude wins over include, and neither passes everything', () => {
  const passes = pathFilter(['include'], ['linux', '*.tmp.h']);
  assert.deepEqual(
    ['include/a.h', 'include/linux/a.h', 'include/a.tmp.h', 'arch/a.h'].map(path => passes(fromUtf8(path))),
    [true, false, false, false],
  );
  const path = fc.stringMatching(/^[a-z/.]{1,20}$/).map(fromUtf8);
  fc.assert(fc.property(path, one => assert.ok(pathFilter([], [])(one))));
});

test('a plain path as pattern selects that file and what is in that directory, and nothing else', () => {
  const path = fc
    .array(fc.stringMatching(/^[a-c]{1,2}$/), { minLength: 2, maxLength: 4 })
    .map(parts => parts.join('/'));
  fc.assert(
    fc.property(path, path, (pattern, other) => {
      assert.equal(includes(pattern, other), other === pattern || other.startsWith(`${pattern}/`));
    }),
  );
});
