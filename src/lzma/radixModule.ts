import { readFileSync } from 'node:fs';
import { KheadersPackError } from '../errors.js';

/** Compiled from `assembly/` by the build, beside this file. */
const MODULE = new URL('./radix.wasm', import.meta.url);

/** What `assembly/index.ts` exports. Addresses and sizes are bytes. */
export interface RadixExports {
  readonly scratchSize: { readonly value: number };
  readonly parts: { readonly value: number };
  /** Without the rounds' part. */
  readonly countsSize: { readonly value: number };
  openBlock(text: number, size: number, lists: number, matches: number, counts: number, scratch: number): void;
  countPart(part: number): void;
  addUpCounts(rounds: number): void;
  beginRound(round: number): void;
  unitsFrom(): number;
  unitsOf(): number;
  placePart(part: number): void;
  refineUnits(from: number, to: number): void;
  setEffort(
    niceLength: number,
    lookAhead: number,
    tailLiterals: number,
    secondWithin: number,
    passMargin: number,
    renewAfter: number,
  ): void;
  /** Returns where the slice's chunks end. */
  encodeSlice(
    start: number,
    end: number,
    out: number,
    lc: number,
    lp: number,
    pb: number,
    dictionarySize: number,
  ): number;
}

export const RADIX_ID = { name: 'radix', version: '2' } as const;

export function refused(reason: string, cause?: unknown): KheadersPackError {
  const codec = `${RADIX_ID.name}/${RADIX_ID.version}`;
  return new KheadersPackError('E_CODEC', { codec, reason: `${reason} (or choose --codec liblzma)` }, { cause });
}

/** Where WebAssembly, its shared memory or enough address space is missing, there is no other encoder of these bytes. */
export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error), error);
  }
}

let compiled: WebAssembly.Module | undefined;

/**
 * The encoder's code. The main thread compiles it and hands it to the workers, which then share what is optimised.
 *
 * @throws KheadersPackError `E_CODEC` where there is no WebAssembly, or none with SIMD: processors before SSE4.1, `--jitless`
 */
export function radixModule(): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') throw refused('it needs WebAssembly, which is turned off here');
  compiled ??= attempt(() => new WebAssembly.Module(readFileSync(MODULE)));
  return compiled;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): RadixExports {
  const abort = (): never => {
    throw new Error('The radix encoder stopped');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as RadixExports;
}
