import type { Lzma2Options } from './lzma2.js';
import type { CodecId } from './settings.js';

/**
 * An LZMA2 encoder. Given the same input and options, every build of the same version makes the same bytes: `id` is
 * part of what an archive's bytes depend on.
 */
export interface Codec {
  readonly id: CodecId;
  /** Which build of it this machine has: that decides how fast it is, never its bytes. */
  build(): string;
  /** Bytes of a Block, where none are chosen and at most. */
  readonly blockSize: { readonly default: number; readonly max: number };
  /** Coded bytes of a chunk that was ended because it was full, from and to: by these an archive shows its codec. */
  readonly fullChunk: { readonly min: number; readonly max: number };
  /** Encodes `input` as LZMA2 data, end marker included: the Compressed Data of one Block, in pieces. */
  encode(input: Uint8Array, options: Lzma2Options): readonly Uint8Array[];
  /** How several workers encode one Block together, to the same bytes; null for a codec that cannot. */
  readonly sharing: Sharing | null;
}

/**
 * A Block that several workers encode together lies in memory that they share. The main thread reserves the memory and
 * begins each Block; workers write the Block's bytes, then do the steps of the preparation one after the other, each of
 * them together, then the slices in any order.
 */
export interface Sharing {
  /** Steps of the preparation. Every worker has to be through with one before any begins the next. */
  readonly steps: number;
  /** What ends the LZMA2 data, behind the last slice. */
  readonly endMarker: Uint8Array;
  /** Memory for one Block at a time, with places for so many workers, or for as many as fit. */
  reserve(blockSizeMax: number, workers: number): SharedMemory;
  begin(memory: SharedMemory, size: number): SharedBlock;
  slicesOf(size: number): number;
  /** The Block's bytes, to be written. */
  bytesOf(block: SharedBlock): Uint8Array;
  /** Opens a Block in a worker, for a piece of work. @param place the worker's meanwhile, from 0 on, and no other's */
  open(block: SharedBlock, place: number): OpenBlock;
}

/** Handed from thread to thread as it is. */
export interface SharedMemory {
  /** Tells one from another in a worker, which keeps what it has set up. */
  readonly id: string;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Places: workers that may have a Block open at a time. */
  readonly workers: number;
  readonly blockSizeMax: number;
  /** Bytes that each place has to itself, and that the preparation needs beside the Block's. */
  readonly workerSize: number;
  readonly countsSize: number;
}

export interface SharedBlock {
  readonly memory: SharedMemory;
  /** Bytes. */
  readonly size: number;
}

export interface OpenBlock {
  /** The Block's bytes, to be written or read. */
  readonly bytes: Uint8Array;
  /** Does what is left of a step, beside the other workers, and returns when none of it is left to begin. */
  prepare(step: number): void;
  /** A slice as LZMA2 chunks. */
  encodeSlice(index: number, options: Lzma2Options): Uint8Array;
}
