import {
  bindings,
  conditional,
  enumeration,
  flags,
  inlineFunction,
  macro,
  type Piece,
  prototypes,
  registers,
  remark,
  requests,
  structure,
} from './pieces.js';
import type { Random } from './random.js';
import { proseLines, subject } from './words.js';

/** What a header is made of. */
export type HeaderKind = 'interface' | 'user' | 'bindings' | 'assembly' | 'registers';

const PIECES: { readonly [K in HeaderKind]: readonly Piece[] } = {
  interface: [
    structure,
    inlineFunction,
    inlineFunction,
    prototypes,
    prototypes,
    flags,
    macro,
    enumeration,
    conditional,
    remark,
  ],
  user: [structure, flags, enumeration, requests, remark],
  bindings: [bindings],
  assembly: [inlineFunction, macro, flags, conditional, remark],
  registers: [registers, registers, registers, registers, flags],
};

const LICENCES: { readonly [K in HeaderKind]: string } = {
  interface: 'GPL-2.0-only',
  user: 'GPL-2.0 WITH Linux-syscall-note',
  bindings: '(GPL-2.0 OR BSD-2-Clause)',
  assembly: 'GPL-2.0',
  registers: 'MIT',
};

/**
 * A header of about `size` bytes: an SPDX line, sometimes a licence comment, an include guard, includes, pieces.
 * @param path names the include guard and the identifiers inside
 */
export function headerText(random: Random, path: string, kind: HeaderKind, size: number): string {
  const guard = `_${path.replace(/[^a-z0-9]+/gi, '_').toUpperCase()}`;
  const stem = identifier(path);
  const parts = [`/* SPDX-License-Identifier: ${LICENCES[kind]} */\n`];
  if (size > 400 && random.chance(45)) parts.push(licenceComment(random, stem));
  parts.push(`#ifndef ${guard}\n#define ${guard}\n\n`);
  if (size > 600 && kind !== 'bindings') {
    for (let i = random.below(6); i > 0; i--) parts.push(`#include <linux/${subject(random)}.h>\n`);
    parts.push('\n');
  }
  const end = `#endif /* ${guard} */\n`;
  let length = parts.reduce((sum, part) => sum + part.length, end.length);
  if (size < 500) parts.push(`#define ${stem.toUpperCase()}_${subject(random).toUpperCase()}\t${random.below(64)}\n\n`);
  while (size >= 500 && length < size) {
    const piece = random.pick(PIECES[kind])(random, stem);
    parts.push(piece);
    length += piece.length;
  }
  parts.push(end);
  return parts.join('');
}

function identifier(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\.h$/, '');
  return base.replace(/[^a-z0-9]+/gi, '_');
}

function licenceComment(random: Random, stem: string): string {
  const year = random.between(1996, 2024);
  return `/*\n * ${stem}.h - made-up header of a made-up kernel\n *\n * Copyright (C) ${year} Nobody in Particular\n *\n${proseLines(random, random.between(0, 9))} */\n\n`;
}
