import { readFileSync } from 'node:fs';
import { largestOf } from '../bytes/largest.js';
import { releasable } from '../bytes/releasable.js';
import { badXz, type Place, placeAfter } from '../errors.js';
import type { Run } from './chunk.js';

/** Compiled from `assembly/decoder.ts` by the build, beside this file. */
const MODULE = new URL('./decoder.wasm', import.meta.url);
/** WebAssembly's, in bytes. */
const PAGE_SIZE = 2 ** 16;
const PAGES_MAX = 2 ** 16;
/** Bytes of output from which the C library would keep what is given back, instead of using it again soon. */
const LARGE = 2 ** 23;

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
  readonly runs: readonly Run[];
  readonly dictionarySize: number;
  readonly uncompressedSize: number;
  /** Where `data` begin, for messages. */
  readonly place: Place;
}

/**
 * Our decoder of LZMA2 data, in WebAssembly: 1.2 times as fast as liblzma 5.2.3 with the copies of its binding.
 *
 * It keeps a memory of its own, in which the input of a run lies before the Block's bytes. They are the dictionary too,
 * so memory grows to the largest Block that the thread decodes and stays.
 */
export class BlockDecoder {
  readonly #memory: WebAssembly.Memory<ArrayBuffer>;
  readonly #exports: DecoderExports;
  #room: Uint8Array;

  constructor() {
    this.#memory = new WebAssembly.Memory<ArrayBuffer>({ initial: 1, maximum: PAGES_MAX, shared: false });
    const module = new WebAssembly.Module(readFileSync(MODULE));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#exports = exports as DecoderExports;
    this.#room = new Uint8Array(this.#memory.buffer);
  }

  /**
   * Decodes a Block's data, whose chunks are whole and allowed where they stand.
   *
   * @param room memory for the output, of its size or more; null where new is to be taken
   * @param look is given each piece of the output, in order, while it is in the processor's cache
   * @returns the output, in the room or a buffer of its own; null where memory cannot grow to hold it
   * @throws KheadersPackError `E_BAD_XZ`
   */
  decode(
    framed: FramedData,
    room: ArrayBuffer | null,
    look: (piece: Uint8Array) => void,
  ): Uint8Array<ArrayBuffer> | null {
    const { data, runs, dictionarySize, uncompressedSize, place } = framed;
    const { roomAt, padding } = this.#exports;
    const inputAt = roomAt.value;
    const outputAt = inputAt + largestOf(runs.map(({ from, to }) => to - from)) + padding.value;
    if (!this.#grow(outputAt + uncompressedSize + padding.value)) return null;
    const output = room === null ? unwritten(uncompressedSize) : new Uint8Array(room, 0, uncompressedSize);
    this.#exports.begin(outputAt, dictionarySize);
    let done = 0;
    for (const { from, to, uncompressedSize: size } of runs) {
      this.#room.set(data.subarray(from, to), inputAt);
      if (this.#exports.decode(inputAt, inputAt + to - from) === 0) {
        throw badXz(placeAfter(place, from), 'the LZMA2 data are damaged');
      }
      output.set(this.#room.subarray(outputAt + done, outputAt + done + size), done);
      look(output.subarray(done, done + size));
      done += size;
    }
    return output;
  }

  #grow(size: number): boolean {
    if (size <= this.#room.length) return true;
    try {
      this.#memory.grow(Math.ceil((size - this.#room.length) / PAGE_SIZE));
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#room = new Uint8Array(this.#memory.buffer);
    return true;
  }
}

function unwritten(size: number): Uint8Array<ArrayBuffer> {
  return size < LARGE ? Buffer.allocUnsafeSlow(size) : releasable(size);
}

let decoder: BlockDecoder | null | undefined;

/** The thread's; null where there is no WebAssembly (`--jitless`), or up to Node 22 no address space for its memory. */
export function blockDecoder(): BlockDecoder | null {
  if (decoder === undefined) decoder = typeof WebAssembly === 'undefined' ? null : start();
  return decoder;
}

function start(): BlockDecoder | null {
  try {
    return new BlockDecoder();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
