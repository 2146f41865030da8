import fc from 'fast-check';

/** Pieces of headers that a lexer can trip over. */
export const PIECES = [
  ...[
    '/*',
    '*/',
    '/',
    '*',
    '//',
    '/**/',
    '/* c */',
    '// c',
    '/*\n*/',
    '/* a\n b */',
    '/* SPDX */',
    '// SPDX\n',
    'SPDX',
  ],
  ...[
    '*\\\n/',
    '/\\\n*',
    '/\\\n/',
    '\\\n',
    '\\ \n',
    '\\\r\n',
    '\\',
    '\n',
    '\n',
    '\n',
    '\r\n',
    ' ',
    ' ',
    '\t',
    '  ',
    '\f',
    '\v',
  ],
  ...['"', "'", '"s"', "'c'", '"\\""', "'\\''", '"a/*b*/"', 'L', 'u8', 'u8"x"', '\\n', "1'000", "don't"],
  ...[
    '#',
    '# ',
    '##',
    '#include <a//b.h>\n',
    '#include <a/*b.h>\n',
    '#define F(x) #x\n',
    'F(',
    '#define G (x)\n',
    '#ifdef __ASSEMBLY__\n',
  ],
  ...[
    "#error don't\n",
    '#define',
    '#if __has_include(<a//b>)\n',
    '#endif\n',
    '%:',
    'include',
    '<',
    '>',
    '??/',
    '<:',
    '::',
  ],
  ...['a', 'b', 'name', '0x1f', '1e+', '.', '+', '-', '(', ')', ',', '$', '@', '\0', '\xff', '\xc3\xa9'],
];

/** Header text built of pieces, one byte per code unit, hardly ever valid C: what holds for it holds for headers. */
export function headerText(maxPieces: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...PIECES), { maxLength: maxPieces }).map(pieces => pieces.join(''));
}
