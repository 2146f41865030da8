import { readFileSync } from 'node:fs';
import { compiledWithSimd } from '../bytes/compiledCode.js';
import { crc64Loop, TABLES, TABLES_AT, VALUE_AT } from './crc64Loop.js';

/**
 * CRC64 (.xz specification, section 6: ECMA-182, reflected) in WebAssembly: 8 GB/s over 256 KiB where they lie; where
 * JavaScript has to do it, 0.35.
 */
const POLYNOMIAL_LOW = 0xd7870f42;
const POLYNOMIAL_HIGH = 0xc96c5795;
const ALL_ONES = 0xffffffff;
const WORD = 8;
/** Bytes of data that lie elsewhere, copied at a time. */
const ROOM_SIZE = 2 ** 16;
/** What is computed with lies below this address of a memory. */
export const CRC64_SIZE = 2 ** 15;
/** Compiled from `assembly/crc64.ts` by the build, beside this file. */
const MODULE = new URL('./crc64.wasm', import.meta.url);
/** WebAssembly's, in bytes. */
const PAGE_SIZE = 2 ** 16;
const PAGES = Math.ceil((CRC64_SIZE + ROOM_SIZE) / PAGE_SIZE);

/** Where CRCs are computed. A CRC in progress keeps its value to itself between calls. */
interface Engine {
  /** Where what is computed with lies. */
  readonly buffer: ArrayBufferLike;
  /** Every 64-bit value here is two 32-bit halves, the low one first: BigInt is slow. */
  readonly value: Uint32Array;
  readonly tables: Uint32Array;
  update(at: number, end: number): void;
}

/** Null where WebAssembly cannot do it; undefined before the first use. */
let compiled: WebAssembly.Module | null | undefined;
/** For data that lie in no such memory; one for each thread. */
let own: Engine | undefined;
const engines = new WeakMap<WebAssembly.Memory, Engine>();

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
    const there = this.#memory !== null && data.buffer === this.#memory.buffer ? engineIn(this.#memory) : null;
    const engine = there ?? ownEngine();
    const wordsEnd = data.length - (data.length % WORD);
    if (there !== null) this.#overWords(there, data.byteOffset, wordsEnd);
    else {
      const room = new Uint8Array(engine.buffer, CRC64_SIZE, ROOM_SIZE);
      for (let at = 0; at < wordsEnd; at += ROOM_SIZE) {
        const part = data.subarray(at, Math.min(at + ROOM_SIZE, wordsEnd));
        room.set(part);
        this.#overWords(engine, CRC64_SIZE, part.length);
      }
    }
    for (let at = wordsEnd; at < data.length; at++) {
      [this.#low, this.#high] = overByte(this.#low ^ (data[at] as number), this.#high, engine.tables);
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

  #overWords({ value, update }: Engine, at: number, size: number): void {
    if (size === 0) return;
    value[0] = this.#low;
    value[1] = this.#high;
    update(at, at + size);
    this.#low = value[0] as number;
    this.#high = value[1] as number;
  }
}

/** A value over one more byte, which has been XORed into it. */
function overByte(low: number, high: number, tables: Uint32Array): [number, number] {
  const entry = 2 * (low & 0xff);
  return [((low >>> 8) | (high << 24)) ^ (tables[entry] as number), (high >>> 8) ^ (tables[entry + 1] as number)];
}

function ownEngine(): Engine {
  if (own === undefined) {
    const memory = newMemory();
    const code = memory === null ? null : compiledModule();
    if (memory === null || code === null) {
      const buffer = new ArrayBuffer(PAGES * PAGE_SIZE);
      own = engineOf(buffer, crc64Loop(buffer));
    } else own = engineOf(memory.buffer, instantiated(code, memory));
  }
  return own;
}

/** Null where WebAssembly cannot do it. */
function engineIn(memory: WebAssembly.Memory): Engine | null {
  const found = engines.get(memory);
  if (found !== undefined) return found;
  const code = compiledModule();
  if (code === null) return null;
  const engine = engineOf(memory.buffer, instantiated(code, memory));
  engines.set(memory, engine);
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

function engineOf(buffer: ArrayBufferLike, update: Engine['update']): Engine {
  const tables = new Uint32Array(buffer, TABLES_AT, TABLES * 256 * 2);
  fill(tables);
  return { buffer, value: new Uint32Array(buffer, VALUE_AT, 2), tables, update };
}

function compiledModule(): WebAssembly.Module | null {
  if (compiled === undefined) compiled = compiledWithSimd(readFileSync(MODULE));
  return compiled;
}

function instantiated(code: WebAssembly.Module, memory: WebAssembly.Memory): Engine['update'] {
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  return (exports as Pick<Engine, 'update'>).update;
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
