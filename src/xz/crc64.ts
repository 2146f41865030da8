import { crc64Loop } from './crc64Loop.js';
import { assembleCrc64, DATA_AT, DATA_SIZE, LANES_AT, PAGES, TABLES_AT } from './crc64Module.js';

/**
 * CRC64 (.xz specification, section 6: ECMA-182, reflected), sixteen bytes a step, in WebAssembly: 2.4 GB/s where
 * JavaScript with 32-bit halves reaches 1.0.
 *
 * Data go through the module's memory, 64 KiB at a time, as two lanes of 32 KiB each. A CRC is linear, so the value over
 * both is the first lane's, taken over as many null bytes as the second has, XORed with the second's that started at 0.
 */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;
const ALL_ONES = 0xffffffff;
const TABLES = 8;
const WORD = 8;
const LANE_SIZE = DATA_SIZE / 2;
/** WebAssembly's, in bytes. */
const PAGE_SIZE = 2 ** 16;

/** What is used of it: its types come with the DOM's alone. Where no code may be made at run time, it is not there. */
declare const WebAssembly:
  | {
      readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (
        module: object,
        imports: object,
      ) => { readonly exports: Readonly<Record<string, unknown>> };
    }
  | undefined;

interface Loop {
  readonly buffer: ArrayBuffer;
  update(at: number, end: number, stride: number): void;
}

interface Engine {
  readonly data: Uint8Array;
  /** The two lanes' values. Every 64-bit value here is two 32-bit halves, the low one first: BigInt is slow. */
  readonly lanes: Uint32Array;
  readonly tables: Uint32Array;
  readonly update: Loop['update'];
  /** What a lane of null bytes makes of each bit of a value. */
  readonly overNulls: Uint32Array;
}

/** One for each thread. A CRC in progress keeps its value to itself between calls. */
let engine: Engine | undefined;

/** The CRC64 of data that come in pieces. */
export class Crc64 {
  #low = ALL_ONES;
  #high = ALL_ONES;

  update(data: Uint8Array): void {
    engine ??= start();
    const { lanes, tables, data: room } = engine;
    let at = 0;
    for (; data.length - at >= DATA_SIZE; at += DATA_SIZE) {
      room.set(data.subarray(at, at + DATA_SIZE));
      lanes.set([this.#low, this.#high, 0, 0]);
      engine.update(DATA_AT, DATA_AT + LANE_SIZE, LANE_SIZE);
      joinLanes(engine);
      this.#low = lanes[2] as number;
      this.#high = lanes[3] as number;
    }
    const words = data.length - at - ((data.length - at) % WORD);
    if (words > 0) {
      room.set(data.subarray(at, at + words));
      lanes.set([this.#low, this.#high]);
      engine.update(DATA_AT, DATA_AT + words, 0);
      this.#low = lanes[0] as number;
      this.#high = lanes[1] as number;
      at += words;
    }
    for (; at < data.length; at++) {
      const entry = 2 * ((this.#low ^ (data[at] as number)) & 0xff);
      this.#low = ((this.#low >>> 8) | (this.#high << 24)) ^ (tables[entry] as number);
      this.#high = (this.#high >>> 8) ^ (tables[entry + 1] as number);
    }
  }

  /** Its eight bytes, least significant first, as a Check field stores them. */
  value(): Uint8Array {
    const out = new Uint8Array(8);
    const view = new DataView(out.buffer);
    view.setInt32(0, ~this.#low, true);
    view.setInt32(4, ~this.#high, true);
    return out;
  }
}

/** Takes the first lane's value over as many null bytes as the second lane had, into the second lane's. */
function joinLanes({ lanes, overNulls }: Engine): void {
  let [firstLow = 0, firstHigh = 0, low = 0, high = 0] = lanes;
  for (let bit = 0; bit < 128; bit += 2) {
    const rest = bit < 64 ? firstLow : firstHigh;
    // All ones where the lowest bit is set: no branch that half the time is foreseen wrongly.
    const mask = -(rest & 1);
    low ^= (overNulls[bit] as number) & mask;
    high ^= (overNulls[bit + 1] as number) & mask;
    if (bit < 64) firstLow >>>= 1;
    else firstHigh >>>= 1;
  }
  lanes[2] = low;
  lanes[3] = high;
}

function start(): Engine {
  const { buffer, update } = loop();
  const tables = new Uint32Array(buffer, TABLES_AT, TABLES * 256 * 2);
  fill(tables);
  const lanes = new Uint32Array(buffer, LANES_AT, 4);
  const data = new Uint8Array(buffer, DATA_AT, DATA_SIZE);
  const overNulls = new Uint32Array(64 * 2);
  for (let bit = 0; bit < 32; bit++) {
    // The memory starts as null bytes. Both lanes go over the same: a bit of the low half, a bit of the high half.
    lanes.set([1 << bit, 0, 0, 1 << bit]);
    update(DATA_AT, DATA_AT + LANE_SIZE, 0);
    overNulls.set(lanes.subarray(0, 2), 2 * bit);
    overNulls.set(lanes.subarray(2, 4), 2 * (bit + 32));
  }
  return { data, lanes, tables, update, overNulls };
}

/**
 * The inner loop with its memory. Up to Node 22, V8 reserves ten GiB of addresses for every WebAssembly memory, whatever its size: where
 * they cannot be had (`ulimit -v`), or there is no WebAssembly at all (`--jitless`), the same is done in JavaScript.
 */
function loop(): Loop {
  return (typeof WebAssembly === 'undefined' ? null : assembled(WebAssembly)) ?? written();
}

function written(): Loop {
  const buffer = new ArrayBuffer(PAGES * PAGE_SIZE);
  return { buffer, update: crc64Loop(buffer) };
}

/** Null where there is no room for a memory. */
function assembled({ Memory, Module, Instance }: NonNullable<typeof WebAssembly>): Loop | null {
  let memory: { readonly buffer: ArrayBuffer };
  try {
    memory = new Memory({ initial: PAGES, maximum: PAGES });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  const instance = new Instance(new Module(assembleCrc64()), { m: { memory } });
  return { buffer: memory.buffer, update: instance.exports['update'] as Loop['update'] };
}

/** Table k holds the effect of a byte that is k bytes ahead of the end of the step. */
function fill(tables: Uint32Array): void {
  for (let byte = 0; byte < 256; byte++) {
    let low = byte;
    let high = 0;
    for (let bit = 0; bit < 8; bit++) {
      const mask = -(low & 1);
      low = ((low >>> 1) | (high << 31)) ^ (POLYNOMIAL_LOW & mask);
      high = (high >>> 1) ^ (POLYNOMIAL_HIGH & mask);
    }
    tables.set([low, high], 2 * byte);
  }
  for (let at = 512; at < tables.length; at += 2) {
    const low = tables[at - 512] as number;
    const high = tables[at - 511] as number;
    const entry = 2 * (low & 0xff);
    tables[at] = ((low >>> 8) | (high << 24)) ^ (tables[entry] as number);
    tables[at + 1] = (high >>> 8) ^ (tables[entry + 1] as number);
  }
}
