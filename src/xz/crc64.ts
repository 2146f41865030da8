import { assembleCrc64, DATA_AT, DATA_SIZE, LANES_AT, PAGES, TABLES_AT } from './crc64Module.js';

/**
 * CRC64 (.xz specification, section 6: ECMA-182, reflected), sixteen bytes a step, in WebAssembly: 2.4 GB/s where
 * JavaScript with 32-bit halves reaches 1.0.
 *
 * Data go through the module's memory, 64 KiB at a time, as two lanes of 32 KiB each. A CRC is linear, so the value over
 * both is the first lane's, taken over as many null bytes as the second has, XORed with the second's that started at 0.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const ALL_ONES = 2n ** 64n - 1n;
const TABLES = 8;
const WORD = 8;
const LANE_SIZE = DATA_SIZE / 2;

/** What is used of it: its types come with the DOM's alone. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

interface Engine {
  readonly data: Uint8Array;
  /** The two lanes' values. */
  readonly lanes: BigUint64Array;
  readonly tables: BigUint64Array;
  update(at: number, end: number, stride: number): void;
  /** What a lane of null bytes makes of each bit of a value. */
  readonly overNulls: BigUint64Array;
}

/** One for each thread: a CRC in progress keeps its value to itself between calls. */
let engine: Engine | undefined;

/** The CRC64 of data that come in pieces. */
export class Crc64 {
  #value = ALL_ONES;

  update(data: Uint8Array): void {
    engine ??= start();
    const { lanes, data: room } = engine;
    let at = 0;
    for (; data.length - at >= DATA_SIZE; at += DATA_SIZE) {
      room.set(data.subarray(at, at + DATA_SIZE));
      this.#value = overTwoLanes(engine, this.#value);
    }
    const words = data.length - at - ((data.length - at) % WORD);
    if (words > 0) {
      room.set(data.subarray(at, at + words));
      lanes[0] = this.#value;
      engine.update(DATA_AT, DATA_AT + words, 0);
      this.#value = lanes[0];
      at += words;
    }
    for (; at < data.length; at++) {
      const index = Number(this.#value & 0xffn) ^ (data[at] as number);
      this.#value = (this.#value >> 8n) ^ (engine.tables[index] as bigint);
    }
  }

  /** Its eight bytes, least significant first, as a Check field stores them. */
  value(): Uint8Array {
    const out = new Uint8Array(8);
    new DataView(out.buffer).setBigUint64(0, this.#value ^ ALL_ONES, true);
    return out;
  }
}

/** The value over the whole room, from `before` on. */
function overTwoLanes({ lanes, update, overNulls }: Engine, before: bigint): bigint {
  lanes[0] = before;
  lanes[1] = 0n;
  update(DATA_AT, DATA_AT + LANE_SIZE, LANE_SIZE);
  let value = lanes[1];
  for (let rest = lanes[0], bit = 0; rest !== 0n; rest >>= 1n, bit++) {
    if ((rest & 1n) !== 0n) value ^= overNulls[bit] as bigint;
  }
  return value;
}

function start(): Engine {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assembleCrc64()), { m: { memory } });
  const update = instance.exports['update'] as Engine['update'];
  const tables = new BigUint64Array(memory.buffer, TABLES_AT, TABLES * 256);
  fill(tables);
  const lanes = new BigUint64Array(memory.buffer, LANES_AT, 2);
  const data = new Uint8Array(memory.buffer, DATA_AT, DATA_SIZE);
  const overNulls = new BigUint64Array(64);
  for (let bit = 0; bit < 64; bit += 2) {
    // The memory starts as null bytes, and both lanes go over the same.
    lanes[0] = 1n << BigInt(bit);
    lanes[1] = 1n << BigInt(bit + 1);
    update(DATA_AT, DATA_AT + LANE_SIZE, 0);
    overNulls.set(lanes, bit);
  }
  return { data, lanes, tables, update, overNulls };
}

/** Table k holds the effect of a byte that is k bytes ahead of the end of the step. */
function fill(tables: BigUint64Array): void {
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = (value & 1n) === 0n ? value >> 1n : (value >> 1n) ^ POLYNOMIAL;
    tables[byte] = value;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256] as bigint;
    tables[i] = (before >> 8n) ^ (tables[Number(before & 0xffn)] as bigint);
  }
}
