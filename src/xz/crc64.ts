import { readFileSync } from 'node:fs';
import { crc64Loop, LANES_AT, TABLES, TABLES_AT } from './crc64Loop.js';

/**
 * CRC64 (.xz specification, section 6: ECMA-182, reflected), sixteen bytes a step, in WebAssembly: 2.8 GB/s where
 * JavaScript with 32-bit halves reaches 1.0.
 *
 * Data are looked at in a WebAssembly memory, 64 KiB at a time, as two lanes of 32 KiB each. A CRC is linear, so the value
 * over both is the first lane's, taken over as many null bytes as the second has, XORed with the second's that started at 0.
 */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;
const ALL_ONES = 0xffffffff;
const WORD = 8;
/** Bytes of data that a call may be given: two lanes. */
const DATA_SIZE = 2 ** 16;
const LANE_SIZE = DATA_SIZE / 2;
/** What is computed with lies below this address of a memory. */
export const CRC64_SIZE = 2 ** 15;
/** Compiled from `assembly/crc64.ts` by the build, beside this file. */
const MODULE = new URL('./crc64.wasm', import.meta.url);
/** WebAssembly's, in bytes. */
const PAGE_SIZE = 2 ** 16;
const PAGES = Math.ceil((CRC64_SIZE + DATA_SIZE) / PAGE_SIZE);

/** Where CRCs are computed. A CRC in progress keeps its value to itself between calls. */
interface Engine {
  /** Where what is computed with lies. */
  readonly buffer: ArrayBufferLike;
  /** The two lanes' values. Every 64-bit value here is two 32-bit halves, the low one first: BigInt is slow. */
  readonly lanes: Uint32Array;
  readonly tables: Uint32Array;
  update(at: number, end: number, stride: number): void;
}

let compiled: WebAssembly.Module | undefined;
/** For data that lie in no such memory; one for each thread. */
let own: Engine | undefined;
const engines = new WeakMap<WebAssembly.Memory, Engine>();
/** What a lane of null bytes makes of each bit of a value; for data of two lanes. */
let overLane: Uint32Array | undefined;

/** The CRC64 of data that come in pieces. */
export class Crc64 {
  readonly #memory: WebAssembly.Memory | null;
  #low = ALL_ONES;
  #high = ALL_ONES;

  /**
   * @param memory a WebAssembly memory in which data lie, from `CRC64_SIZE` on, that need not be copied then: what is below
   *   is used here alone. Data that lie elsewhere are copied.
   */
  constructor(memory: WebAssembly.Memory | null) {
    this.#memory = memory;
  }

  update(data: Uint8Array): void {
    const isThere = this.#memory !== null && data.buffer === this.#memory.buffer;
    const engine = isThere && this.#memory !== null ? engineIn(this.#memory) : ownEngine();
    const { lanes, tables } = engine;
    const room = isThere ? null : new Uint8Array(engine.buffer, CRC64_SIZE, DATA_SIZE);
    let at = 0;
    for (; data.length - at >= DATA_SIZE; at += DATA_SIZE) {
      room?.set(data.subarray(at, at + DATA_SIZE));
      const from = isThere ? data.byteOffset + at : CRC64_SIZE;
      lanes.set([this.#low, this.#high, 0, 0]);
      engine.update(from, from + LANE_SIZE, LANE_SIZE);
      joinLanes(lanes, tables);
      this.#low = lanes[2] as number;
      this.#high = lanes[3] as number;
    }
    const words = data.length - at - ((data.length - at) % WORD);
    if (words > 0) {
      room?.set(data.subarray(at, at + words));
      const from = isThere ? data.byteOffset + at : CRC64_SIZE;
      lanes.set([this.#low, this.#high]);
      engine.update(from, from + words, 0);
      this.#low = lanes[0] as number;
      this.#high = lanes[1] as number;
      at += words;
    }
    for (; at < data.length; at++)
      [this.#low, this.#high] = overByte(this.#low ^ (data[at] as number), this.#high, tables);
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
function joinLanes(lanes: Uint32Array, tables: Uint32Array): void {
  const [low = 0, high = 0] = lanes;
  overLane ??= overNulls(LANE_SIZE, tables);
  addProduct(overLane, low, high, lanes, 2);
}

/** XORs what a linear map makes of a value into the one at `at`. @param map what it makes of each bit */
function addProduct(map: Uint32Array, low: number, high: number, into: Uint32Array, at: number): void {
  let sumLow = 0;
  let sumHigh = 0;
  for (let bit = 0; bit < 128; bit += 2) {
    const rest = bit < 64 ? low >>> (bit / 2) : high >>> (bit / 2 - 32);
    // All ones where the bit is set: no branch that half the time is foreseen wrongly.
    const mask = -(rest & 1);
    sumLow ^= (map[bit] as number) & mask;
    sumHigh ^= (map[bit + 1] as number) & mask;
  }
  into[at] = (into[at] as number) ^ sumLow;
  into[at + 1] = (into[at + 1] as number) ^ sumHigh;
}

/** A value over one more byte, which has been XORed into it. */
function overByte(low: number, high: number, tables: Uint32Array): [number, number] {
  const entry = 2 * (low & 0xff);
  return [((low >>> 8) | (high << 24)) ^ (tables[entry] as number), (high >>> 8) ^ (tables[entry + 1] as number)];
}

function ownEngine(): Engine {
  own ??= engineOf(newMemory());
  return own;
}

function engineIn(memory: WebAssembly.Memory): Engine {
  let engine = engines.get(memory);
  if (engine === undefined) {
    engine = engineOf(memory);
    engines.set(memory, engine);
  }
  return engine;
}

/**
 * Up to Node 22, V8 reserves ten GiB of addresses for every WebAssembly memory, whatever its size: where they cannot be had
 * (`ulimit -v`), or there is no WebAssembly at all (`--jitless`), the same is done in JavaScript.
 */
function newMemory(): WebAssembly.Memory | null {
  if (typeof WebAssembly === 'undefined') return null;
  try {
    return new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function engineOf(memory: WebAssembly.Memory | null): Engine {
  const { buffer } = memory ?? { buffer: new ArrayBuffer(PAGES * PAGE_SIZE) };
  const tables = new Uint32Array(buffer, TABLES_AT, TABLES * 256 * 2);
  fill(tables);
  return {
    buffer,
    lanes: new Uint32Array(buffer, LANES_AT, 4),
    tables,
    update: memory === null ? crc64Loop(buffer) : compiledLoop(memory),
  };
}

function compiledLoop(memory: WebAssembly.Memory): Engine['update'] {
  compiled ??= new WebAssembly.Module(readFileSync(MODULE));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return (exports as Pick<Engine, 'update'>).update;
}

/** What `count` null bytes make of each bit of a value. @param count a power of two: the map over one byte is squared */
function overNulls(count: number, tables: Uint32Array): Uint32Array {
  let map = new Uint32Array(64 * 2);
  for (let bit = 0; bit < 32; bit++) {
    map.set(overByte(1 << bit, 0, tables), 2 * bit);
    map.set(overByte(0, 1 << bit, tables), 2 * (bit + 32));
  }
  for (let over = 1; over < count; over *= 2) {
    const squared = new Uint32Array(map.length);
    for (let at = 0; at < map.length; at += 2) addProduct(map, map[at] as number, map[at + 1] as number, squared, at);
    map = squared;
  }
  return map;
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
