/**
 * The inner loop of CRC64 as a WebAssembly module, assembled here: JavaScript has no fast 64-bit integers.
 *
 *     update(at: i32, end: i32, stride: i32)
 *
 * goes over the eight-byte words from `at` to `end` and, as a second lane, over those `stride` bytes further on. Two
 * lanes keep the processor's loads busy where one would wait for its own last result. The lanes' values stand at the
 * start of the memory, the tables behind them.
 */

/** The module's memory: the lanes' values, the eight tables of 256 entries, the data. Offsets in bytes. */
export const LANES_AT = 0;
export const TABLES_AT = 64;
const TABLE_SIZE = 256 * 8;
export const DATA_AT = 2 ** 15;
/** Bytes of data that a call may be given: two lanes. */
export const DATA_SIZE = 2 ** 16;
export const PAGES = 2;

/** Instructions (WebAssembly core specification, section 5.4). */
const LOOP = 0x03;
const END = 0x0b;
const BRANCH_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I64_LOAD = 0x29;
const I64_STORE = 0x37;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
const I32_AND = 0x71;
const I32_SHL = 0x74;
const I64_XOR = 0x85;
const I64_SHR_U = 0x88;
const I32_WRAP_I64 = 0xa7;

const VOID = 0x40;
const I32 = 0x7f;
const I64 = 0x7e;
const ALIGNED_8 = 3;

/** The function's parameters and locals. */
const AT = 0;
const STOP = 1;
const STRIDE = 2;
const FIRST = 3;
const SECOND = 4;

/** A table's entries are eight bytes: a byte of the value is its offset when it is shifted left by three. */
const ENTRY_SHIFT = 3;
const ENTRY_MASK = 0xff << ENTRY_SHIFT;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const;

export function assembleCrc64(): Uint8Array<ArrayBuffer> {
  const code = [1, 2, I64, ...body(), END];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [1, 0x60, 3, I32, I32, I32, 0]),
    ...section(2, [1, ...name('m'), ...name('memory'), 0x02, 0x00, PAGES]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('update'), 0x00, 0]),
    ...section(10, [1, ...sized(code)]),
  ]);
}

function body(): number[] {
  return [
    ...load(LANES_AT, i32(0)),
    ...[LOCAL_SET, FIRST],
    ...load(LANES_AT + 8, i32(0)),
    ...[LOCAL_SET, SECOND],
    ...[LOOP, VOID],
    ...absorb(FIRST, [LOCAL_GET, AT]),
    ...absorb(SECOND, [LOCAL_GET, AT, LOCAL_GET, STRIDE, I32_ADD]),
    ...advance(FIRST),
    ...advance(SECOND),
    ...[LOCAL_GET, AT, ...i32(8), I32_ADD, LOCAL_TEE, AT, LOCAL_GET, STOP, I32_LT_U, BRANCH_IF, 0],
    END,
    ...store(LANES_AT, FIRST),
    ...store(LANES_AT + 8, SECOND),
  ];
}

/** A lane's value, with the next eight bytes of data in it. */
function absorb(lane: number, address: readonly number[]): number[] {
  return [LOCAL_GET, lane, ...load(0, address), I64_XOR, LOCAL_SET, lane];
}

/** A lane's value eight bytes on: each of its bytes through a table of its own. */
function advance(lane: number): number[] {
  const lookups: number[] = [];
  for (let byte = 0; byte < 8; byte++) {
    const shift = 8 * byte - ENTRY_SHIFT;
    const shifted =
      byte === 0
        ? [LOCAL_GET, lane, I32_WRAP_I64, ...i32(ENTRY_SHIFT), I32_SHL]
        : [LOCAL_GET, lane, I64_CONST, ...signed(shift), I64_SHR_U, I32_WRAP_I64];
    lookups.push(...load(TABLES_AT + (7 - byte) * TABLE_SIZE, [...shifted, ...i32(ENTRY_MASK), I32_AND]));
    if (byte > 0) lookups.push(I64_XOR);
  }
  return [...lookups, LOCAL_SET, lane];
}

function load(offset: number, address: readonly number[]): number[] {
  return [...address, I64_LOAD, ALIGNED_8, ...unsigned(offset)];
}

function store(offset: number, lane: number): number[] {
  return [...i32(0), LOCAL_GET, lane, I64_STORE, ALIGNED_8, ...unsigned(offset)];
}

function i32(value: number): number[] {
  return [I32_CONST, ...signed(value)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function name(text: string): number[] {
  return sized([...Buffer.from(text)]);
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

/** LEB128, unsigned (section 5.2.2). */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128, signed, of a value that is not negative: bit 6 of the last byte is its sign. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
