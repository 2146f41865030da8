import type { RandomAccess } from '../archive/reading/archiveFile.js';

/**
 * As much of ELF (System V ABI, chapter 4) as it takes to find where a symbol's bytes lie in the file: sections, and the
 * symbol table. 32 and 64 bits, both byte orders.
 */
const MAGIC = '\x7fELF';
const CLASS_AT = 4;
const CLASS_64 = 2;
const DATA_AT = 5;
const LITTLE_ENDIAN = 1;
const TYPE_AT = 16;
/** A relocatable file, such as a module: a symbol's value is an offset in its section. */
const TYPE_RELOCATABLE = 1;
const SECTION_SYMBOLS = 2;

/** Offsets of fields in bytes, by class. */
const LAYOUT = {
  32: {
    header: { size: 52, sectionsAt: 32, sectionSizeAt: 46, sectionCountAt: 48 },
    section: { size: 40, typeAt: 4, addressAt: 12, offsetAt: 16, sizeAt: 20, linkAt: 24 },
    symbol: { size: 16, nameAt: 0, valueAt: 4, sectionAt: 14 },
  },
  64: {
    header: { size: 64, sectionsAt: 40, sectionSizeAt: 58, sectionCountAt: 60 },
    section: { size: 64, typeAt: 4, addressAt: 16, offsetAt: 24, sizeAt: 32, linkAt: 40 },
    symbol: { size: 24, nameAt: 0, valueAt: 8, sectionAt: 6 },
  },
} as const;

/** More is no kernel's; a damaged header must not make us reserve memory. */
const TABLE_SIZE_MAX = 2 ** 28;

interface Section {
  readonly type: number;
  /** Kernels lie at the upper end of 64 bits, where numbers are not exact. */
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

export function isElf(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/**
 * The file offsets of symbols; null for one that is not there. A file whose tables make no sense has none.
 *
 * @param names of symbols that are defined in a section
 */
export async function symbolOffsets(file: RandomAccess, names: readonly string[]): Promise<(number | null)[]> {
  const reader = await ElfReader.open(file);
  if (reader === null) return names.map(() => null);
  const sections = await reader.sections();
  const table = sections.find(section => section.type === SECTION_SYMBOLS);
  const strings = table === undefined ? undefined : sections[table.link];
  if (table === undefined || strings === undefined) return names.map(() => null);
  return reader.find(sections, table, strings, names);
}

class ElfReader {
  readonly #file: RandomAccess;
  readonly #layout: (typeof LAYOUT)[32] | (typeof LAYOUT)[64];
  readonly #isLittle: boolean;
  readonly #header: DataView;

  private constructor(file: RandomAccess, is64: boolean, isLittle: boolean, header: DataView) {
    this.#file = file;
    this.#layout = LAYOUT[is64 ? 64 : 32];
    this.#isLittle = isLittle;
    this.#header = header;
  }

  static async open(file: RandomAccess): Promise<ElfReader | null> {
    const { size } = LAYOUT[64].header;
    if (file.size < size) return null;
    const head = await file.read(0, size);
    if (!isElf(head)) return null;
    return new ElfReader(file, head[CLASS_AT] === CLASS_64, head[DATA_AT] === LITTLE_ENDIAN, viewOf(head));
  }

  async sections(): Promise<Section[]> {
    const { header, section } = this.#layout;
    const count = this.#header.getUint16(header.sectionCountAt, this.#isLittle);
    const size = this.#header.getUint16(header.sectionSizeAt, this.#isLittle);
    const at = Number(this.#word(this.#header, header.sectionsAt));
    if (size !== section.size) return [];
    const view = await this.#read(at, count * size);
    if (view === null) return [];
    return Array.from({ length: count }, (_, i) => ({
      type: view.getUint32(i * size + section.typeAt, this.#isLittle),
      address: this.#word(view, i * size + section.addressAt),
      offset: Number(this.#word(view, i * size + section.offsetAt)),
      size: Number(this.#word(view, i * size + section.sizeAt)),
      link: view.getUint32(i * size + section.linkAt, this.#isLittle),
    }));
  }

  async find(
    sections: readonly Section[],
    table: Section,
    strings: Section,
    names: readonly string[],
  ): Promise<(number | null)[]> {
    const [symbols, text] = await Promise.all([
      this.#read(table.offset, table.size),
      this.#read(strings.offset, strings.size),
    ]);
    if (symbols === null || text === null) return names.map(() => null);
    const wanted = new Map(names.flatMap(name => nameOffsets(text, name).map(at => [at, name] as const)));
    const found = new Map<string, number>();
    const { symbol } = this.#layout;
    for (let at = 0; at + symbol.size <= symbols.byteLength; at += symbol.size) {
      const name = wanted.get(symbols.getUint32(at + symbol.nameAt, this.#isLittle));
      const section =
        name === undefined ? undefined : sections[symbols.getUint16(at + symbol.sectionAt, this.#isLittle)];
      if (name === undefined || section === undefined) continue;
      const value = this.#word(symbols, at + symbol.valueAt);
      found.set(name, section.offset + Number(this.#isRelocatable ? value : value - section.address));
    }
    return names.map(name => found.get(name) ?? null);
  }

  get #isRelocatable(): boolean {
    return this.#header.getUint16(TYPE_AT, this.#isLittle) === TYPE_RELOCATABLE;
  }

  /** A field of the class's size. */
  #word(view: DataView, at: number): bigint {
    if (this.#layout === LAYOUT[64]) return view.getBigUint64(at, this.#isLittle);
    return BigInt(view.getUint32(at, this.#isLittle));
  }

  /** Null for what does not lie in the file. */
  async #read(from: number, size: number): Promise<DataView | null> {
    if (size > TABLE_SIZE_MAX || from + size > this.#file.size) return null;
    return viewOf(await this.#file.read(from, from + size));
  }
}

/** A table that holds a name more often is no linker's. */
const NAME_OFFSETS_MAX = 1024;

/** Where a name can begin in a string table: one name may be the end of another. */
function nameOffsets(table: DataView, name: string): number[] {
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  const wanted = Buffer.from(`${name}\0`, 'latin1');
  const offsets: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    if (offsets.push(at) === NAME_OFFSETS_MAX) break;
  }
  return offsets;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
