/** What an ELF file of a test's own is like: sections .rodata, .symtab and .strtab, in the class and byte order asked for. */
export interface ElfShape {
  readonly bits: 32 | 64;
  readonly isLittle: boolean;
  /** Whether it is a relocatable file; else an executable whose .rodata lies at `address`. */
  readonly isRelocatable: boolean;
  readonly address: bigint;
}

export interface ElfSymbol {
  readonly name: string;
  /** Offset in .rodata. */
  readonly at: number;
}

const RODATA = 1;

/** An ELF file with `rodata` in it; gives the file offset of that too. */
export function buildElf(shape: ElfShape, rodata: Buffer, symbols: readonly ElfSymbol[]): { file: Buffer; at: number } {
  const { bits, isLittle, isRelocatable, address } = shape;
  const size = bits === 64 ? { header: 64, section: 64, symbol: 24 } : { header: 52, section: 40, symbol: 16 };
  const base = isRelocatable ? 0n : address;
  const strings = Buffer.from(`\0${symbols.map(({ name }) => `${name}\0`).join('')}`, 'latin1');
  const table = Buffer.alloc(size.symbol * (symbols.length + 1));
  const at = size.header;
  const parts = [
    { type: 0, address: 0n, bytes: Buffer.alloc(0), link: 0 },
    { type: 1, address: base, bytes: rodata, link: 0 },
    { type: 2, address: 0n, bytes: table, link: 3 },
    { type: 3, address: 0n, bytes: strings, link: 0 },
  ];
  const put = fieldWriter(isLittle, bits);
  symbols.forEach(({ name, at: offset }, i) => {
    const entry = size.symbol * (i + 1);
    put.half(table, entry + (bits === 64 ? 6 : 14), RODATA);
    put.word(table, entry, strings.indexOf(`\0${name}\0`) + 1);
    put.natural(table, entry + (bits === 64 ? 8 : 4), base + BigInt(offset));
  });
  const header = Buffer.alloc(size.header);
  header.write('\x7fELF', 0, 'latin1');
  header.set([bits === 64 ? 2 : 1, isLittle ? 1 : 2, 1], 4);
  put.half(header, 16, isRelocatable ? 1 : 2);
  const sections = Buffer.alloc(size.section * parts.length);
  let offset = at;
  parts.forEach(({ type, address: where, bytes, link }, i) => {
    const entry = size.section * i;
    const fields =
      bits === 64 ? { address: 16, offset: 24, size: 32, link: 40 } : { address: 12, offset: 16, size: 20, link: 24 };
    put.word(sections, entry + 4, type);
    put.natural(sections, entry + fields.address, where);
    put.natural(sections, entry + fields.offset, BigInt(offset));
    put.natural(sections, entry + fields.size, BigInt(bytes.length));
    put.word(sections, entry + fields.link, link);
    offset += bytes.length;
  });
  const ends = bits === 64 ? { table: 40, size: 58, count: 60 } : { table: 32, size: 46, count: 48 };
  put.natural(header, ends.table, BigInt(offset));
  put.half(header, ends.size, size.section);
  put.half(header, ends.count, parts.length);
  return { file: Buffer.concat([header, ...parts.map(({ bytes }) => bytes), sections]), at };
}

function fieldWriter(isLittle: boolean, bits: 32 | 64) {
  const word = (out: Buffer, at: number, value: number): void => {
    if (isLittle) out.writeUInt32LE(value, at);
    else out.writeUInt32BE(value, at);
  };
  return {
    word,
    half(out: Buffer, at: number, value: number): void {
      if (isLittle) out.writeUInt16LE(value, at);
      else out.writeUInt16BE(value, at);
    },
    natural(out: Buffer, at: number, value: bigint): void {
      if (bits === 32) word(out, at, Number(value));
      else if (isLittle) out.writeBigUInt64LE(value, at);
      else out.writeBigUInt64BE(value, at);
    },
  };
}
