import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiledWithSimd } from '../bytes/compiledCode.js';
import { badXz, KheadersPackError, type Place, placeAfter, systemReason } from '../errors.js';
import type { Run } from './chunk.js';

/** Compiled from `assembly/decoder.ts` by the build, beside this file. */
const MODULE = new URL('./decoder.wasm', import.meta.url);
/** WebAssembly's, in bytes. */
const PAGE_SIZE = 2 ** 16;
const PAGES_MAX = 2 ** 16;
/** Chunks are decoded together until they take or give this many bytes: few calls, and what they touch stays in the cache. */
export const RUN_SIZE = 2 ** 18;
/**
 * V8 copies so many bytes at a time into shared memory where both sides lie alike, and one at a time elsewhere, which takes
 * nine times as long.
 */
const WORD = 8;
/** Bytes of the largest Block that may lie in a slot beside others. */
export const SLOT_MAX = 2 ** 25;
/** Bytes from one slot to the next, with room for what is written behind a Block. */
const SLOT_SIZE = SLOT_MAX + PAGE_SIZE;

/** What the module exports. Addresses and sizes are bytes. */
interface DecoderExports {
  readonly roomAt: { readonly value: number };
  readonly padding: { readonly value: number };
  begin(start: number, dictionarySize: number): void;
  /** Returns 0 when the chunks are damaged. */
  decode(input: number, inputEnd: number): number;
}

/** One Block's LZMA2 data, which chunks say the sizes of. */
export interface FramedData {
  readonly data: Uint8Array;
  /** Cut by `RUN_SIZE`. */
  readonly runs: readonly Run[];
  readonly dictionarySize: number;
  /** Where `data` begin, for messages. */
  readonly place: Place;
}

/**
 * Our decoder of LZMA2 data, in WebAssembly: 1.2 times as fast as liblzma 5.2.3 with the copies of its binding.
 *
 * Its memory holds the input of a run, and behind it slots. A Block is decoded in a slot, which is its dictionary too, and
 * its content is looked at there, by any thread, for the memory is shared: nothing is copied. Slots lie `SLOT_MAX` apart;
 * what nobody has written takes addresses alone.
 */
export class BlockDecoder {
  /** Its first 32 KiB are for whoever computes with what lies in the slots. */
  readonly memory: WebAssembly.Memory;
  readonly #exports: DecoderExports;
  readonly #slotsAt: number;
  #bytes: Uint8Array<SharedArrayBuffer>;

  /** @throws RangeError where there are no addresses for its memory (up to Node 22) */
  constructor(module: WebAssembly.Module) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX, shared: true });
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as DecoderExports;
    this.#slotsAt = this.#exports.roomAt.value + WORD + RUN_SIZE + this.#exports.padding.value;
    this.#bytes = new Uint8Array(this.memory.buffer);
  }

  /** Whether there is memory for so many bytes in a slot. One of more than `SLOT_MAX` lies alone, in slot 0. */
  hasRoom(slot: number, size: number): boolean {
    const needed = this.#slotAt(slot) + size + this.#exports.padding.value - this.#bytes.length;
    if (needed <= 0) return true;
    try {
      this.memory.grow(Math.ceil(needed / PAGE_SIZE));
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#bytes = new Uint8Array(this.memory.buffer);
    return true;
  }

  /**
   * Decodes a Block's data, whose chunks are whole and allowed where they stand, a run at a time. One Block is decoded after
   * the other: who begins one ends the one before, if there is any.
   *
   * @param slot has room for what the data decode to
   * @returns the output in order, in the slot
   * @throws KheadersPackError `E_BAD_XZ`
   */
  *decode({ data, runs, dictionarySize, place }: FramedData, slot: number): Generator<Uint8Array, void, undefined> {
    let at = this.#slotAt(slot);
    this.#exports.begin(at, dictionarySize);
    for (const { from, to, uncompressedSize } of runs) {
      const input = data.subarray(from, to);
      const inputAt = this.#exports.roomAt.value + (input.byteOffset % WORD);
      this.#bytes.set(input, inputAt);
      if (this.#exports.decode(inputAt, inputAt + to - from) === 0) {
        throw badXz(placeAfter(place, from), 'the LZMA2 data are damaged');
      }
      yield this.#bytes.subarray(at, at + uncompressedSize);
      at += uncompressedSize;
    }
  }

  #slotAt(slot: number): number {
    return this.#slotsAt + slot * SLOT_SIZE;
  }
}

let compiled: WebAssembly.Module | null | undefined;

/**
 * The decoder's code, which threads share; null where there is no WebAssembly (`--jitless`), or none with SIMD (processors
 * before SSE4.1).
 *
 * @throws KheadersPackError `E_READ`
 */
export function decoderModule(): WebAssembly.Module | null {
  if (typeof WebAssembly === 'undefined') return null;
  if (compiled === undefined) compiled = compiledWithSimd(readModule());
  return compiled;
}

function readModule(): Uint8Array {
  try {
    return readFileSync(MODULE);
  } catch (error) {
    throw new KheadersPackError(
      'E_READ',
      { path: fileURLToPath(MODULE), reason: systemReason(error) },
      { cause: error },
    );
  }
}

/** A decoder; null where there is no code for it, or up to Node 22 no address space for its memory. */
export function newBlockDecoder(module: WebAssembly.Module | null): BlockDecoder | null {
  try {
    return module === null ? null : new BlockDecoder(module);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** For the next who needs one: others' memory is not given back before garbage is collected, which may take long. */
let idle: BlockDecoder | null = null;

/** A decoder that nobody else uses in this thread, to be given back. */
export function takeDecoder(): BlockDecoder | null {
  const taken = idle ?? newBlockDecoder(decoderModule());
  idle = null;
  return taken;
}

export function giveDecoderBack(decoder: BlockDecoder | null): void {
  idle ??= decoder;
}
