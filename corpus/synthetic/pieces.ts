import type { Random } from './random.js';
import { field, hex, phrase, proseLines, scalarType, subject, verb } from './words.js';

/** A piece of a header: some lines, ending in an empty one. `stem` is the header's name as an identifier. */
export type Piece = (random: Random, stem: string) => string;

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

/** A structure with a kernel-doc comment above it. */
export const structure: Piece = (random, stem) => {
  const name = `${stem}_${subject(random)}`;
  const members = Array.from({ length: random.between(3, 12) }, (_, i) => ({
    type: random.chance(25) ? `struct ${subject(random)} *` : `${scalarType(random)} `,
    name: `${field(random)}${i === 0 ? '' : `_${i}`}`,
  }));
  const doc = members.map(m => ` * @${m.name}: ${phrase(random, random.between(3, 8))}\n`).join('');
  const body = members.map(
    m => `\t${`${m.type}${m.name}`.replace('* ', '*')};${random.chance(20) ? `\t/* ${phrase(random, 4)} */` : ''}\n`,
  );
  return `/**\n * struct ${name} - ${phrase(random, 6)}\n${doc} */\nstruct ${name} {\n${body.join('')}};\n\n`;
};

/** A static inline function with a kernel-doc comment above it. */
export const inlineFunction: Piece = (random, stem) => {
  const what = subject(random);
  const member = field(random);
  const name = `${stem}_${verb(random)}_${what}`;
  return (
    `/**\n * ${name}() - ${phrase(random, 7)}\n * @${what}: ${phrase(random, 5)}\n *\n${proseLines(random, random.between(1, 4))}` +
    ` *\n * Return: ${phrase(random, 6)}.\n */\n` +
    `static inline ${scalarType(random)} ${name}(struct ${stem}_${what} *${what}, ${scalarType(random)} ${member})\n{\n` +
    `\tif (!${what} || ${what}->${member} == ${member})\n\t\treturn ${hex(random.below(256), 2)};\n` +
    `\t${what}->${field(random)} |= ${stem.toUpperCase()}_${member.toUpperCase()};\t/* ${phrase(random, 5)} */\n` +
    `\treturn ${verb(random)}_${what}(&${what}->${field(random)}, ${member});\n}\n\n`
  );
};

/** Prototypes, as a plain list. */
export const prototypes: Piece = (random, stem) =>
  `${times(random.between(3, 10), () => {
    const what = subject(random);
    return `${scalarType(random)} ${stem}_${verb(random)}_${what}(struct ${stem}_${what} *${what}, ${scalarType(random)} ${field(random)});\n`;
  })}\n`;

/** Flags, some with a comment behind them. */
export const flags: Piece = (random, stem) => {
  const group = `${stem}_${field(random)}`.toUpperCase();
  return `/* ${phrase(random, 6)} */\n${times(
    random.between(3, 16),
    i =>
      `#define ${group}_${subject(random).toUpperCase()}_${i}\tBIT(${i})${random.chance(30) ? `\t/* ${phrase(random, 4)} */` : ''}\n`,
  )}\n`;
};

/** A macro of several lines. */
export const macro: Piece = (random, stem) => {
  const name = `${stem}_${verb(random)}_${subject(random)}`;
  return (
    `#define ${name}(_p, _v)\t\t\t\t\t\\\ndo {\t\t\t\t\t\t\t\\\n` +
    times(random.between(1, 4), () => `\t(_p)->${field(random)} = ${verb(random)}_${subject(random)}(_v);\t\t\\\n`) +
    '} while (0)\n\n'
  );
};

/** An enumeration. */
export const enumeration: Piece = (random, stem) => {
  const name = `${stem}_${field(random)}`;
  return `enum ${name} {\n${times(
    random.between(3, 12),
    i => `\t${name.toUpperCase()}_${subject(random).toUpperCase()}_${i}${random.chance(40) ? ` = ${i}` : ''},\n`,
  )}};\n\n`;
};

/** A function where the option is set, a stub where it is not. */
export const conditional: Piece = (random, stem) => {
  const option = `CONFIG_${stem.toUpperCase()}_${subject(random).toUpperCase()}`;
  const name = `${stem}_${verb(random)}`;
  return (
    `#ifdef ${option}\nextern int ${name}(struct ${stem} *${subject(random)});\n#else\n` +
    `static inline int ${name}(struct ${stem} *unused)\n{\n\treturn -ENODEV;\n}\n#endif /* ${option} */\n\n`
  );
};

/** A comment of several lines. */
export const remark: Piece = random => `/*\n${proseLines(random, random.between(2, 12))} */\n\n`;

/** Requests of a character device. */
export const requests: Piece = (random, stem) => {
  const magic = `${stem.toUpperCase()}_IOC_MAGIC`;
  return `#define ${magic}\t'${String.fromCharCode(97 + random.below(26))}'\n${times(
    random.between(3, 12),
    i =>
      `#define ${stem.toUpperCase()}_IOC_${verb(random).toUpperCase()}_${i}\t_IOWR(${magic}, ${hex(i, 2)}, struct ${stem}_${subject(random)})\n`,
  )}\n`;
};

/** Numbered names, as device tree bindings have them. */
export const bindings: Piece = (random, stem) => {
  const first = random.below(200);
  return `/* ${phrase(random, 3)} */\n${times(
    random.between(8, 40),
    i =>
      `#define ${stem.toUpperCase()}_${subject(random).toUpperCase()}_${field(random).toUpperCase()}\t\t${first + i}\n`,
  )}\n`;
};

/** A register block: offsets, then shifts and masks of each field. The bulk of the largest headers is this. */
export const registers: Piece = (random, stem) => {
  const block = `${stem}_${subject(random)}`.toUpperCase();
  const base = random.below(0x10000) & ~3;
  return `// addressBlock: ${block.toLowerCase()}dec\n${times(random.between(6, 24), i => {
    const register = `${block}_${verb(random).toUpperCase()}_${i}`;
    const member = `${register}__${field(random).toUpperCase()}`;
    const shift = random.below(28);
    return (
      `#define reg${register}${' '.repeat(Math.max(1, 60 - register.length))}${hex(base + 4 * i, 4)}\n` +
      `#define ${member}__SHIFT${' '.repeat(Math.max(1, 60 - member.length))}${hex(shift, 1)}\n` +
      `#define ${member}_MASK${' '.repeat(Math.max(1, 61 - member.length))}${hex((2 ** random.between(1, 4) - 1) << shift, 8)}L\n`
    );
  })}\n`;
};
